"""INJ-P03: blood drawn through a port, or a port flushed, beside an injection."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.edits import left_out
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import PORT, family
from scrubber.rules.verdict import PTP, pair_hits


@rule(
    code="INJ-P03",
    name="port-flush-with-injection",
    severity=Severity.REJECT,
    cites=(PTP,),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N390")),
    when=INJECTED.beside(PORT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """36591, 36592 and 96523 are never paid beside 96372.

    Why: drawing blood from a port and flushing one are paid only when they are the sole service of
    the day. NCCI makes them column 2 of 96372, indicator 0: no modifier opens it, so the
    line of the port can only be left out, which a person may approve. The injection stays.

    Bad:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:96523:59*20*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:36415*5*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for hit in pair_hits(ctx, PORT):
        line = hit.lines[0]
        closed = hit.outcome is Outcome.FAIL and hit.evidence["ncci_indicator"] == "0"
        if closed and family(line.code) == PORT:
            yield hit._replace(fix=left_out(claim, line, f"leave out {line.code} beside 96372"))
        else:
            yield hit
