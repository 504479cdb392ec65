"""Claims on their way to the ledger, from the process that read them to the one that records them."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from scrubber.ledger.rows import ClaimRow, Ready

if TYPE_CHECKING:
    from scrubber.batch.files import Disk
    from scrubber.ledger import Transaction
    from scrubber.ledger.rows import AlarmRow

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
                disk.write(stream, pickle.dumps(_columns(few), pickle.HIGHEST_PROTOCOL))
                few = tuple(islice(claims, _CHUNK))
        return cls((), path)

    def __iter__(self) -> Iterator[Ready]:
        yield from self.few
        if self.path is None:
            return
        with self.path.open("rb") as stream:
            while stream.peek(1):
                yield from _claims(*pickle.load(stream))  # noqa: S301 - written above

    def discard(self, disk: Disk) -> None:
        """Remove the file."""
        if self.path is not None:
            disk.remove(self.path)


def _columns(claims: tuple[Ready, ...]) -> tuple[Any, ...]:
    """Claims as columns, those of their rows too: plain tuples, and few, are pickled fastest."""
    transactions, lines, rows, alarms = zip(*claims, strict=True)
    return transactions, lines, tuple(zip(*rows, strict=True)), alarms


def _claims(
    transactions: tuple[Transaction, ...],
    lines: tuple[int, ...],
    rows: tuple[tuple[Any, ...], ...],
    alarms: tuple[tuple[AlarmRow, ...], ...],
) -> Iterator[Ready]:
    """The claims again, of their columns."""
    made = map(ClaimRow._make, zip(*rows, strict=True))
    return map(Ready._make, zip(transactions, lines, made, alarms, strict=True))
