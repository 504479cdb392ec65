"""What the batch step changes on the disk goes through here, so that it can be counted and made to fail.

A file is written as a part beside its place, brought to the disk, and takes its name in one step. Parts
carry the token of their run, so that what a dead run left behind can be told from what is at work.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

IN_MEMORY: Final = 8 << 20
"""A file up to this size is read whole, a larger one is mapped."""

_BLOCK: Final = 1 << 18
_SUFFIX: Final = ".part"
_OWNER: Final = 0o600


class Disk:
    """What is done to the disk, a call each. `step` does nothing: tests that end the process wait there."""

    def step(self, name: str) -> None:
        """Pass a named point of the protocol."""

    def create(self, path: Path, mode: int) -> BinaryIO:
        """Open a new file for writing, without a buffer; the umask applies to `mode`."""
        return open(path, "xb", buffering=0, opener=lambda name, flags: os.open(name, flags, mode))

    def write(self, stream: BinaryIO, data: bytes | bytearray) -> None:
        """Write `data` whole."""
        view = memoryview(data)
        while view:  # an unbuffered write may take a part only
            view = view[stream.write(view) :]

    def sync(self, stream: BinaryIO) -> None:
        """Bring what was written to the disk."""
        os.fsync(stream.fileno())

    def rename(self, part: Path, target: Path) -> None:
        """Let a file take its name, in one step, in place of what has it."""
        part.replace(target)

    def sync_folder(self, folder: Path) -> None:
        """Bring the names in a folder to the disk."""
        with suppress(PermissionError):  # a system on which folders cannot be opened
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it."""
        folder.mkdir(parents=True, exist_ok=True)

    def remove(self, path: Path) -> None:
        """Remove a file; that it is not there is no fault."""
        path.unlink(missing_ok=True)


class Part:
    """A file in the making. Use it in a ``with``: when that is left by an exception, it is removed.

    It is a sink for bytes (`write`); `path` is where they can be read back after `finish`, `size` and
    `sha256` (hex) are theirs. They are on the disk after `secure`.
    """

    def __init__(self, disk: Disk, target: Path, token: str, mode: int = 0o666) -> None:
        self.target = target
        self.path = part_of(target, token)
        self._disk = disk
        self.size = 0
        self._held = bytearray()
        self._digest = hashlib.sha256()
        self._stream = disk.create(self.path, mode | _OWNER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if kind is not None:
            self.discard()

    def write(self, data: bytes) -> int:
        """Take in `data`, as a binary stream does."""
        self._held += data
        if len(self._held) >= _BLOCK:
            self._flush()
        return len(data)

    def text(self, text: str) -> None:
        """Take in text, in UTF-8."""
        self.write(text.encode())

    @property
    def stream(self) -> BinaryIO:
        """This part for code that wants a binary stream and only ever writes to it."""
        return cast("BinaryIO", self)

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written, in hexadecimal digits."""
        return self._digest.hexdigest()

    def finish(self) -> None:
        """Write everything; the file may be read now, and nothing more be written."""
        self._flush()

    def secure(self) -> None:
        """Bring everything to the disk."""
        self._disk.sync(self._stream)
        self._stream.close()

    def discard(self) -> None:
        """Remove the file; that this fails is no matter, for the next run sweeps."""
        self._stream.close()
        with suppress(OSError):
            self._disk.remove(self.path)

    def _flush(self) -> None:
        held, self._held = self._held, bytearray()
        if held:
            self._disk.write(self._stream, held)
            self._digest.update(held)
            self.size += len(held)


def part_of(target: Path, token: str) -> Path:
    """Where the part of `target` stands that the run `token` makes."""
    return target.with_name(f".{target.name}.{token}{_SUFFIX}")


def write_file(disk: Disk, target: Path, data: bytes, token: str) -> None:
    """Write a file that appears complete or not at all, and is on the disk when this returns."""
    with Part(disk, target, token) as part:
        part.write(data)
        part.finish()
        part.secure()
        disk.rename(part.path, target)
        disk.sync_folder(target.parent)


def leftovers(folder: Path, token: str) -> Iterator[Path]:
    """The parts of run `token` in `folder` and below."""
    for where, _, files in os.walk(folder):
        for name in files:
            if name.startswith(".") and name.endswith(f".{token}{_SUFFIX}"):
                yield Path(where, name)
