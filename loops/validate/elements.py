"""Say exactly what is wrong with the elements of one segment, with 999 codes.

The rules and their order are pyx12 4.0.0's (see there ``map_if`` and
``validation``), the code is our own. Bytes are taken as characters one to
one (latin-1), which is how a file outside ASCII is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loops.guide import load

if TYPE_CHECKING:
    from loops.guide import SegmentPlace

_CONTROL: Final = re.compile(rb"[\x01-\x07\x09-\x0d\x11-\x17\x1c-\x1f]")
_STRANGE: Final = re.compile(rb"[^ -~]")
_WHOLE: Final = re.compile(rb"-?[0-9]+")
_DECIMAL: Final = re.compile(rb"-?[0-9]*(?:\.[0-9]+)?")
_OTHER_THAN_USAGE: Final = frozenset({"missing", "unused", "composite"})
_KNOWN: Final = 1024  # values remembered for an element
_DATE_FORMATS: Final = (b"RD8", b"D8", b"D6", b"DT", b"TM")
_MONTH_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class ElementFault(NamedTuple):
    """What is wrong at element `element` (0: the whole segment), component `component` (0: none).

    `kind` is a word of `loops.validate.catalogue.ELEMENT_KINDS`; `ik3` is set
    for faults that the reference reports on the segment, `ik4` for those on
    the element. `detail` is the name of an external code list, or a syntax rule.
    """

    kind: str
    element: int
    component: int = 0
    ik4: str = ""
    ik3: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Simple:
    """A simple element (or component) of the guide, ready to be checked."""

    number: str
    usage: str
    type: str
    least: int
    most: int
    codes: frozenset[bytes]
    external: str
    outside: frozenset[bytes]
    regex: re.Pattern[bytes] | None
    quick: Callable[[bytes], object]
    """Whether a value is certainly right (but for a format that another element names)."""


@dataclass(frozen=True, slots=True)
class _Composite:
    usage: str
    components: tuple[_Simple, ...]
    least: int

    def quick(self, values: list[bytes]) -> bool:
        """Whether all components are there and certainly right."""
        if not self.least <= len(values) <= len(self.components):
            return False
        return all(
            value and child.quick(value) for child, value in zip(self.components, values, strict=False)
        )


Checker = Callable[[bytes, bytes, bytes], tuple[ElementFault, ...]]


@lru_cache(maxsize=1024)
def checker(place: SegmentPlace) -> SegmentCheck:
    """The exact check of the segments of one place."""
    return SegmentCheck(place)


class SegmentCheck:
    """Checks segments of one place: ``check(raw, separator, component_separator)`` lists the faults.

    What was found on a value is remembered: most values come again.
    """

    __slots__ = ("_children", "_dtp", "_formats", "_known", "_open_rules", "_required", "_rules")

    def __init__(self, place: SegmentPlace) -> None:
        rows = place.elements
        if place.id == "ISA":  # ISA11 is the repetition separator: any character (erratum E-ISA11)
            rows = [*rows[:10], [*rows[10][:2], None, None, None], *rows[11:]]
        self._children = tuple(_child(row) for row in rows)
        self._required = tuple(_required(n, row) for n, row in enumerate(rows, 1) if row[1] == "R")
        self._rules = rules(place)
        self._open_rules = tuple(rule for rule in self._rules if breakable(place, rule, set()))
        self._dtp = place.id == "DTP"
        self._formats = tuple(_formats(self._children))
        self._known: dict[bytes, tuple[dict[bytes, tuple[ElementFault, ...]], ...]] = {}

    def check(self, raw: bytes, separator: bytes, inner: bytes) -> tuple[ElementFault, ...]:
        """The faults of `raw` (a segment without terminator), in the reference's order."""
        values = raw.split(separator)
        del values[0]
        found: list[ElementFault] = []
        if len(values) > len(self._children):
            found.append(ElementFault("elements", len(self._children) + 1, ik3="8"))
        known = self._known.get(inner) or self._known.setdefault(inner, tuple({} for _ in self._children))
        for number, (value, seen) in enumerate(zip(values, known, strict=False)):
            if value:
                faults = seen.get(value)
                if faults is None:
                    faults = self._look(number, values, inner, seen)
                if faults:
                    found += faults
        for number, fault in self._required:
            if number > len(values) or not values[number - 1]:
                found.append(fault)
        # With all required elements there, and no other than may be, few rules can be broken.
        other = any(fault.kind in _OTHER_THAN_USAGE for fault in found) if found else False
        open_rules = self._rules if other else self._open_rules
        if open_rules:
            found += self._broken(open_rules, values, inner)
        return tuple(found)

    def _look(
        self, index: int, values: list[bytes], inner: bytes, seen: dict[bytes, tuple[ElementFault, ...]]
    ) -> tuple[ElementFault, ...]:
        """The faults of a value not known so far."""
        child, value = self._children[index], values[index]
        if self._dtp and index == 2:  # it hangs on DTP02
            given = values[1].rstrip(inner)
            return tuple(
                _check_value(child, 3, 0, value, inner, (given,) if given in _DATE_FORMATS else ())  # type: ignore[arg-type]
            )
        if isinstance(child, _Composite):
            parts = value.split(inner)
            faults = () if child.quick(parts) else tuple(_check_composite(child, index + 1, parts))
        elif not self._formats[index] and inner not in value and child.quick(value):
            faults = ()
        else:
            faults = tuple(_check_value(child, index + 1, 0, value, inner, self._formats[index]))
        if len(seen) >= _KNOWN:
            seen.clear()
        seen[value] = faults
        return faults

    def _broken(
        self, open_rules: tuple[SyntaxRule, ...], values: list[bytes], inner: bytes
    ) -> tuple[ElementFault, ...]:
        present = [False, *[value.strip(inner) != b"" for value in values]]
        present += [False] * (len(self._children) + 1 - len(present))
        return _broken_rules(open_rules, tuple(present))


