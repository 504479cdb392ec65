"""The files that a path stands for: itself, or the members of a zip archive, within limits.

Nothing of an archive is ever written under a name that the archive gives; a spreadsheet inside one
goes through an unnamed temporary file, because it must be read out of order.
"""

from __future__ import annotations

import errno
import hashlib
import io
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from scrubber.tables.errors import TableError

MAX_MEMBERS: Final = 1_000
MAX_BYTES: Final = 2 * 1024**3
MAX_RATIO: Final = 200
_FREE_BYTES: Final = 16 * 1024**2  # below this size a ratio proves nothing
_CHUNK: Final = 1024**2
_ZIP: Final = b"PK\x03\x04"
_SHEET: Final = "[Content_Types].xml"
_ENCRYPTED: Final = 1
_ODD: Final = (IndexError, ValueError, struct.error)  # what zipfile raises for headers that make no sense


@dataclass(frozen=True, slots=True)
class Item:
    """A file to recognise: the file named, and the member of it when that is an archive.

    `sheet` says that it is a spreadsheet. `open` gives its bytes from the start, as often as asked.
    """

    file: Path
    member: str
    sha256: str
    sheet: bool
    open: Callable[[], AbstractContextManager[IO[bytes]]]

    @property
    def where(self) -> str:
        """The file, and the member in it, for a message."""
        return f"{self.file}, {self.member}" if self.member else str(self.file)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that may tell a quarter: the nearest first."""
        return (self.member, self.file.name) if self.member else (self.file.name,)


@contextmanager
def items(path: Path) -> Iterator[list[Item]]:
    """The files that `path` stands for. Raises TableError for what cannot be read, or is a bomb."""
    try:
        with path.open("rb") as stream:
            begin = stream.read(4)
            stream.seek(0)
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except IsADirectoryError as fault:
        raise TableError(f"{path}: is a folder; name the files in it") from fault
    except OSError as fault:
        raise TableError(f"{path}: cannot be read ({fault.strerror})") from fault
    if not begin:
        raise TableError(f"{path}: empty; get the file again")
    if begin != _ZIP:
        yield [Item(path, "", sha256, sheet=False, open=lambda: path.open("rb"))]
        return
    with opened(path) as archive:
        inside = members(archive, path)
        if any(info.filename == _SHEET for info in inside):
            yield [Item(path, "", sha256, sheet=True, open=lambda: path.open("rb"))]
        else:
            yield [
                Item(path, _name(info), sha256, _is_sheet(archive, info), _opener(archive, info, path))
                for info in inside
            ]


class Archive(zipfile.ZipFile):
    """A zip file to read, in which every fault of its directory and headers is a BadZipFile."""

    def __init__(self, file: Path | IO[bytes]) -> None:
        try:
            super().__init__(file)
        except _ODD as fault:
            raise zipfile.BadZipFile(str(fault)) from fault

    def member(self, info: zipfile.ZipInfo) -> IO[bytes]:
        """The bytes of a member: never more than its header says, and their sum is checked."""
        try:
            return self.open(info)
        except _ODD as fault:
            raise zipfile.BadZipFile(str(fault)) from fault


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A zip archive. What is wrong with it, or with a member read meanwhile, is a TableError."""
    with translated(path), Archive(path) as archive:
        yield archive


def members(archive: Archive, path: Path, ratio: int = MAX_RATIO) -> list[zipfile.ZipInfo]:
    """The files in an archive, in order of their names. Raises TableError when they pass the limits."""
    found = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if len(found) > MAX_MEMBERS:
        raise TableError(f"{path}: {len(found)} files in the archive; no more than {MAX_MEMBERS} are read")
    if sum(info.file_size for info in found) > MAX_BYTES:
        raise TableError(f"{path}: unpacks to over {MAX_BYTES // 1024**3} GiB; no archive of tables does")
    for info in found:
        if info.flag_bits & _ENCRYPTED:
            raise TableError(f"{path}: the archive has a password; unpack it first")
        # Of the other methods zipfile unpacks without a limit, and no publisher uses one.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise TableError(f"{path}: packed in a way that is not supported; unpack it first")
        if info.file_size > max(_FREE_BYTES, ratio * info.compress_size):
            raise TableError(f"{path}, {_name(info)}: unpacks to {ratio} times its size; no table does")
    return sorted(found, key=lambda info: info.filename)


def _name(info: zipfile.ZipInfo) -> str:
    """The last part of a member's path, which is all that is ever used of it."""
    return PurePosixPath(info.filename.replace("\\", "/")).name


def _opener(
    archive: Archive, info: zipfile.ZipInfo, path: Path
) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    @contextmanager
    def open_member() -> Iterator[IO[bytes]]:
        with translated(path), archive.member(info) as stream:
            yield stream

    return open_member


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Tell what is wrong with an archive that is read meanwhile as a TableError."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        raise TableError(f"{path}: the archive is cut or damaged ({fault}); get it again") from fault
    except NotImplementedError as fault:  # zipfile's word for a way of packing that it does not know
        raise TableError(f"{path}: packed in a way that is not supported; unpack it first") from fault
    except OSError as fault:
        # An archive whose directory points before its beginning makes zipfile seek there.
        what = "is cut or damaged" if fault.errno == errno.EINVAL else f"cannot be read ({fault.strerror})"
        raise TableError(f"{path}: the archive {what}; get it again") from fault


def _is_sheet(archive: Archive, info: zipfile.ZipInfo) -> bool:
    with archive.member(info) as stream:
        if stream.read(4) != _ZIP:
            return False
    with archive.member(info) as stream, seekable(stream) as whole:
        try:
            return _SHEET in Archive(whole).namelist()
        except zipfile.BadZipFile:
            return False


@contextmanager
def seekable(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """The same bytes where they can be read out of order."""
    if isinstance(stream, io.BufferedReader) and stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as whole:
        shutil.copyfileobj(stream, whole, _CHUNK)
        whole.seek(0)
        yield whole
