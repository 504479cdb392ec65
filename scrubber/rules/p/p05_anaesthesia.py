"""INJ-P05: anaesthesia or sedation by the one who injected."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import ANAESTHESIA
from scrubber.rules.verdict import PTP, pair_hits


@rule(
    code="INJ-P05",
    name="anaesthesia-with-injection",
    severity=Severity.REJECT,
    cites=(PTP,),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N390")),
    when=INJECTED.beside(ANAESTHESIA),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """96372 by the provider of the anaesthesia or sedation is part of it.

    Why: what is injected to prepare, carry out or end an anaesthesia belongs to it: NCCI makes
    96372 column 2 of 00100 to 01992 and of 99155 and 99156, indicator 0, so nothing opens it. Beside
    sedation by the operator (99151, 99152; indicator 1) 59 or X{EPSU} says that the injection had
    nothing to do with it. An injection by another provider of the day is not touched.

    Bad:
        SBR*P*18*******MB
        SV1*HC:00400:AA*400*MJ*45***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SBR*P*18*******MB
        SV1*HC:00400:AA*400*MJ*45***1
        NM1*82*1*TESTCASE*LEE****XX*1003000126
        PRV*PE*PXC*207L00000X
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    yield from pair_hits(ctx, ANAESTHESIA)