def _required(number: int, row: list[Any]) -> tuple[int, ElementFault]:
    composite = row[0] is None
    return number, ElementFault("missing", number, ik3="8" if composite else "", ik4="" if composite else "1")


def _formats(children: tuple[_Simple | _Composite, ...]) -> Iterator[tuple[bytes, ...]]:
    """For each element the formats in which its date may be: all that an element 1250 before it may name."""
    formats: tuple[bytes, ...] = ()
    for child in children:
        if isinstance(child, _Simple) and child.number == "1250":
            formats += tuple(child.codes)
        yield formats if isinstance(child, _Simple) and child.number == "1251" else ()


@dataclass(frozen=True, slots=True)
class SyntaxRule:
    """A relational rule such as ``P0809``: `members` are element numbers.

    P: all or none; R: at least one; E: at most one; C: if the first, then all
    others; L: if the first, then at least one other (X12.6).
    """

    text: str
    members: tuple[int, ...]

    def broken(self, present: Sequence[bool]) -> bool:
        """Whether it is broken when ``present[n]`` says that element n is there."""
        first, *others = (present[n] for n in self.members)
        count = first + sum(others)
        match self.text[0]:
            case "P":
                return count not in (0, len(self.members))
            case "R":
                return count == 0
            case "E":
                return count > 1
            case "C":
                return first and not all(others)
            case "L":
                return first and not any(others)
        return True


def breakable(place: SegmentPlace, rule: SyntaxRule, left_out: set[int]) -> bool:
    """Whether some choice of optional elements, those of `left_out` not among them, breaks the rule."""
    options = []
    for number in rule.members:
        usage = "N" if number in left_out else place.elements[number - 1][1]
        options.append({"R": (True,), "N": (False,)}.get(usage, (False, True)))
    for choice in product(*options):
        present = [False] * (len(place.elements) + 1)
        for number, is_there in zip(rule.members, choice, strict=True):
            present[number] = is_there
        if rule.broken(present):
            return True
    return False


@lru_cache(maxsize=4096)
def _broken_rules(rules: tuple[SyntaxRule, ...], present: tuple[bool, ...]) -> tuple[ElementFault, ...]:
    return tuple(
        ElementFault("syntax", rule.members[0], ik3="8", detail=rule.text)
        for rule in rules
        if rule.broken(present)
    )


def _rule(text: str) -> SyntaxRule:
    return SyntaxRule(text, tuple(int(text[n : n + 2]) for n in range(1, len(text), 2)))


def rules(place: SegmentPlace) -> tuple[SyntaxRule, ...]:
    """The relational rules of a place."""
    return tuple(_rule(text) for text in place.syntax)


def _child(row: list[Any]) -> _Simple | _Composite:
    if row[0] is None:
        least = max((n for n, sub in enumerate(row[2], 1) if sub[1] == "R"), default=1)
        return _Composite(row[1], tuple(_simple(sub) for sub in row[2]), least if row[1] != "N" else 99)
    return _simple(row)


def _simple(row: list[Any]) -> _Simple:
    number, usage, codes, external, regex = row
    guide = load()
    kind, least, most = guide.data_elements[number]
    inside = frozenset(code.encode() for code in codes or ())
    outside = _code_set(external) if external else frozenset()
    pattern = re.compile(regex.encode(), re.DOTALL) if regex else None
    quick = _quick(kind, least, most, inside | outside) if usage != "N" and not regex else _never
    return _Simple(number, usage, kind, least, most, inside, external or "", outside, pattern, quick)


def _never(_: bytes) -> bool:
    return False


@lru_cache(maxsize=4096)
def _quick(kind: str, least: int, most: int, codes: frozenset[bytes]) -> Callable[[bytes], object]:
    if kind in ("AN", "ID"):
        plain = re.compile(rb"[ -~]{%d,%d}(?<! )" % (least, most)).fullmatch
        return frozenset(code for code in codes if plain(code)).__contains__ if codes else plain
    if kind in ("DT", "TM") or least > 1:
        return _never
    if codes:
        return frozenset(code for code in codes if code.isdigit() and len(code) <= most).__contains__
    decimals = rb"(?:\.[0-9]{1,3})?" if kind == "R" and most > 3 else b""
    return re.compile(rb"-?[0-9]{1,%d}" % (most - 3 if decimals else most) + decimals).fullmatch


