"""The files that a path stands for: itself, or the members of a zip archive, within limits.

Nothing of an archive is ever written under a name that the archive gives; a spreadsheet inside one
goes through an unnamed temporary file, because it must be read out of order.
"""

from __future__ import annotations

import hashlib
import io
import shutil
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


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip archive. What is wrong with it, or with a member read meanwhile, is a TableError."""
    with translated(path), zipfile.ZipFile(path) as archive:
        yield archive


def members(archive: zipfile.ZipFile, path: Path, ratio: int = MAX_RATIO) -> list[zipfile.ZipInfo]:
    """The files in an archive, in order of their names. Raises TableError when they pass the limits."""
    found = [info for info in archive.infolist() if not info.is_dir()]
    if len(found) > MAX_MEMBERS:
        raise TableError(f"{path}: {len(found)} files in the archive; no more than {MAX_MEMBERS} are read")
    if sum(info.file_size for info in found) > MAX_BYTES:
        raise TableError(f"{path}: unpacks to over {MAX_BYTES // 1024**3} GiB; no archive of tables does")
    for info in found:
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
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path
) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    @contextmanager
    def open_member() -> Iterator[IO[bytes]]:
        # A header may lie about the size: zipfile gives no more than it says, and checks the sum.
        with translated(path), archive.open(info) as stream:
            yield stream

    return open_member


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Tell what is wrong with an archive that is read meanwhile as a TableError."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        raise TableError(f"{path}: the archive is cut or damaged ({fault}); get it again") from fault
    except RuntimeError as fault:
        if "password" not in str(fault):
            raise
        raise TableError(f"{path}: the archive has a password; unpack it first") from fault


def _is_sheet(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    with archive.open(info) as stream:
        if stream.read(4) != _ZIP:
            return False
    with archive.open(info) as stream, seekable(stream) as whole:
        try:
            return _SHEET in zipfile.ZipFile(whole).namelist()
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
