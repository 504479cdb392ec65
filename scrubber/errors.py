"""What ends a command: one line for the user, and the exit code that goes with it."""

from __future__ import annotations

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
