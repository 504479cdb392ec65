"""Findings kept until it is known what becomes of their claims: a few in memory, the others on the disk."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Generic, Self, TypeVar, cast

_CHUNK = 4096
_One = TypeVar("_One")


class Kept(Generic[_One]):
    """Takes things and gives them back in the same order, any number of times. Use it in a ``with``.

    What does not fit in memory goes to a file without name in `folder`. They are our own and nobody else
    can write there, so that they may be pickled.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder  # the file in it is closed by __exit__
        self._file: BinaryIO | None = None
        self._last: list[_One] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, things: Iterable[_One]) -> None:
        """Take in things."""
        for thing in things:
            self._last.append(thing)
            if len(self._last) >= _CHUNK:
                self._put_down()

    def _put_down(self) -> None:
        if self._file is None:
            self._file = cast("BinaryIO", tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115
        pickle.dump(self._last, self._file, pickle.HIGHEST_PROTOCOL)
        self._last = []

    def __iter__(self) -> Iterator[_One]:
        if self._file is not None:
            end = self._file.tell()
            place = 0
            while place < end:
                self._file.seek(place)
                chunk = pickle.load(self._file)  # noqa: S301 - written above
                place = self._file.tell()
                yield from chunk
            self._file.seek(end)
        yield from self._last
