"""Answers to claims: the 999 and 277CA that we write, and those that come back.

``loops.answers.read(source)`` gives the answers of a file, of whatever kind,
one at a time as the values of `loops.answers.kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loops.answers.kinds import Answer
    from loops.source import Readable

__all__ = ["read"]


def read(source: Readable, name: str | None = None) -> Iterator[Answer]:
    """The answers of a file: see `loops.answers.reading.read`."""
    from loops.answers.reading import read as read_answers  # noqa: PLC0415 - who only writes needs no reader

    return read_answers(source, name)
