"""What a claim has come to: its last final answer, when what was taken back is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.qa.result import ClaimRow, State, Verdict

if TYPE_CHECKING:
    from scrubber.qa.book import Case, Said, Sent

_KINDS: Final = {"TA1": 0, "999": 0, "997": 0, "277CA": 1, "835": 2}
_STATES: Final = {"reversed": 0, "rejected": 1, "paid": 1, "denied": 2}
_PAYMENTS: Final = ("paid", "denied")


class Outcome(NamedTuple):
    """The state of a claim, and the answer that decides it; of an open claim that of a reversal, if any."""

    state: State
    said: Said | None = None


def outcome(case: Case) -> Outcome:
    """What a claim has come to. The order in which its answers were read does not matter."""
    if case.held:
        return Outcome("held")
    standing = _standing(case.said)
    if not standing:
        return Outcome("open")
    last = max(standing, key=_place)
    if last.state == "rejected":
        return Outcome("rejected", last)
    if last.state == "denied":
        return Outcome("denied", last)
    return Outcome("paid", last) if last.state == "paid" else Outcome("open", last)


def _place(said: Said) -> tuple[date, int, int, tuple[int, str, int]]:
    """By day, then by the steps of the cycle; of one day a payment stands after a reversal."""
    return said.day, _KINDS.get(said.kind, 0), _STATES[said.state], said.order


def _standing(answers: Iterable[Said]) -> Sequence[Said]:
    """The answers without the payments that were taken back."""
    told = sorted(answers, key=_place)
    standing = list(told)
    for reversal in told:
        if reversal.state == "reversed" and (payment := _reversed(reversal, standing)):
            standing.remove(payment)
    return standing


def _reversed(reversal: Said, among: Iterable[Said]) -> Said | None:
    """The payment that a reversal takes back: of its number and amount, else of one of them.

    Of the same day only one of its number: another may be the correction that follows it.
    """
    payments = [
        one
        for one in among
        if one.state in _PAYMENTS
        and (one.day < reversal.day or (one.day == reversal.day and one.number == reversal.number))
    ]

    def likeness(one: Said) -> int:
        return 2 * (one.number == reversal.number) + (one.paid == -reversal.paid)

    return max(payments, key=likeness, default=None)  # of those alike the first


def row(case: Case, *, ledger: bool) -> ClaimRow:
    """The row of a claim; `ledger`: whether we know why it was sent in spite of an alarm."""
    found = outcome(case)
    said, alarm = found.said, any(one.counts for one in case.alarms)
    final = said if found.state not in ("open", "held") else None
    sent = _sent(case, final)
    in_scope = bool(final) and any(cause.scope == "coding" for cause in final.causes) if final else False
    return ClaimRow(
        number=case.number + 1,
        claim=case.claim,
        frequency=case.frequency,
        file=sent.file,
        claim_index=sent.ordinal,
        sent_on=sent.day,
        times_sent=sum(one.set >= 0 for one in case.sent),
        week=_week(sent.day),
        month=f"{sent.day:%Y-%m}" if sent.day else "",
        provider=case.npi,
        rendering=case.rendering,
        payer=case.payer,
        payer_class=case.payer_class,
        service_date=case.first_day,
        cents=case.cents or 0,
        procedures=tuple([line.code for line in case.lines]),
        alarms=case.alarms,
        overridden=_overridden(case, ledger=ledger),
        state=found.state,
        in_scope=in_scope,
        verdict=_verdict(found.state, alarm=alarm, in_scope=in_scope),
        waiting=_waiting(case, said) if found.state == "open" else "",
        answered_by=final.kind if final else "",
        answered_on=final.day if final else None,
        days=(final.day - sent.day).days if final and sent.day and sent.day <= final.day else None,
        answer=final.file if final else "",
        matched=final.how if final else "",
        causes=final.causes if final else (),
        edits=tuple(sorted(case.edits)),
    )


def _sent(case: Case, final: Said | None) -> Sent:
    """The sending that was answered, else the last one; of a held claim the last holding."""
    if final and (before := case.before(final.day)):
        return before
    return next((one for one in reversed(case.sent) if one.set >= 0), case.sent[-1])


def _verdict(state: State, *, alarm: bool, in_scope: bool) -> Verdict:
    if state in ("held", "open"):
        return state
    if state == "paid":
        return "false_alarm" if alarm else "clean_paid"
    if in_scope:
        return "caught" if alarm else "missed"
    return "elsewhere_alarm" if alarm else "elsewhere"


def _overridden(case: Case, *, ledger: bool) -> str:
    if case.held:
        return ""
    if any(one.counts for one in case.alarms):
        return "approved" if case.approved else "policy" if ledger else ""
    outcomes = {one.outcome for one in case.alarms}
    return next((how for how in ("waived", "bypassed") if how in outcomes), "")


def _waiting(case: Case, said: Said | None) -> str:
    if case.waiting and (said is None or case.waiting[0] > said.day):
        return case.waiting[2]
    return "reversed" if said else "nothing"


def _week(day: date | None) -> str:
    if day is None:
        return ""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
