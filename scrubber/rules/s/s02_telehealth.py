"""INJ-S02: an injection billed as telehealth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_visit
from scrubber.context import Context
from scrubber.finding import Expected, Fix, Safety, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.edits import without_modifier
from scrubber.rules.gates import INJECTED, place

TELEHEALTH_PLACES: Final = frozenset({"02", "10"})
TELEMEDICINE: Final = "95"
TELEHEALTH_MODIFIERS: Final = (TELEMEDICINE, "93", "GT", "GQ", "FQ", "G0")


@rule(
    code="INJ-S02",
    name="injection-by-telehealth",
    severity=Severity.DENY,
    cites=(
        cite(
            "NGS, Medicare Part B 101 manual, appendix 3",
            "02 and 10: the service went through telecommunication technology",
            "https://www.ngsmedicare.com/web/ngs/medicare-part-b-101-manual?selectedArticleId=1109538",
        ),
    ),
    expected=Expected(status=("A7:249", "A7:453"), carc=("4", "5", "58"), rarc=("M77",)),
    when=INJECTED.beside(*TELEHEALTH_MODIFIERS, *place(*TELEHEALTH_PLACES)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A telehealth place of service or modifier on 96372: nobody is injected from afar.

    Why: place 02 or 10, or a telehealth modifier (95, 93, GT, GQ, FQ, G0), says that
    patient and practitioner were in two places. For an injection that cannot be,
    so either the place, the modifier or the line is wrong. A telehealth visit on the day of an
    injection in the office may be right, but is worth a look. Where 95 is the claim's only
    sign of telehealth and the day has no visit, a person may have it removed; else it may
    have been meant for the visit, and only the record tells.

    Bad:
        CLM*C****10:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for injection in ctx.injections:
        afar = injection.place_of_service in TELEHEALTH_PLACES
        if afar:
            yield _place(claim, injection)
        marks = [one for one in TELEHEALTH_MODIFIERS if one in injection.modifiers]
        for modifier in marks:
            yield Hit(
                injection.modifier_spot(injection.modifiers.index(modifier)),
                f"line {injection.number}: {modifier} says telehealth, but an injection is given in person: "
                "correct the modifier if the patient was present, else remove the line",
                (injection,),
                evidence={"modifier": modifier},
                fix=_fix(ctx, injection) if marks == [TELEMEDICINE] and not afar else None,
            )
        if not marks and not afar:
            yield from _visits(ctx, injection)


def _fix(ctx: Context, injection: ServiceLine) -> Fix | None:
    """95 taken off, where nothing else speaks of telehealth and no visit it could have been meant for."""
    visits = any(is_visit(one.line.code) for one in ctx.patient_day(injection))
    if visits or not all(injection.modifiers):
        return None
    removal = without_modifier(injection, injection.modifiers.index(TELEMEDICINE))
    return Fix(Safety.SUGGESTED, f"remove {TELEMEDICINE} from 96372", (removal,))


def _place(claim: Claim, injection: ServiceLine) -> Hit:
    place = injection.place_of_service
    own = injection.sv1.text(5)
    return Hit(
        injection.sv1.spot(5) if own else claim.clm.spot(5, 1),
        f"line {injection.number}: place {place} is telehealth, but an injection is given in person: "
        "correct the place, or remove the line if the patient was not there",
        (injection,),
        evidence={"place_of_service": place},
    )


def _visits(ctx: Context, injection: ServiceLine) -> Iterator[Hit]:
    for service in ctx.day(injection):
        line = service.line
        marked = any(one in TELEHEALTH_MODIFIERS for one in line.modifiers)
        afar = marked or line.place_of_service in TELEHEALTH_PLACES
        if not afar or not is_visit(line.code):
            continue
        yield Hit(
            injection.sv1.spot(1),
            f"line {injection.number}: 96372 at place {injection.place_of_service} on the day of a visit by "
            f"telehealth ({line.code}): check that the patient came in",
            (injection, line) if service.own else (injection,),
            Severity.ADVISE,
            evidence={
                "visit": line.code,
                "place_of_service": line.place_of_service,
                "modifiers": list(line.modifiers),
            },
        )
