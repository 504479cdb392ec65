"""Control numbers of the answers: they count on from run to run, as long as the outbox stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from scrubber.batch.answers import LAST_CONTROL
from scrubber.batch.files import write_file
from scrubber.batch.outbox import OWN, unwritable

if TYPE_CHECKING:
    from scrubber.batch.outbox import Outbox

_FILE: Final = "control"


class Controls:
    """Gives numbers; `save` before any of them is seen outside. A new outbox begins by the clock, not at 1.

    For another outbox may answer the same submitter.
    """

    def __init__(self, outbox: Outbox, at: datetime) -> None:
        self._outbox = outbox
        self._path = outbox.root / OWN / _FILE
        self._next = self._saved = self._read() or _by_clock(at)

    def reserve(self, count: int) -> int:
        """The first of `count` numbers that nobody else gets."""
        if self._next + count > LAST_CONTROL:
            self._next = 1
        first, self._next = self._next, self._next + count
        return first

    def save(self) -> None:
        """Write down what was given. Raises ScrubberError when the disk fails."""
        if self._next != self._saved:
            try:
                write_file(self._outbox.disk, self._path, f"{self._next}\n".encode(), self._outbox.token)
            except OSError as fault:
                raise unwritable(self._path, fault) from fault
            self._saved = self._next

    def _read(self) -> int:
        try:
            text = self._path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return 0
        return int(text) if text.isdigit() and 0 < int(text) <= LAST_CONTROL else 0


def _by_clock(at: datetime) -> int:
    """Day of the year and second of the day."""
    return at.timetuple().tm_yday * 100_000 + at.hour * 3600 + at.minute * 60 + at.second + 1
