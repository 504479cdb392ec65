"""What ends a command: one line for the user, and the exit code that goes with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

OK: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
UNREADABLE: Final = 3
PARTLY: Final = 4
GUARD: Final = 5
TABLE: Final = 6
INTERRUPTED: Final = 130


class ScrubberError(Exception):
    """Base of what this package raises; the text is one line: what is wrong, where, what to do."""

    exit_code = USAGE


class ConfigError(ScrubberError):
    """A configuration, profile or option that cannot be used."""


class GuardError(ScrubberError):
    """A control total or promise failed: nothing is published."""

    exit_code = GUARD


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The word among `known` that was probably meant; empty when none is so near (`cutoff` from 0 to 1)."""
    import difflib  # noqa: PLC0415 - for a slip of the hand only

    return "".join(difflib.get_close_matches(word, list(known), 1, cutoff))


def near(word: str, known: Iterable[str], otherwise: str = "", *, cutoff: float = 0.6) -> str:
    """``: did you mean ...?`` with the `nearest` word that is known, else `otherwise`; ends a line."""
    found = nearest(word, known, cutoff=cutoff)
    return f": did you mean {found}?" if found else otherwise
