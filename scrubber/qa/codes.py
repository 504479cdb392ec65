"""What the codes of answers mean: the table ``answer_codes``, asked by list, code and day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from scrubber.report.mask import hidden

if TYPE_CHECKING:
    from loops.answers.kinds import Remark, Status, StatusNote
    from scrubber.qa.result import Scope
    from scrubber.tables import Tables

TABLE: Final = "answer_codes"
_STATUS: Final = re.compile(r"[A-Z0-9]{1,4}(?::[A-Z0-9]{0,4}){0,3}", re.ASCII)
_CODE: Final = re.compile(r"[A-Z0-9]{1,6}", re.ASCII)
_EDIT: Final = re.compile(r"P4999\s*([A-Za-z0-9]{2,12})\b", re.ASCII)
_RARC: Final = "HE"


class Codes:
    """The table of `tables`. A code that is not in force on a day is judged by what it last meant."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table(TABLE)
        self._known: dict[tuple[str, str], str] = {}

    def scope(self, list_: str, code: str, on: date | None = None) -> str:
        """The scope of a code of a list (category, status, claim, carc, rarc); empty for one not listed."""
        found = self._known.get((list_, code))
        if found is None:
            rows = [row for row in self._table.rows(list_, code) if row.cells[1] == code]
            row = rows[-1] if rows else None
            if len(rows) > 1:
                in_force = [
                    one for one in rows if on and one.from_ <= on and (not one.thru or on <= one.thru)
                ]
                return (in_force or rows)[-1]["scope"]
            found = self._known[list_, code] = row["scope"] if row else ""
        return found

    def refuses(self, note: StatusNote) -> bool:
        """Whether an STC sends a claim or line back: by its categories, else by the action."""
        scopes = [self.scope("category", one.category) for one in note.statuses]
        if not any(scopes):
            return note.action == "U"
        return "refused" in scopes

    def remarks(self, remarks: Iterable[Remark], on: date | None) -> tuple[str, ...]:
        """RARCs that may tell a cause, each once: alerts left out."""
        told = [shown_code(one.code) for one in remarks if one.list_id == _RARC and one.code]
        return tuple(dict.fromkeys(code for code in told if self.scope("rarc", code, on) != "alert"))

    def denial(self, group: str, reason: str, remarks: Iterable[str], on: date | None) -> Scope | None:
        """Whether an adjustment of an unpaid line denies it, and for what; None when it is no denial."""
        scope = self.scope("carc", reason, on)
        if scope in ("contractual", "patient"):
            return None
        if scope == "remark":
            coding = any(self.scope("rarc", one, on) == "coding" for one in remarks)
            scope = "coding" if coding else "other"
        if not scope:
            return "unlisted"
        # What the patient is made to pay is a matter of the plan, whatever the reason.
        return "coding" if scope == "coding" and group != "PR" else "other"


def as_scope(scope: str) -> Scope:
    """The scope of a cause for what the table says of its code."""
    return "coding" if scope == "coding" else "other" if scope else "unlisted"


def shown_status(status: Status) -> str:
    """``A7:453``; x for what has not the form of a status."""
    text = str(status).upper()
    return text if _STATUS.fullmatch(text) else hidden(text, ":")


def shown_code(text: str) -> str:
    """A CARC, RARC or group as sent; x for what has not the form of one."""
    text = text.strip().upper()
    return text if _CODE.fullmatch(text) else hidden(text)


def edit_of(note: StatusNote) -> str:
    """The name of a payer's own edit that STC12 begins with (``P4999mPI SmartEdit ...``); empty when none."""
    found = _EDIT.match(note.text)
    return found[1] if found else ""
