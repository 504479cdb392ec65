"""INJ-P07: a vaccine with counselling and an injection on one day."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import VACCINE
from scrubber.rules.verdict import EITHER_LINE, PTP, pair_hits


@rule(
    code="INJ-P07",
    name="vaccine-admin-with-injection",
    severity=Severity.DENY,
    cites=(PTP, EITHER_LINE),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N390")),
    when=INJECTED.beside(VACCINE),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 is column 2 of 90460: it needs 59 or X{EPSU}.

    Why: NCCI pairs 90460 (column 1) with 96372 (column 2), indicator 1; a drug beside the vaccine
    is another injection, and 59 on 96372 says so. 90471 to 90474, 90480 and G0008 to G0010 have no pair
    with 96372, so nothing is asked of them here.

    Bad:
        DMG*D8*20180101*F
        SV1*HC:90460*30*UN*1***1
        SV1*HC:90633*40*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0696*5*UN*2***1

    Good:
        SV1*HC:90471*30*UN*1***1
        SV1*HC:90632*40*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0696*5*UN*2***1
    """
    yield from pair_hits(ctx, VACCINE)
