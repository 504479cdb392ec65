"""NCCI pairs of a procedure with 96372: who tells them, and what opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Final, NamedTuple

from loops import ServiceLine
from scrubber.codes import is_drug, is_visit
from scrubber.context import INJECTION, Context, Service
from scrubber.finding import Severity
from scrubber.rules.common import DISTINCT
from scrubber.tables import NoData, Row, Table

VISIT, PORT, INFUSION, VACCINE = "visit", "port", "infusion", "vaccine"
SURGERY, MATERNITY, ANAESTHESIA, DIALYSIS, OTHER = "surgery", "maternity", "anaesthesia", "dialysis", "other"

EITHER_COLUMN: Final = date(2019, 7, 1)  # CR 11168
# Programs that adjudicate the NCCI edits themselves: there an indicator 0 is certain.
CERTAIN: Final = frozenset({"medicare", "medicaid"})
# The programs whose file answers, the first that can.
_MEDICAID, _OTHERS = ("medicaid", "medicare"), ("medicare",)
_OF_VISITS: Final = "em"  # 24, 25, 27 and 57 open pairs, but not on an injection

_LIKE_VISITS: Final = frozenset(
    {"99358", "99359", "G0406", "G0407", "G0408", "G0425", "G0426", "G0427", "G0508", "G0509"}
)
_PORTS: Final = frozenset({"36591", "36592", "96523"})
_NO_INFUSION: Final = frozenset({"96372", "96373", "96377", "96379", "96380", "96381"}) | _PORTS
_VACCINATIONS: Final = frozenset({"90480", "G0008", "G0009", "G0010", "M0201"})
_NUMBERS: Final = (
    (range(100, 2000), ANAESTHESIA),
    (range(99151, 99158), ANAESTHESIA),  # moderate sedation
    (range(59000, 59900), MATERNITY),
    (range(10004, 70000), SURGERY),
    (range(90460, 90475), VACCINE),
    (range(90935, 91000), DIALYSIS),
    (range(96360, 96521), INFUSION),
    (range(96542, 96550), INFUSION),
)


@lru_cache(maxsize=8192)
def family(code: str) -> str:
    """The kind of service that a procedure code is, by its number: it says which rule tells its pair."""
    if is_visit(code) or code in _LIKE_VISITS:
        return VISIT
    if code in _PORTS:
        return PORT
    if code in _VACCINATIONS:
        return VACCINE
    if code == "G0498":
        return INFUSION
    if code in _NO_INFUSION or len(code) != 5 or not (code.isascii() and code.isdigit()):
        return OTHER
    number = int(code)
    return next((name for numbers, name in _NUMBERS if number in numbers), OTHER)


class Pair(NamedTuple):
    """A service of the day that is paired with an injection, and the row of table ptp that pairs them.

    `denied` says that 96372 is column 2, the code that is denied; else the other service is.
    """

    service: Service
    row: Row
    denied: bool

    @property
    def code(self) -> str:
        """The procedure code beside 96372."""
        return self.service.line.code

    @property
    def closed(self) -> bool:
        """Whether no modifier opens the pair (indicator 0)."""
        return self.row["indicator"] == "0"


def beside(ctx: Context, injection: ServiceLine) -> Mapping[str, Sequence[Service]]:
    """The other services of the patient, provider and day of `injection`, by `family`; own lines first."""
    return ctx.remember(("beside", injection.lx.start), lambda: _beside(ctx, injection))


def _beside(ctx: Context, injection: ServiceLine) -> dict[str, list[Service]]:
    found: dict[str, list[Service]] = {}
    for service in ctx.day(injection):
        if service.line.code != INJECTION:
            found.setdefault(family(service.line.code), []).append(service)
    return found


def pairs(ctx: Context, injection: ServiceLine, *families: str) -> list[Pair]:
    """The services of these families that NCCI pairs with `injection`; of all families when none is named."""
    around = beside(ctx, injection)
    found: list[Pair] = []
    for name in around if not families else [name for name in around if name in families]:
        key = "pairs", injection.lx.start, name
        found += ctx.remember(key, partial(_pairs, ctx, injection, around[name]))
    return found


def _pairs(ctx: Context, injection: ServiceLine, services: Sequence[Service]) -> list[Pair]:
    found = [_pair(ctx, injection, service) for service in services]
    return [one for one in found if one is not None]


def _pair(ctx: Context, injection: ServiceLine, service: Service) -> Pair | None:
    code = service.line.code
    # Nobody pairs drugs with 96372: a table that cannot speak of the day leaves nothing unjudged.
    ask = known if is_drug(code) else edit
    for column1, column2 in ((code, INJECTION), (INJECTION, code)):
        row = ask(ctx, column1, column2, injection)
        if row is not None and row["indicator"] in ("0", "1"):
            return Pair(service, row, column2 == INJECTION)
    return None


def edit(ctx: Context, column1: str, column2: str, line: ServiceLine) -> Row | None:
    """The NCCI edit of the two codes on the day of `line`, of the payer's program.

    Medicaid has a file of its own; where none is loaded Medicare's edits stand for it, and so
    they do for other payers, who take them over.
    """
    if ctx.payer_class == "medicaid" and line.first_day is not None:
        answer = ctx.table("ptp").lookup((column1, column2, "medicaid"), line.first_day)
        if not isinstance(answer, NoData):
            return answer
    return ctx.find("ptp", (column1, column2, "medicare"), line)


def known(ctx: Context, column1: str, column2: str, line: ServiceLine) -> Row | None:
    """As `edit`, but where no table speaks of the codes or the day nothing is said of that either."""
    return edits(ctx, line)(column1, column2)


def edits(ctx: Context, line: ServiceLine) -> Callable[[str, str], Row | None]:
    """What answers `known` for many pairs of the day of `line`."""
    programs = _MEDICAID if ctx.payer_class == "medicaid" else _OTHERS
    return partial(_known, ctx.table("ptp"), line.first_day, programs)


@lru_cache(maxsize=32768)
def _known(ptp: Table, day: date | None, programs: tuple[str, ...], column1: str, column2: str) -> Row | None:
    if day is None:
        return None
    for program in programs:
        answer = ptp.lookup((column1, column2, program), day)
        if not isinstance(answer, NoData):
            return answer
    return None


def pair(ctx: Context, column1: str, line: ServiceLine) -> Row | None:
    """The edit in which 96372 is column 2 of `column1`, on the day of `line`."""
    return edit(ctx, column1, INJECTION, line)


def severity(ctx: Context, *, own: bool, closed: bool) -> Severity:
    """How bad an unanswered pair is: certain where the program edits and nothing opens it; else likely."""
    if not own:
        return Severity.ADVISE
    return Severity.REJECT if closed and ctx.payer_class in CERTAIN else Severity.DENY


def opened(ctx: Context, injection: ServiceLine, others: Sequence[ServiceLine]) -> bool:
    """Whether a modifier opens the pairs of `injection` with `others` (column 1).

    An NCCI modifier on 96372 does; so does 59 or X{EPSU}, or on a visit one of the modifiers of
    visits, on each of the others. Sides of a procedure in column 1 say nothing of the injection.
    """
    if answers(ctx, injection):
        return True
    return bool(others) and all(_opens_from_column1(ctx, one, injection) for one in others)


def answered(ctx: Context, column1: ServiceLine, column2: ServiceLine) -> bool:
    """Whether an NCCI modifier on either line opens the pair of two lines of which none is 96372."""
    if answers(ctx, column2) or _opens_from_column1(ctx, column1, column2):
        return True
    return any(one not in DISTINCT for one in _ncci(ctx, column1))


def answers(ctx: Context, line: ServiceLine) -> bool:
    """Whether the line carries an NCCI modifier that may stand on its code."""
    return bool(line.modifiers) and any(True for _ in _ncci(ctx, line))


def _opens_from_column1(ctx: Context, column1: ServiceLine, column2: ServiceLine) -> bool:
    """Whether a modifier of column 1 opens the pair.

    59 and X{EPSU} count there from 2019-07-01, unless the payer is known to read column 2 only
    (habit ``x_column``, dated); the modifiers of visits count on a visit in either column.
    """
    found = set(_ncci(ctx, column1)) if column1.modifiers else set()
    if not found:
        return False
    if family(column1.code) == VISIT:
        return True
    if not DISTINCT & found or column1.first_day is None or column1.first_day < EITHER_COLUMN:
        return False
    habit = ctx.habit("x_column", column2)
    return habit is None or habit.value != "col2" or not habit.decides


def _ncci(ctx: Context, line: ServiceLine) -> Iterable[str]:
    """The NCCI modifiers of a line, without those of visits elsewhere and 59 or X{EPSU} on a visit."""
    visit = family(line.code) == VISIT
    for modifier in line.modifiers:
        row = ctx.find("modifiers", modifier, line) if modifier else None
        if row is None or row["ncci"] != "yes":
            continue
        if visit == (row["kind"] == _OF_VISITS):
            yield modifier
