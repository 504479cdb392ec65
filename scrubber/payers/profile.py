"""A payer profile: what one payer wants that others do not, each habit dated and sourced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

QUALITIES: Final = ("payer", "state", "mac", "cms", "secondary")
SEVERITIES: Final = ("reject", "deny", "advise")


@dataclass(frozen=True, slots=True)
class Habit:
    """One habit of a payer: `value` for `key` (lists as one text, blanks between) from `from_` to `thru`.

    `quality` says who was read: the payer, a state, a MAC, CMS, or somebody who retells it
    (secondary). `sure` is False where the habit is known of a part only of what the profile covers.
    """

    key: str
    value: str
    from_: date | None
    thru: date | None
    source: str
    url: str
    quality: str
    sure: bool = True
    note: str = ""
    checked_on: date | None = None

    @property
    def decides(self) -> bool:
        """Whether the habit may decide a `reject` or `deny`: dated, sure, and read at the payer's own."""
        return self.sure and self.from_ is not None and self.quality != "secondary"


@dataclass(frozen=True, slots=True)
class Change:
    """What a profile changes of the rules whose code begins with `code`, for services from `from_` to `thru`.

    `on` False silences them; `severity` (reject, deny, advise) takes the place of the one they would have.
    """

    code: str
    on: bool
    severity: str
    from_: date | None
    thru: date | None
    source: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A payer. `name` is what tables call it, `title` what people do; `mac` as in table mac_areas.

    An empty `payer_class` is told from each claim's SBR09. `conflict`: the payer was recognised by its
    id or name, but SBR09 says something that it is not; no habit is applied then.
    """

    name: str = "generic"
    payer_class: str = ""
    habits: tuple[Habit, ...] = ()
    changes: tuple[Change, ...] = ()
    title: str = ""
    mac: str = ""
    conflict: bool = False

    def habit(self, key: str, on: date) -> Habit | None:
        """The habit with that key in force on a date of service; None when the profile is silent."""
        for habit in self.habits:
            if habit.key == key and _in_force(habit, on):
                return habit
        return None

    def off(self, code: str, on: date | None) -> bool:
        """Whether a rule is off for a service of that day (None: of an unknown day)."""
        change = self._change(code, on)
        return change is not None and not change.on

    def severity(self, code: str, on: date | None) -> str:
        """The severity that the profile sets for a rule on that day; empty when it sets none."""
        change = self._change(code, on, severity=True)
        return change.severity if change else ""

    def _change(self, code: str, on: date | None, *, severity: bool = False) -> Change | None:
        """The change with the longest beginning of `code`; the first of several."""
        found = None
        for change in self.changes:
            fits = code.startswith(change.code) and _in_force(change, on)
            if (
                fits
                and (change.severity or not severity)
                and (not found or len(change.code) > len(found.code))
            ):
                found = change
        return found


def _in_force(one: Habit | Change, on: date | None) -> bool:
    if on is None:
        return one.from_ is None and one.thru is None
    return (one.from_ is None or one.from_ <= on) and (one.thru is None or on <= one.thru)
