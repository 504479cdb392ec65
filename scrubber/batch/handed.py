"""Claims on their way to the ledger, from the process that read them to the one that records them."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from scrubber.ledger.rows import AlarmRow, ClaimRow, Ready

if TYPE_CHECKING:
    from scrubber.batch.files import Disk
    from scrubber.ledger import Transaction

_CHUNK: Final = 512


@dataclass(frozen=True, slots=True)
class Handed:
    """Claims in the order of the file: the few of a small file, or a file on the disk that holds them.

    The file is our own, and nobody else can write where it stands, so that it may be pickled.
    """

    few: tuple[Ready, ...] = ()
    path: Path | None = None

    @classmethod
    def over(cls, claims: Iterable[Ready], disk: Disk, path: Path) -> Self:
        """Take in claims; `path` is where a file may be made. Raises OSError as the system does."""
        claims = iter(claims)
        few = tuple(islice(claims, _CHUNK))
        if len(few) < _CHUNK:
            return cls(few)
        stream = disk.create(path, 0o600)
        with stream:
            while few:
                disk.write(stream, pickle.dumps(list(map(_plain, few)), pickle.HIGHEST_PROTOCOL))
                few = tuple(islice(claims, _CHUNK))
        return cls((), path)

    def __iter__(self) -> Iterator[Ready]:
        yield from self.few
        if self.path is None:
            return
        with self.path.open("rb") as stream:
            while stream.peek(1):
                yield from map(_ready, pickle.load(stream))  # noqa: S301 - written above

    def discard(self, disk: Disk) -> None:
        """Remove the file."""
        if self.path is not None:
            disk.remove(self.path)


_Plain: TypeAlias = "tuple[Transaction, int, tuple[Any, ...], tuple[tuple[Any, ...], ...]]"


def _plain(one: Ready) -> _Plain:
    """A claim as tuples without names, which are pickled in half the time."""
    return one.transaction, one.lines, tuple(one.row), tuple(map(tuple, one.alarms))


def _ready(one: _Plain) -> Ready:
    transaction, lines, row, alarms = one
    return Ready(transaction, lines, ClaimRow._make(row), tuple(map(AlarmRow._make, alarms)))
