"""INJ-P01: any pair of NCCI on the day that no rule of its own tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from loops import Claim, ServiceLine
from scrubber.codes import is_visit
from scrubber.context import INJECTION, Context, Service
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, fact, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import given
from scrubber.rules.pairs import OTHER, answered, edits, opened, pairs, severity
from scrubber.rules.verdict import EITHER_LINE, PTP, injection_denied, others_denied
from scrubber.tables import Row

# Allergen extract and its injection: without a drug INJ-B05 tells that 96372 is the wrong code.
ALLERGEN: Final = frozenset(
    {"95115", "95117", "95144", "95145", "95146", "95147", "95148", "95149", "95165", "95170", "95180"}
)
_Beside = tuple[Service, Row]


@rule(
    code="INJ-P01",
    name="procedure-pair",
    severity=Severity.DENY,
    cites=(PTP, EITHER_LINE),
    expected=Expected(status=(), carc=("97", "236"), rarc=("M15", "N390", "N20", "N657")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Of two codes that NCCI pairs, column 2 is denied unless an NCCI modifier opens the pair.

    Why: Medicare and Medicaid edit each pair of one patient, provider and day. Indicator 0: nothing opens it;
    1: an NCCI modifier on either line does, 59 and X{EPSU} on column 1 from 2019-07-01; 9: the edit is not
    in force. Judged are the pairs with 96372 that have no rule of their own, and the other pairs on a
    claim with an injection, as far as the table goes: load the file of CMS for all.

    Bad:
        SV1*HC:94060*60*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        SV1*HC:94060*60*UN*1***1
        SV1*HC:96372:59*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    told: set[tuple[int, str]] = set()
    for injection in ctx.injections:
        found = pairs(ctx, injection, OTHER)
        if any(one.code in ALLERGEN for one in found) and not given(ctx, injection):
            lines = [one.service.line for one in found if one.code in ALLERGEN]
            if not opened(ctx, injection, lines):
                found = [one for one in found if one.code not in ALLERGEN]
        yield from injection_denied(ctx, injection, found)
        yield from others_denied(ctx, injection, found, told)
    if ctx.injections:
        yield from _without_injection(claim, ctx)


def _without_injection(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The pairs of which none is 96372, told of the line that is column 2."""
    days: dict[object, _Day] = {}
    own_providers = any(line.providers for line in claim.lines)
    for line in claim.lines:
        if line.code == INJECTION or line.first_day is None:
            continue
        key = line.lx.start if own_providers else line.first_day
        if key not in days:
            days[key] = _day(ctx, line)
        found = _column1(line, days[key])
        if found:
            yield from _judged(ctx, line, found)


class _Day(NamedTuple):
    """The first service of each code beside a line, whether 96372 is among them, and what knows the pairs."""

    services: dict[str, Service]
    injected: bool
    ask: Callable[[str, str], Row | None]


def _day(ctx: Context, line: ServiceLine) -> _Day:
    services: dict[str, Service] = {}
    for one in ctx.day(line):
        services.setdefault(one.line.code, one)
    injected = services.pop(INJECTION, None) is not None
    return _Day(services, injected, edits(ctx, line))


def _column1(line: ServiceLine, day: _Day) -> list[_Beside]:
    """The services that are column 1 of `line`, with the row; none that 96372 denies as well."""
    code, ask = line.code, day.ask
    found = []
    for other, service in day.services.items():
        row = ask(other, code)
        if row is not None and other != code and row["indicator"] in ("0", "1"):
            found.append((service, row))
    if not found:
        return []
    own = [one for one in found if one[0].own] or found
    told = ask(INJECTION, code) if day.injected else None  # INJ-E01, E02, P03
    if told is None or told["indicator"] not in ("0", "1"):
        return own
    return [one for one in own if one[1]["indicator"] < told["indicator"]]


def _judged(ctx: Context, line: ServiceLine, found: Sequence[_Beside]) -> Iterator[Hit]:
    closed = [one for one in found if one[1]["indicator"] == "0"]
    shut = closed or [one for one in found if not answered(ctx, one[0].line, line)]
    told = shut or found
    own = told[0][0].own
    codes = sorted({service.line.code for service, _ in told})
    where = f"line {line.number}: {line.code} beside {', '.join(codes)}"
    where += "" if own else " of another claim"
    if not shut:
        says = f"{where}: a modifier opens the pair; the record must show that it was apart"
    elif closed:
        says = f"{where} is not paid, and no modifier opens it: remove it"
    else:
        mark = "25" if is_visit(line.code) else "59 or X{EPSU}"
        says = f"{where} is denied without a modifier: add {mark} if the record bears it out, else remove it"
    row = told[0][1]
    yield Hit(
        line.sv1.spot(1),
        says,
        (line, *(service.line for service, _ in told if own)),
        severity(ctx, own=own, closed=bool(closed)),
        Outcome.FAIL if shut else Outcome.BYPASSED,
        tuple(fact(one) for _, one in told),
        {
            "column1": codes,
            "modifiers": list(line.modifiers),
            "ncci_indicator": row["indicator"],
            "program": row["program"],
        },
    )
