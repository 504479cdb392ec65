"""What an answer says of a claim: rejected, denied, paid, taken back, or nothing final; and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.qa.codes import Codes, as_scope, edit_of, shown_code, shown_status
from scrubber.qa.match import AskedLine, lines_of
from scrubber.qa.result import CauseRow
from scrubber.qa.times import cents_of
from scrubber.report.mask import masked_code

if TYPE_CHECKING:
    from loops.answers.kinds import (
        Adjustment,
        ClaimPayment,
        ClaimStatus,
        LinePayment,
        LineStatus,
        Procedure,
        Status,
        StatusNote,
    )
    from scrubber.qa.book import Case, Line

_RETURNED: Final = ("A3", "21")  # held for some days, then processed as sent: an 835 follows
_FORWARDED: Final = ("A0",)
_FORWARDS: Final = ("23", "24")
_NO_PAYMENT: Final = Decimal(0)


class Word(NamedTuple):
    """What one answer says of a claim.

    `state`: rejected, denied, paid, reversed; or not final: acknowledged, returned, forwarded. `edits` are
    names of a payer's own edits, `unfound` the procedure codes of lines that the claim has not.
    """

    state: str
    causes: tuple[CauseRow, ...] = ()
    edits: tuple[str, ...] = ()
    unfound: tuple[str, ...] = ()


def of_status(answer: ClaimStatus, case: Case, codes: Codes, day: date) -> Word:
    """What a claim of a 277CA says."""
    notes = [*answer.notes, *(note for line in answer.lines for note in line.notes)]
    edits = tuple(dict.fromkeys([edit for note in notes if (edit := edit_of(note))]))
    own = [note for note in answer.notes if codes.refuses(note)]
    at_lines = [[note for note in line.notes if codes.refuses(note)] for line in answer.lines]
    if not own and (answer.notes or not any(at_lines)):
        forwarded = any(one.category in _FORWARDED for note in answer.notes for one in note.statuses)
        return Word("forwarded" if forwarded else "acknowledged", edits=edits)
    told = [one for note in (*own, *(note for at in at_lines for note in at)) for one in note.statuses]
    if told and all((one.category, one.code) == _RETURNED for one in told):
        return Word("returned", edits=edits)
    return _Refusal(answer, case, codes, day).word(own, at_lines, edits)


class _Refusal:
    """A claim that a 277CA sends back: the causes at its lines, then those of the whole."""

    def __init__(self, answer: ClaimStatus, case: Case, codes: Codes, day: date) -> None:
        self._answer = answer
        self._cents = case.cents or 0
        self._case = case
        self._codes = codes
        self._day = day

    def word(
        self, own: Sequence[StatusNote], at_lines: Sequence[Sequence[StatusNote]], edits: tuple[str, ...]
    ) -> Word:
        """What it says: `own` are the refusing STC of the claim, `at_lines` those of each line."""
        lines = self._answer.lines
        found = _lines(lines, self._case, any(at_lines))
        causes = [
            self._at_line(status, lines[at], found.get(at))
            for at, notes in enumerate(at_lines)
            for status in self._telling(notes)
        ]
        repeated = {cause.code for cause in causes}
        causes += [one for status in self._telling(own) if (one := self._whole(status)).code not in repeated]
        if not causes:
            # It points at what is not there: with the name of a payer's edit it is one about the coding.
            every = (*own, *(note for notes in at_lines for note in notes))
            pointers = [one for note in every for one in note.statuses]
            causes = [replace(self._whole(one), scope="coding" if edits else "other") for one in pointers[:1]]
        unfound = [
            _code(lines[at].procedure) for at, notes in enumerate(at_lines) if notes and at not in found
        ]
        return Word("rejected", _once(causes), edits, tuple(unfound))

    def _telling(self, notes: Iterable[StatusNote]) -> Iterator[Status]:
        """The statuses that tell a cause."""
        for note in notes:
            for status in note.statuses:
                harmless = self._codes.scope("category", status.category) in ("taken", "pending")
                if not harmless and self._scope(status) not in ("pointer", "receipt"):
                    yield status

    def _scope(self, status: Status) -> str:
        return self._codes.scope("status", status.code, self._day)

    def _whole(self, status: Status) -> CauseRow:
        scope = as_scope(self._scope(status))
        return CauseRow("277CA", shown_status(status), "", (), scope, "", "", self._cents)

    def _at_line(self, status: Status, at: LineStatus, line: Line | None) -> CauseRow:
        return replace(
            self._whole(status),
            line=line.number if line else "",
            procedure=line.code if line else _code(at.procedure),
            cents=cents_of(at.charge) or 0,
        )


def of_payment(answer: ClaimPayment, case: Case, codes: Codes, day: date) -> Word:
    """What a claim of an 835 says."""
    scope = codes.scope("claim", answer.status)
    if scope == "reversed":
        return Word("reversed")
    if scope == "pending":
        return Word("forwarded" if answer.status in _FORWARDS else "acknowledged")
    general = codes.remarks(answer.remarks, day)
    denials = [
        (at, [*_denials(line.adjustments, codes.remarks(line.remarks, day) or general, codes, day)])
        for at, line in enumerate(answer.lines)
        if line.paid == _NO_PAYMENT and line.charge
    ]
    denials = [(at, causes) for at, causes in denials if causes]
    found = _lines(answer.lines, case, bool(denials))
    causes = [
        replace(
            cause, line=line.number if (line := found.get(at)) else "", procedure=_billed(answer, at, line)
        )
        for at, of_line in denials
        for cause in of_line
    ]
    if not causes and not answer.paid:
        causes = [*_denials(answer.adjustments, general, codes, day)]
    if not causes and scope == "refused":
        causes = [*_refusal(answer, general)]
    unfound = tuple(_code(_as_billed(answer.lines[at])) for at, _ in denials if at not in found)
    return Word("denied" if causes else "paid", _once(causes), unfound=unfound)


def _denials(
    adjustments: Iterable[Adjustment], remarks: tuple[str, ...], codes: Codes, day: date
) -> Iterator[CauseRow]:
    """The adjustments of a line, or claim, without payment that deny it."""
    for one in adjustments:
        cents = cents_of(one.amount)
        if not cents or cents < 0:
            continue
        group, code = shown_code(one.group), shown_code(one.reason)
        scope = codes.denial(group, code, remarks, day)
        if scope:
            yield CauseRow("835", code, group, remarks, scope, "", "", cents)


def _refusal(answer: ClaimPayment, remarks: tuple[str, ...]) -> Iterator[CauseRow]:
    """The causes of a claim that is refused as a whole, where no adjustment is a denial by itself."""
    told = [*answer.adjustments, *(one for line in answer.lines for one in line.adjustments)]
    for one in told:
        yield CauseRow(
            "835", shown_code(one.reason), shown_code(one.group), remarks, "other", "", "",
            cents_of(one.amount) or 0,
        )  # fmt: skip
    if not told:
        code = f"CLP{shown_code(answer.status)}"
        yield CauseRow("835", code, "", remarks, "other", "", "", cents_of(answer.charge) or 0)


def _lines(lines: Iterable[LineStatus | LinePayment], case: Case, wanted: object) -> dict[int, Line]:
    """The lines of the claim, by their position in the answer."""
    if not wanted:
        return {}
    return lines_of(
        [
            AskedLine(one.control, _as_billed(one).code, one.first_day, cents_of(one.charge)) for one in lines
        ],
        case,
    )  # fmt: skip


def _as_billed(line: LineStatus | LinePayment) -> Procedure:
    return getattr(line, "submitted", None) or line.procedure


def _billed(answer: ClaimPayment, at: int, line: Line | None) -> str:
    return line.code if line else _code(_as_billed(answer.lines[at]))


def _code(procedure: Procedure) -> str:
    return masked_code("code", procedure.code)


def _once(causes: Iterable[CauseRow]) -> tuple[CauseRow, ...]:
    return tuple(dict.fromkeys(causes))
