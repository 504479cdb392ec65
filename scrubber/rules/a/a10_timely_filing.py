"""INJ-A10: the claim comes later than the payer takes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, cite, rule

_YEAR: Final = 365
_FEDERAL: Final = frozenset({"medicare", "medicaid", "tricare"})


@rule(
    code="INJ-A10",
    name="timely-filing",
    severity=Severity.DENY,
    cites=(
        cite(
            "42 CFR 424.44",
            "Medicare: one calendar year after the date of service, with exceptions",
            "https://www.ecfr.gov/current/title-42/section-424.44",
            checked_on=None,
        ),
        cite(
            "42 CFR 447.45(d)",
            "Medicaid: at most twelve months",
            "https://www.ecfr.gov/current/title-42/section-447.45",
            checked_on=None,
        ),
    ),
    expected=Expected(carc=("29",)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """From the date of service to the day the batch was made (BHT04) is longer than the payer allows.

    Why: Medicare takes a claim for one calendar year, Medicaid for at most
    twelve months, TRICARE for a year; contracts say less. A delay reason (CLM20)
    answers it. Replacements have a term of their own, and after another payer the term may run anew.

    Bad:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        DTP*472*D8*20251101
        SV1*HC:J3420*5*UN*1***1
        DTP*472*D8*20251101

    Good:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        DTP*472*D8*20251102
        SV1*HC:J3420*5*UN*1***1
        DTP*472*D8*20251102
    """
    made = claim.envelope.made_on
    if made is None:
        return
    days = {(line.first_day, line.last_day): line for line in claim.lines}  # most lines share a day
    limits = {day: _limit(claim, ctx, line, made) for day, line in days.items()}
    if any(limits.values()):  # seldom
        late = [(line, limit) for line in claim.lines if (limit := limits[line.first_day, line.last_day])]
        line, (severity, term) = late[0]
        lines = tuple(one for one, _ in late)
        at = line.all("DTP", "472")[0].spot(3)
        if claim.clm.text(20):
            says = f"the claim comes after {term}, with a delay reason (CLM20): see that the proof is at hand"
            yield Hit(at, says, lines, outcome=Outcome.BYPASSED)
        else:
            says = f"line {line.number}: service of {line.last_day}, batch of {made}: later than {term}: "
            yield Hit(at, says + "give the delay reason (CLM20) if one holds", lines, severity)


def _limit(claim: Claim, ctx: Context, line: ServiceLine, made: date) -> tuple[Severity, str] | None:
    """Severity and term of a late line; None when it is in time."""
    if line.last_day is None:
        return None
    replaces = claim.frequency in ("7", "8")
    first = claim.subscriber is None or claim.subscriber.responsibility in ("P", "")
    late = not replaces and _over_a_year(line.last_day, made)
    if late and first and ctx.payer_class in _FEDERAL:
        return Severity.DENY, "one year"
    habit = ctx.habit("corrected_days" if replaces else "timely_days", line)
    if habit and habit.value.isdigit():
        days = (made - line.last_day).days
        severity = Severity.DENY if habit.decides and not replaces else Severity.ADVISE
        return (severity, f"{habit.value} days") if days > int(habit.value) else None
    return (Severity.ADVISE, "one year") if late else None


def _over_a_year(service: date, made: date) -> bool:
    if made.year <= service.year:
        return False
    if (service.month, service.day) == (2, 29):
        return (made - service).days > _YEAR + 1
    return made > service.replace(year=service.year + 1)
