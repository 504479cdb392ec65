"""INJ-A06: the service date is there, possible, and one day for an injection."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim, Segment, ServiceLine, Spot
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.common import guide


@rule(
    code="INJ-A06",
    name="service-date",
    severity=Severity.REJECT,
    cites=(guide("loop 2400, DTP*472: the date of service, D8, or RD8 for a period"),),
    expected=Expected(status=("A7:187", "A7:510"), carc=("16", "110"), rarc=("M52", "M59", "N301")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Each line has a date of service that is a day, not after the batch, within the patient's life.

    Why: Without a date, with a date to come or a period that ends before it
    begins, the claim is refused. One injection is given on one day: a period
    denies, but for payers that take weekly injections or a period as long as the units.

    Bad:
        SV1*HC:96372*30*UN*1***1
        DTP*472*RD8*20260302-20260308
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        DTP*472*RD8*20260302-20260302
        SV1*HC:J3420*5*UN*1***1
    """
    for line in claim.lines:
        fault = _fault(claim, line)
        if fault:
            yield Hit(_at(line), f"line {line.number}: {fault}", (line,))
        elif line.code == INJECTION:
            yield from _life(claim, line)
            yield from _period(ctx, line)


def _dtp(line: ServiceLine) -> Segment | None:
    return next(iter(line.all("DTP", "472")), None)


def _at(line: ServiceLine) -> Spot:
    dtp = _dtp(line)
    return dtp.spot(3) if dtp else line.sv1.spot()


def _fault(claim: Claim, line: ServiceLine) -> str:
    first, last, made = line.first_day, line.last_day, claim.envelope.made_on
    if first is None or last is None:
        dtp = _dtp(line)
        return (
            "no date of service (DTP*472)"
            if dtp is None
            else "the date of service (DTP03) is no date: mend it"
        )
    if last < first:
        return f"the period of service ends before it begins ({first} to {last}): mend DTP03"
    if made and last > made:
        return f"the date of service {last} is after the day of the batch ({made}): mend it or hold the claim"
    return ""


def _life(claim: Claim, line: ServiceLine) -> Iterator[Hit]:
    patient, day = claim.patient, line.first_day
    if patient is None or day is None:
        return
    if patient.born and day < patient.born:
        says = f"line {line.number}: 96372 on {day}, before the patient was born: mend the wrong date"
        yield Hit(_at(line), says, (line,), Severity.DENY)
    if patient.died and day > patient.died:
        says = f"line {line.number}: 96372 on {day}, after the patient's death (PAT06): mend the wrong date"
        yield Hit(_at(line), says, (line,), Severity.DENY)


def _period(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    if line.first_day is None or line.last_day is None or line.first_day == line.last_day:
        return
    habit = ctx.habit("date_span", line)
    wants = habit.value if habit else ("units" if ctx.payer_class == "va" else "one_day")
    days = (line.last_day - line.first_day).days + 1
    if wants == "any" or (wants == "units" and line.units == days):
        return
    cure = f"make the units equal its {days} days" if wants == "units" else "give each injection its day"
    says = f"line {line.number}: 96372 over a period ({line.first_day} to {line.last_day}): {cure}"
    severity = Severity.ADVISE if habit and not habit.decides else Severity.DENY
    yield Hit(_at(line), says, (line,), severity, evidence={"days": days})
