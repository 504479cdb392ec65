"""INJ-M02: several injections on one line."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import REPEAT
from scrubber.rules.gates import INJECTED

_LINES = {"lines_76": "a line for each, 76 on the second and later", "lines_59": "a line for each, 59 or XS"}


@rule(
    code="INJ-M02",
    name="injections-on-one-line",
    severity=Severity.ADVISE,
    cites=(
        cite(
            "Blue Cross Blue Shield of Alabama, provider manual: injectable drugs",
            "one 96372 for each separate injection",
            "https://www.bcbsal.org/providers/manuals/providerManual/injectableDrugs.cfm",
        ),
        cite(
            "AAPC, Oncology & Hematology Coding Alert, on CPT Assistant May 2010",
            "an injection for each line",
            "https://www.aapc.com/codes/coding-newsletters/my-oncology-hematology-coding-alert/reader-question-divided-dose-may-need-payer-guidance-136708-article",
        ),
    ),
    expected=Expected(carc=("151", "18")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """More than one unit of 96372 on a line: right for payers of units, wrong for payers of lines.

    Why: No text of a payer was read that refuses units on one line but those
    that pay one injection a day; some want a line for each. The profile decides.
    Modifier 76 on a line of several units says the same thing twice.

    Bad:
        SV1*HC:96372*60*UN*2***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in ctx.injections:
        if line.units is None or line.units <= 1:
            continue
        habit = ctx.habit("second_injection", line)
        value = habit.value if habit else "unknown"
        twice = not REPEAT.isdisjoint(line.modifiers)
        if habit and value in _LINES:
            severity = Severity.DENY if habit.decides else None
            cure = f"this payer wants {_LINES[value]}, if the record bears it out"
        elif twice:
            severity, cure = None, "76 or 77 beside units says the repeat twice: units or lines, not both"
        elif value == "units":
            continue
        else:
            severity, cure = None, "see that so many were given, and that this payer takes them on one line"
        says = f"line {line.number}: {line.units:f} units of 96372 on one line: {cure}"
        yield Hit(line.sv1.spot(4), says, (line,), severity, evidence={"units": str(line.units)})
