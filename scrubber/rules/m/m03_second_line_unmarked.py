"""INJ-M03: a second line of 96372 on a day that no modifier tells from the first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Outcome, Severity
from scrubber.payers import Habit
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import DISTINCT, REPEAT, rendering_npi
from scrubber.rules.gates import INJECTED

_MARKS: Final = DISTINCT | REPEAT
_WANTED: Final = {"lines_76": (REPEAT, "76"), "lines_59": (DISTINCT, "59 or X{EPSU}")}


@rule(
    code="INJ-M03",
    name="second-injection-unmarked",
    severity=Severity.DENY,
    cites=(
        cite(
            "AAPC, Oncology & Hematology Coding Alert, on CPT Assistant May 2010",
            "an injection for each line, 59 on the second and later",
            "https://www.aapc.com/codes/coding-newsletters/my-oncology-hematology-coding-alert/reader-question-divided-dose-may-need-payer-guidance-136708-article",
        ),
        cite(
            "NGS Medicare, Medically Unlikely Edits",
            "76 or 77 for units beyond the first",
            "https://www.ngsmedicare.com/coding-and-edits?selectedArticleId=1943300",
        ),
    ),
    expected=Expected(carc=("18", "97")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Of several 96372 lines of a day and provider all but one need 59, X{EPSU}, 76 or 77.

    Why: Lines that nothing tells apart deny as duplicates. Payers differ on
    what they want: units on one line contradicts none that was read, 59 or XS
    says another site or drug, 76 a repeat. Three lines of which two carry 76 are a risk everywhere.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:96372:KX*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:J1885*5*UN*2***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:96372:XS*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:J1885*5*UN*2***1
    """
    if len(ctx.injections) < 2:
        return
    groups: dict[object, list[ServiceLine]] = defaultdict(list)
    for line in ctx.injections:
        if line.first_day:
            groups[line.first_day, rendering_npi(claim, line)].append(line)
    for lines in groups.values():
        if len(lines) > 1:
            yield from _judge(lines, ctx.habit("second_injection", lines[0]))


def _judge(lines: list[ServiceLine], habit: Habit | None) -> Iterator[Hit]:
    unmarked = [line for line in lines if _MARKS.isdisjoint(line.modifiers)]
    for line in unmarked[1:]:
        says = (
            f"line {line.number}: 96372 again on the day of line {unmarked[0].number} with nothing to tell "
            f"them apart: {_cure(habit)}"
        )
        yield Hit(line.sv1.spot(1), says, (line, unmarked[0]))
    if len(unmarked) > 1:
        return
    marked = [line for line in lines if line not in unmarked]
    repeated = [line for line in marked if "76" in line.modifiers]
    if habit and habit.value == "units":
        yield _not_as_wanted(lines[-1], habit, "this payer wants the units on one line")
    elif habit and habit.value in _WANTED:
        yield from _by_habit(marked, habit)
    elif len(lines) > 2 and len(repeated) > 1:
        line = repeated[-1]
        says = f"line {line.number}: 76 twice on one day: the third line may deny, put the units on one line"
        others = tuple(one for one in lines if one is not line)
        yield Hit(line.modifier_spot(line.modifiers.index("76")), says, (line, *others), Severity.ADVISE)
    else:
        line = marked[-1]
        says = f"line {line.number}: modifiers tell the 96372 lines apart: see that the record bears them out"
        others = tuple(one for one in lines if one is not line)
        yield Hit(line.sv1.spot(1), says, (line, *others), outcome=Outcome.BYPASSED)


def _by_habit(marked: list[ServiceLine], habit: Habit) -> Iterator[Hit]:
    wanted, name = _WANTED[habit.value]
    for line in marked:
        if wanted.isdisjoint(line.modifiers):
            yield _not_as_wanted(line, habit, f"this payer wants {name} on a second injection")


def _not_as_wanted(line: ServiceLine, habit: Habit, wants: str) -> Hit:
    severity = Severity.DENY if habit.decides else Severity.ADVISE
    says = f"line {line.number}: several lines of 96372 on one day: {wants}, if the record bears it out"
    return Hit(line.sv1.spot(1), says, (line,), severity, evidence={"habit": habit.value})


def _cure(habit: Habit | None) -> str:
    if habit and habit.value in _WANTED:
        return f"delete it, or mark it with {_WANTED[habit.value][1]} if the record bears it out"
    return "delete it, or put the units on one line, or mark it (59, X{EPSU}, 76) if the record bears it out"