@lru_cache(maxsize=64)
def _code_set(name: str) -> frozenset[bytes]:
    return frozenset(code.encode() for code in load().code_sets[name])


def _check_composite(composite: _Composite, number: int, values: list[bytes]) -> Iterator[ElementFault]:
    if not any(values):
        if composite.usage == "R":
            yield ElementFault("missing", number, ik3="8")
        return
    if composite.usage == "N":
        yield ElementFault("unused", number, ik3="8")
        return
    if len(values) > len(composite.components):
        # The reference has no verdict here (it fails); 13 is the 999's code for it.
        yield ElementFault("components", number, ik4="13")
    for index, child in enumerate(composite.components):
        value = values[index] if index < len(values) else b""
        if value:
            if not child.quick(value):
                yield from _check_value(child, number, index + 1, value, b"", ())
        elif child.usage == "R" and (index or composite.usage == "R"):
            yield ElementFault("missing", number, index + 1, ik4="1")


def _check_value(  # noqa: PLR0917 - a value and where it stands
    child: _Simple, element: int, component: int, value: bytes, inner: bytes, formats: tuple[bytes, ...]
) -> Iterator[ElementFault]:
    """Faults of a value that is not empty; `inner` is the separator that may not stand in it."""
    if inner and inner in value:
        yield ElementFault("composite", element, component, ik4="6")
    elif child.usage == "N":
        yield ElementFault("unused", element, component, ik4="10")
    else:
        for kind, code in _value_faults(child, value, formats):
            detail = child.external if kind == "code" else ""
            yield ElementFault(kind, element, component, ik4=code, detail=detail)


def _value_faults(child: _Simple, value: bytes, formats: tuple[bytes, ...]) -> Iterator[tuple[str, str]]:
    """(kind, 999 code) of what is wrong with a value; a control character hides what comes after it."""
    text = child.type in ("AN", "ID")
    length = len(value if text or child.type in ("DT", "TM") else value.translate(None, b"-."))
    if length < child.least:
        yield "short", "4"
    if length > child.most:
        yield "long", "5"
    if _CONTROL.search(value):
        yield "control", "6"
        return
    if text and value[-1:] == b" " and len(_stripped(value)) >= child.least:
        yield "blank", "6"
    if (child.codes or child.external) and value not in child.codes and value not in child.outside:
        yield "code", "7"
    yield from _type_faults(child.type, value)
    yield from _format_faults(formats, value)
    if child.regex and not child.regex.search(value):
        yield "shape", "7"


def _format_faults(formats: tuple[bytes, ...], value: bytes) -> Iterator[tuple[str, str]]:
    if formats and not any(_is_format(name, value) for name in formats):
        if b"TM" in formats:
            yield "time", "9"
        elif any(name in _DATE_FORMATS for name in formats):
            yield "date", "8"


def _stripped(value: bytes) -> bytes:
    return value.decode("latin-1").rstrip().encode("latin-1")


def _type_faults(kind: str, value: bytes) -> Iterator[tuple[str, str]]:
    if kind in ("AN", "ID"):
        if _STRANGE.search(value):
            yield "characters", "6"
    elif kind == "DT":
        if not is_date(value):
            yield "date", "8"
    elif kind == "TM":
        if not is_time(value):
            yield "time", "9"
    elif not (_DECIMAL if kind == "R" else _WHOLE).fullmatch(value):
        yield "number", "6"


def _is_format(name: bytes, value: bytes) -> bool:
    if name == b"RD8":
        halves = value.split(b"-")
        return len(halves) == 2 and all(len(half) == 8 and is_date(half) for half in halves)
    if name == b"TM":
        return is_time(value)
    if name in (b"D8", b"D6"):
        return len(value) == int(name[1:]) and is_date(value)
    return name == b"DT" and is_date(value)


def is_date(value: bytes) -> bool:
    """A day from 1800 on as CCYYMMDD, YYMMDD (before 50: this century), or CCYYMMDDHHMM."""
    if len(value) not in (6, 8, 12) or not value.isdigit():
        return False
    if len(value) == 6:
        value = (b"20" if value[:2] < b"50" else b"19") + value
    year, month, day = int(value[:4]), int(value[4:6]), int(value[6:8])
    if year < 1800 or not 1 <= month <= 12 or not 1 <= day <= _MONTH_DAYS[month - 1]:
        return False
    if month == 2 and day == 29 and (year % 4 or (year % 100 == 0 and year % 400)):
        return False
    return len(value) == 8 or is_time(value[8:])


def is_time(value: bytes) -> bool:
    """HHMM, HHMMSS, or with one or two decimals of a second."""
    if value and not value.isdigit():
        return False
    if value[:2] > b"23" or value[2:4] > b"59":
        return False
    return len(value) <= 4 or (6 <= len(value) <= 8 and value[4:6] <= b"59")
