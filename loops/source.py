"""Where bytes come from: a path, bytes in memory, or a binary stream."""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, cast

Buffer: TypeAlias = bytes | mmap.mmap
Readable: TypeAlias = "str | os.PathLike[str] | bytes | BinaryIO | Source"

_IN_MEMORY: Final = 32 << 20
_BLOCK: Final = 1 << 20
_UNIT: Final = 2 << 20


class Source:
    """Bytes to read and the name to call them by (``-`` for a stream; no folder of the machine)."""

    __slots__ = ("data", "name")

    def __init__(self, name: str, data: Buffer) -> None:
        self.name = name
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    def release(self, start: int, end: int) -> None:
        """Tell the system that this span will hardly be read again: memory must not grow with the file."""
        if isinstance(self.data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            page = mmap.PAGESIZE
            # The system may map 2 MiB around every look: a look back brings much of what was released back.
            first, last = max(start // _UNIT - 1, 0) * _UNIT, end // page * page
            if last > first:
                self.data.madvise(mmap.MADV_DONTNEED, first, last - first)

    def close(self) -> None:
        """Close a mapping; the data cannot be read afterwards."""
        if isinstance(self.data, mmap.mmap):
            self.data.close()


def open_source(source: Readable, name: str | None = None) -> Source:
    """Open `source`: a path is mapped, bytes and a `Source` are taken as they are, a stream is drained.

    A stream of more than 32 MiB goes through an unnamed temporary file, so
    that memory does not grow with it. Raises OSError as the system does.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, bytes):
        return Source(name or "-", source)
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        with path.open("rb") as stream:
            return Source(name or path.name, _mapped(stream))
    return Source(name or "-", _drained(source))


def _mapped(stream: BinaryIO) -> Buffer:
    if os.fstat(stream.fileno()).st_size == 0:
        return stream.read()  # an empty file cannot be mapped, and a pipe has no size
    return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def _drained(stream: BinaryIO) -> Buffer:
    head = bytearray()
    while len(head) < _IN_MEMORY:
        block = stream.read(_IN_MEMORY - len(head))  # may be short: of a pipe or a socket
        if not block:
            return bytes(head)
        head += block
    import tempfile  # noqa: PLC0415 - slow to load, and seldom needed

    with tempfile.TemporaryFile() as spool:
        spool.write(head)
        del head
        while block := stream.read(_BLOCK):
            spool.write(block)
        spool.flush()
        return _mapped(cast("BinaryIO", spool))
