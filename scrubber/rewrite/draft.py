"""A file in the making: it takes its name when it has been proven, complete, or is gone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from scrubber.errors import ConfigError, ScrubberError


class Draft:
    """A temporary file beside `target`, readable by its owner alone until it is published.

    Use it in a ``with``: what is not published is removed. Raises ConfigError
    when `target` is one of `inputs`, by whatever name, or no place for a file.
    """

    def __init__(self, target: Path, inputs: Sequence[Path | None] = ()) -> None:
        refuse_input(target, inputs)
        self.target = target
        self._mode = next((one.stat().st_mode & 0o666 for one in inputs if one and one.is_file()), None)
        try:
            handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        except OSError as fault:
            raise self._told(fault) from fault
        os.close(handle)
        self.path = Path(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def write(self, fill: Callable[[BinaryIO], None]) -> None:
        """Let `fill` write the whole content, in place of any written before, and bring it to the disk."""
        try:
            with self.path.open("wb") as stream:
                fill(stream)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as fault:
            raise self._told(fault) from fault

    @property
    def written(self) -> Path:
        """Where to read back what was written."""
        return self.path

    def publish(self) -> None:
        """Give the file its name, in one step, with the permissions of the input."""
        try:
            if self._mode is not None:
                self.path.chmod(self._mode)
            self.path.replace(self.target)
            _sync_folder(self.target.parent)
        except OSError as fault:
            raise self._told(fault) from fault

    def discard(self) -> None:
        """Remove what was not published."""
        self.path.unlink(missing_ok=True)

    def _told(self, fault: OSError) -> ScrubberError:
        return ScrubberError(f"{self.target}: cannot be written: {(fault.strerror or 'unknown').lower()}")


class Scratch:
    """A draft that is never published, and has no name: to see what would be written."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def write(self, fill: Callable[[BinaryIO], None]) -> None:
        """Let `fill` write the whole content, in place of any written before."""
        self._file.seek(0)
        self._file.truncate()
        fill(cast("BinaryIO", self._file))

    @property
    def written(self) -> BinaryIO:
        """What was written, from the start."""
        self._file.seek(0)
        return cast("BinaryIO", self._file)

    def publish(self) -> None:
        """Do nothing: nothing of it stays."""

    def discard(self) -> None:
        """Remove what was written."""
        self._file.close()


def refuse_input(target: Path, inputs: Sequence[Path | None]) -> None:
    """Raise ConfigError when `target` is one of `inputs` (links followed), or exists and is no plain file."""
    if target.exists() and not target.is_file():
        raise ConfigError(f"{target}: is not a plain file: name another output")
    for one in inputs:
        if one is not None and _same(target, one):
            raise ConfigError(f"{target}: is an input; no command changes its input: name another output")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _sync_folder(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # a system on which folders cannot be opened
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
