"""A bundle: the tables of a store in one file, to carry them to another site or to keep them.

The same loads give the same bytes: a zip archive without compression (compressors differ between
systems), fixed times, one csv file a load, and ``scrubber-tables.json`` that says what each is and
gives its SHA-256. When and where the tables were loaded is not in it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from scrubber.tables.errors import TableError
from scrubber.tables.store import Kind, Load, Store
from scrubber.tables.store.catalog import as_entry, as_load
from scrubber.tables.store.rows import NEVER, OPEN, Record, Rows

from .archive import Archive, members, opened, translated

MANIFEST: Final = "scrubber-tables.json"
SCHEMA: Final = "scrubber.bundle/1"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MAX_MANIFEST: Final = 4 * 1024**2
_UNIX: Final = 3
_READABLE: Final = 0o100644 << 16
_BATCH: Final = 5_000


def export_bundle(store: Store, path: Path) -> int:
    """Write the loads of a store into a bundle, complete or not at all; the answer is their number.

    Raises TableError when there is nothing to export, or the file cannot be written.
    """
    if not store.loads:
        raise TableError(f"{store.folder}: no imported tables there; import some first")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as stream:
            _write(store, stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as fault:
        raise TableError(f"{path}: cannot be written ({fault.strerror})") from fault
    finally:
        part.unlink(missing_ok=True)
    return len(store.loads)


def _write(store: Store, stream: IO[bytes]) -> None:
    entries = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for number, load in enumerate(store.loads, start=1):
            name = f"{number:04}-{load.table}.csv"
            rows = Rows(store.folder / load.data, load.kind)
            try:
                digest = _write_rows(archive, name, load.kind, rows)
            finally:
                rows.close()
            entries.append(as_entry(load, local=False) | {"data": name, "digest": digest})
        text = json.dumps({"schema": SCHEMA, "loads": entries}, indent=1, ensure_ascii=True) + "\n"
        with archive.open(_info(MANIFEST), "w", force_zip64=True) as member:
            member.write(text.encode())


def _write_rows(archive: zipfile.ZipFile, name: str, kind: Kind, rows: Rows) -> str:
    """Write the rows of a load as csv and return the SHA-256 of it."""
    digest = hashlib.sha256()
    with archive.open(_info(name), "w", force_zip64=True) as member:
        for chunk in _chunks(kind, rows):
            digest.update(chunk)
            member.write(chunk)
    return digest.hexdigest()


def _chunks(kind: Kind, rows: Rows) -> Iterator[bytes]:
    batch: list[Record] = [_header(kind)]
    for record in rows.all():
        batch.append(record)
        if len(batch) >= _BATCH:
            yield _csv(batch)
            batch = []
    yield _csv(batch)


def _csv(batch: list[Record]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(batch)
    return text.getvalue().encode()


def _header(kind: Kind) -> tuple[str, ...]:
    return (*kind.stored, "from", "thru", *kind.values)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = _UNIX
    info.external_attr = _READABLE
    return info


def is_bundle(path: Path) -> bool:
    """Whether a file is a bundle; what cannot be read is none."""
    try:
        with Archive(path) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile, NotImplementedError):  # the last: packed in a way zipfile lacks
        return False


def bundled(path: Path) -> Iterator[tuple[Load, Iterator[Record]]]:
    """The loads of a bundle with their records. Raises TableError for what is cut, altered or foreign."""
    with opened(path) as archive:
        inside = {info.filename: info for info in members(archive, path)}
        for entry in _entries(archive, inside, path):
            try:
                load = as_load({key: value for key, value in entry.items() if key != "data"})
                info, digest = inside[entry["data"]], str(entry["digest"])
            except (KeyError, TypeError, ValueError) as fault:
                raise TableError(
                    f"{path}: a bundle of another version, or altered; export it again"
                ) from fault
            yield load, _records(archive, info, load, digest, path)


def _entries(archive: Archive, inside: dict[str, zipfile.ZipInfo], path: Path) -> list[dict[str, Any]]:
    info = inside[MANIFEST]
    if info.file_size > _MAX_MANIFEST:
        raise TableError(f"{path}, {MANIFEST}: too large to be one; export the bundle again")
    try:
        data = json.loads(archive.read(info))
        entries: list[dict[str, Any]] = data["loads"] if data["schema"] == SCHEMA else []
    except (KeyError, TypeError, ValueError) as fault:
        raise _foreign(path) from fault
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise _foreign(path)
    return entries


def _foreign(path: Path) -> TableError:
    return TableError(f"{path}: a bundle of another version, or altered; export it again")


def _records(
    archive: Archive, info: zipfile.ZipInfo, load: Load, digest: str, path: Path
) -> Iterator[Record]:
    with translated(path):
        with archive.member(info) as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                raise TableError(f"{path}, {info.filename}: altered since it was exported; export it again")
        with archive.member(info) as stream:
            yield from _rows(stream, load, f"{path}, {info.filename}")


def _rows(stream: IO[bytes], load: Load, where: str) -> Iterator[Record]:
    kind = load.kind
    size, first = len(_header(kind)), len(kind.stored)
    rows = csv.reader(io.TextIOWrapper(stream, "utf-8", newline=""))
    if tuple(next(rows, ())) != _header(kind):
        raise TableError(f"{where}: other columns than this version has; export it again")
    for row in rows:
        dates = [int(cell) if cell.isdigit() else -1 for cell in row[first : first + 2]]
        if len(row) != size or not all(NEVER <= day <= OPEN for day in dates):
            raise TableError(f"{where}, line {rows.line_num}: no row of {load.table}")
        yield (*row[:first], *dates, *row[first + 2 :])
