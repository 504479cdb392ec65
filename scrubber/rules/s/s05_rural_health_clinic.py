"""INJ-S05: an injection of a clinic that is paid by the visit, on a professional claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_visit
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED

PLACES: Final = {"50": "federally qualified health center", "72": "rural health clinic"}
TAXONOMIES: Final = ("261QR1300X", "261QF0400X")
ENCOUNTER: Final = "T1015"
_PER_VISIT: Final = frozenset({"G0466", "G0467", "G0468", "G0469", "G0470", ENCOUNTER})


@rule(
    code="INJ-S05",
    name="clinic-paid-by-visit",
    severity=Severity.DENY,
    cites=(
        cite(
            "Medicare Benefit Policy Manual (100-02), ch. 13",
            "services incident to the visit are in its rate; the visit is billed on an institutional claim",
            "https://www.cms.gov/regulations-and-guidance/guidance/manuals/internet-only-manuals-ioms",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A7:249",), carc=("97", "5", "16"), rarc=("M77", "N428")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A clinic that is paid by the visit (place 72 or 50) bills 96372 line by line.

    Why: Medicare pays rural health clinics and federally qualified health centers a rate for the visit, on
    an institutional claim; an injection is part of it and no visit of its own, so it is not paid on a
    professional claim. Medicaid pays an encounter (T1015 or the state's code): an injection alone is none.

    Bad:
        SBR*P*18*******MB
        CLM*C****72:B:1*Y*A*Y*Y
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MC
        CLM*C****72:B:1*Y*A*Y*Y
        SV1*HC:T1015*150*UN*1***1
        SV1*HC:96372*0*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    told = set()
    for line in ctx.injections:
        where = _clinic(claim, line)
        if not where or line.first_day in told:
            continue
        told.add(line.first_day)
        if ctx.medicare:
            says = f"a {where} bills Medicare on an institutional claim, the injection is in the visit's rate"
            yield _hit(claim, line, says, None)
        elif ctx.payer_class == "medicaid" and not _encounter(ctx, line):
            says = (
                f"a {where} is paid by the encounter, and an injection alone is none: bill it with the visit"
            )
            yield _hit(claim, line, says, Severity.ADVISE)


def _clinic(claim: Claim, line: ServiceLine) -> str:
    """What kind of clinic it is, by the place, else by the taxonomy of the billing provider."""
    if line.place_of_service in PLACES:
        return PLACES[line.place_of_service]
    taxonomy = claim.billing.taxonomy if claim.billing else ""
    return PLACES["72" if taxonomy == TAXONOMIES[0] else "50"] if taxonomy in TAXONOMIES else ""


def _encounter(ctx: Context, line: ServiceLine) -> bool:
    codes = (one.line.code for one in ctx.patient_day(line))
    return any(code in _PER_VISIT or is_visit(code) for code in codes)


def _hit(claim: Claim, line: ServiceLine, says: str, severity: Severity | None) -> Hit:
    return Hit(
        line.sv1.spot(5) if line.sv1.text(5) else claim.clm.spot(5, 1),
        f"line {line.number}: {says}",
        (line,),
        severity,
        evidence={"place_of_service": line.place_of_service},
    )
