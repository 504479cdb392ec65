"""INJ-E09: the payer pays no visit whose purpose was the injection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import VISIT, beside, edit

SEPARATE: Final = "25"
PURPOSE: Final = "visit_denied_if_purpose"


@rule(
    code="INJ-E09",
    name="visit-not-paid-for-injection",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "101 CMR 317, quoted in a forum",
            "where the injection was the main purpose of the visit only drug and administration are paid",
            "https://www.rxwound.com/forum/boot-camp-discussions/does-medicaid-pay-for-our-grafts",
        ),
    ),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N20")),
    when=INJECTED.beside(VISIT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """This payer pays the injection but no visit, where the injection was what the patient came for.

    Why: some Medicaid programs count the visit in the injection (habit ``em_bundle``, value
    visit_denied_if_purpose). 25 is then asked for as elsewhere, but not enough: the note must show that
    the patient came for something else. A visit that lacks 25 is INJ-E02; a payer that never pays
    both is told there too. No payer's rule was read at its source, so this is a look and no more.

    Bad:
        SBR*P*18*******MC
        NM1*PR*2*MASSHEALTH*****PI*99999
        SV1*HC:99213:25*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MC
        NM1*PR*2*MASSHEALTH*****PI*99999
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    told: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        habit = ctx.habit("em_bundle", injection)
        if habit is None or habit.value != PURPOSE:
            continue
        for visit in beside(ctx, injection).get(VISIT, ()):
            key = (visit.claim.index, visit.line.number)
            if key not in told and not _lacks_25(ctx, visit, injection):
                told.add(key)
                yield _hit(visit, injection)


def _lacks_25(ctx: Context, visit: Service, injection: ServiceLine) -> bool:
    return SEPARATE not in visit.line.modifiers and bool(
        edit(ctx, injection.code, visit.line.code, injection)
        or edit(ctx, visit.line.code, injection.code, injection)
    )


def _hit(visit: Service, injection: ServiceLine) -> Hit:
    line, own = visit.line, visit.own
    where = f"line {line.number}: {line.code}" if own else f"{line.code} of another claim"
    return Hit(
        (line if own else injection).sv1.spot(1),
        f"{where} beside 96372: this payer pays no visit whose purpose was the injection: keep it only "
        "if the note shows another",
        (line, injection) if own else (injection,),
        evidence={"visit": line.code, "modifiers": list(line.modifiers)},
    )
