"""Where a command writes: standard output, or a file that appears complete or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from scrubber.cli.faults import reason
from scrubber.errors import ConfigError, ScrubberError

_BLOCK: Final = 1 << 16


class Unwanted(Exception):  # noqa: N818 - not an error
    """Raised inside ``with opened(...)``: what was written so far is to be thrown away."""


class Sink:
    """Where bytes go, by blocks; it says which output failed. A reader that left is a BrokenPipeError."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Write `data` whole and return its length. Raises ScrubberError that names the output."""
        self._held += data
        if len(self._held) >= _BLOCK:
            self.flush()
        return len(data)

    def writelines(self, blocks: Iterable[bytes]) -> None:
        """Write one block after another, as they come."""
        for block in blocks:
            self.write(block)

    def text(self, text: str) -> None:
        """Write text in UTF-8."""
        self.write(text.encode("utf-8", "replace"))

    def flush(self) -> None:
        """Pass on what is held. Raises ScrubberError that names the output."""
        held, self._held = self._held, bytearray()
        try:
            while held:  # where Python has no buffer a write may take a part only
                del held[: self._stream.write(held)]
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise _unwritable(self._name, fault) from fault

    @property
    def stream(self) -> BinaryIO:
        """This sink for a library that wants a binary stream and only ever writes to it."""
        return cast("BinaryIO", self)


@contextlib.contextmanager
def opened(path: Path | None, inputs: Iterable[Path | None] = ()) -> Iterator[Sink]:
    """The sink for the output of a command.

    Without `path` it is standard output. Else it is a file beside `path` that takes its name when
    the block ends, and is removed when the block raises (`Unwanted` goes no further). Raises
    ConfigError when `path` is one of `inputs`, ScrubberError when it cannot be written.
    """
    with contextlib.suppress(Unwanted):
        if path is None:
            yield from _whole(Sink(sys.stdout.buffer, "standard output"))
            return
        if any(one is not None and _same(path, one) for one in inputs):
            raise ConfigError(f"{path}: is an input; no command changes its input: name another output")
        if path.exists() and not path.is_file():
            with _create(path, path, "wb") as stream:  # a pipe or device has no name to take
                yield from _whole(Sink(stream, str(path)))
            return
        with _published(path) as sink:
            yield sink


def _whole(sink: Sink) -> Iterator[Sink]:
    with contextlib.suppress(Unwanted):  # what went out cannot be taken back
        yield sink
    sink.flush()


@contextlib.contextmanager
def _published(path: Path) -> Iterator[Sink]:
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(_create(part, path, "xb"))
        stack.callback(part.unlink, missing_ok=True)
        sink = Sink(stream, str(path))
        yield sink
        sink.flush()
        try:
            os.fsync(stream.fileno())
            part.replace(target)
        except OSError as fault:
            raise _unwritable(str(path), fault) from fault


def _create(part: Path, path: Path, mode: str) -> BinaryIO:
    try:
        return part.open(mode)  # type: ignore[return-value]
    except OSError as fault:
        raise _unwritable(str(path), fault) from fault


def _unwritable(name: str, fault: OSError) -> ScrubberError:
    return ScrubberError(f"{name}: cannot be written: {reason(fault)}")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()
