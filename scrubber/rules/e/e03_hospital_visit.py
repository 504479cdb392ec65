"""INJ-E03: a hospital, emergency, nursing facility or home visit, of which the injection is column 2."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.pairs import VISIT, pairs
from scrubber.rules.verdict import PTP, injection_denied


@rule(
    code="INJ-E03",
    name="hospital-visit-with-injection",
    severity=Severity.DENY,
    cites=(PTP,),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N20")),
    when=INJECTED.beside(VISIT),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Beside a hospital, emergency, nursing facility or home visit it is the injection that is denied.

    Why: here NCCI has the visit in column 1 and 96372 in column 2. For 99221 to 99223, 99281 to 99285,
    99291, 99304 to 99306, 99341 to 99350 ... the indicator is 1: 25 on the visit or 59 or X{EPSU} on 96372
    opens the pair. For 99231 to 99233, 99307 to 99310 and the newborn codes it is 0, and
    nothing does. A payer that never pays both (habit ``em_bundle``) is not moved by a modifier.

    Bad:
        CLM*C****23:B:1*Y*A*Y*Y
        SV1*HC:99284*200*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        CLM*C****12:B:1*Y*A*Y*Y
        SV1*HC:99348:25*100*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for injection in ctx.injections:
        found = pairs(ctx, injection, VISIT)
        if not any(one.denied for one in found):
            continue
        habit = ctx.habit("em_bundle", injection)
        if habit is not None and habit.value == "none" and habit.decides:
            found = [one for one in found if one.closed]
        for hit in injection_denied(ctx, injection, found):
            if hit.outcome is Outcome.BYPASSED and habit is not None and habit.value == "always":
                says = (
                    f"line {injection.number}: this payer pays no 96372 beside a visit "
                    f"({', '.join(hit.evidence['column1'])}): expect the injection to be denied"
                )
                how = hit.severity if habit.decides else Severity.ADVISE
                yield hit._replace(says=says, outcome=Outcome.FAIL, severity=how)
            else:
                yield hit
