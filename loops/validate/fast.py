"""One pattern per place that only a valid segment matches.

The rule that keeps it safe: a pattern may refuse what is valid (the exact
check then looks and finds nothing), it never accepts what is not. So rare
shapes are left out, and the checks beyond the guide that a pattern can make
(ICD-10-CM shape, state and ZIP, NPI shape, pointers from 1 to 12) are made here too.
An optional part is written ``(?:...|)``: the engine tries two branches faster
than it counts a repeat. Repeats are possessive, even of a fixed number: the engine then keeps no way back.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loops.guide import load
from loops.patterns import any_of
from loops.validate.elements import breakable, rules

if TYPE_CHECKING:
    from loops.delimiters import Delimiters
    from loops.guide import SegmentPlace
    from loops.validate.seen import Seen

NEVER: Final = b"(?!)"
# 29 February is left to the exact check.
_DAY: Final = (
    b"(?:1[89]|2[0-9])[0-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8]|(?<!02)(?:29|30)|(?<!0[2469]|11)31)"
)
_TIME: Final = b"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9]|)"
_ICD10: Final = b"[A-TV-Z][0-9][0-9AB][0-9A-Z]{0,4}+"
_ZIP: Final = b"[0-9]{5}+(?:[0-9]{4}+|)"
_NPI: Final = b"[12][0-9]{9}+"
_LONG_LISTS: Final = ("country", "states")  # long to compile and rare where optional: left to the exact check
_NO_BLANK: Final = b"(?<! )"
_REPEATS: Final = 3
_POINTER: Final = b"(?:1[0-2]?+|[2-9])"


class _Unit(NamedTuple):
    """One value, or elements that come and go together: its pattern when there, and when empty."""

    numbers: range
    there: bytes
    empty: bytes
    required: bool
    either: bytes

    def text(self, seen: Seen | None) -> bytes:
        """The pattern, no wider than what was seen."""
        number = self.numbers[0]
        if self.required or (seen and number in seen.filled and number not in seen.empty):
            return self.there
        return self.empty if seen and number not in seen.filled else self.either


class Patterns:
    """Writes the patterns of segments for one set of delimiters and the line end after each segment."""

    def __init__(self, delimiters: Delimiters, line_end: bytes) -> None:
        e, c, t = delimiters.element, delimiters.component, delimiters.terminator
        self.element, self.component, self.terminator = re.escape(e), re.escape(c), re.escape(t)
        self.end = self.terminator + re.escape(line_end)
        self.line_ends = b"[" + re.escape(bytes(set(b"\r\n") - set(t))) + b"]*+"
        self.plain = _ranges(bytes(set(range(0x20, 0x7F)) - set(e + c + t)))
        self._solid = _ranges(bytes(set(range(0x21, 0x7F)) - set(e + c + t)))
        self._whole: dict[tuple[str, int], bytes] = {}
        self._texts: dict[tuple[str, frozenset[int]], tuple[Seen | None, bytes]] = {}
        self._lists: dict[tuple[Any, ...], tuple[frozenset[bytes], bytes]] = {}

    def segment(self, place: SegmentPlace, most: int = 99) -> bytes:
        """The pattern of a whole segment with its terminator and the usual line end; no groups.

        Optional elements after `most` are left to the exact check.
        """
        text = self._whole.get((place.kin, most))
        if text is None:
            text = self._whole[place.kin, most] = self._shaped(place, None, frozenset(), most)
        return text

    def shaped(self, place: SegmentPlace, seen: Seen | None, groups: frozenset[int] = frozenset()) -> bytes:
        """The pattern of a segment that looks like those `seen`: short to compile and fast.

        The elements of `groups`, which are required ones, become groups of the pattern.
        """
        known = self._texts.get((place.kin, groups))
        if known is None or known[0] is not seen:
            known = self._texts[place.kin, groups] = seen, self._shaped(place, seen, groups, 99)
        return known[1]

    def _shaped(self, place: SegmentPlace, seen: Seen | None, groups: frozenset[int], most: int) -> bytes:
        absent = left_out(place)
        found = None if absent is None else self._units(place, absent, seen, groups)
        if found is None:
            return NEVER
        units = self._without_repeats(found)
        more = self._adjustments(place) if place.id == "CAS" else b""
        if not more:
            units = _cut(units, seen.most if seen else most)
        body = self._nested(units, self.element, None if more else seen, more) + self.end
        # Atomic: once a segment has matched, no other reading of it is tried.
        return place.id.encode() + (b"(?>" + body + b")" if b"(?:" in body else body)

    def _nested(self, units: list[_Unit], separator: bytes, seen: Seen | None, more: bytes = b"") -> bytes:
        """Units one after the other, then `more`; what may be missing at the end, part within part."""
        body, needed, loose = more, False, bool(more)
        for unit in reversed(units):
            text = unit.text(seen)
            loose = loose or not (needed or text is unit.there)
            needed = needed or unit.required or (seen is not None and unit.numbers[0] <= seen.least)
            body = text + body
            if not needed:
                body = b"(?:" + body + b"|)"
        some = b"" if needed else b"(?=" + separator + b")"
        return some + body + (b"(?<!" + separator + b")" if loose else b"")

    def _units(
        self, place: SegmentPlace, absent: set[int], seen: Seen | None, groups: frozenset[int]
    ) -> list[_Unit] | None:
        rows = dict(enumerate(place.elements, 1))
        address = (2, 3) if place.id == "N4" else ()  # state and ZIP: wanted there, whatever the usage
        absent = absent | {n for n, row in rows.items() if row[1] == "N" or (n not in address and _rare(row))}
        last = max(rows.keys() - absent, default=0)
        pairs = dict(_pairs(place))
        units, number = [], 1
        while number <= last:
            row = rows[number]
            second = pairs.get(number)
            if second and second <= last:
                unit = self._pair(place, number, (row, rows[second]), seen, group=second in groups)
                number = second
            elif number in absent:
                unit = self._nothing(number, self.element)
            else:
                unit = self._single(place, number, row, seen, group=number in groups)
            if unit is None:
                return None
            units.append(unit)
            number += 1
        return units

    @staticmethod
    def _nothing(number: int, separator: bytes) -> _Unit:
        return _Unit(range(number, number + 1), NEVER, separator, required=False, either=separator)

    @staticmethod
    def _without_repeats(units: list[_Unit]) -> list[_Unit]:
        """An optional element that ends the segment several times over (HI) as one that repeats."""
        last = units[-1]
        times = len(list(takewhile(lambda unit: unit.there == last.there, reversed(units))))
        if times < _REPEATS or last.required:
            return units
        again = b"(?:" + last.there + b"){1,%d}+" % times
        numbers = range(units[-times].numbers[0], last.numbers[0] + 1)
        return [*units[:-times], _Unit(numbers, again, NEVER, required=False, either=again)]

    def _adjustments(self, place: SegmentPlace) -> bytes:
        """What may follow CAS04: reason and amount, and a quantity where another reason follows."""
        reason, amount, quantity = (self._value(place, n, place.elements[n - 1]) for n in (5, 6, 7))
        if reason is None or amount is None or quantity is None:
            return b""
        e, body = self.element, b""
        for _ in range(5, len(place.elements), 3):
            more = b"(?:" + e + b"(?:" + quantity + b"|)" + body + b")?"
            body = b"(?:" + e + reason + e + amount + more + b"|)"
        return body

    def _single(
        self, place: SegmentPlace, number: int, row: list[Any], seen: Seen | None, *, group: bool
    ) -> _Unit | None:
        value = self._value(place, number, row, seen)
        if value is None:
            return None
        required = row[1] == "R" or (place.id == "N4" and number in (2, 3))
        return self._unit(
            range(number, number + 1), _group(value, group=group), self.element, seen, required=required
        )

    def _unit(
        self, numbers: range, value: bytes, separator: bytes, seen: Seen | None, *, required: bool
    ) -> _Unit:
        chars = self.plain
        if seen and not seen.blanks.intersection(numbers):
            value, chars = value.replace(chars, self._solid).replace(_NO_BLANK, b""), self._solid
        others = self.element * (len(numbers) - 1)
        if value.startswith(chars + b"{1,") and value.count(b"{") == 1:
            either = separator + value.replace(b"{1,", b"{0,")  # one step for full and empty
        else:
            either = separator + b"(?:" + value + b"|" + others + b")"
        return _Unit(numbers, separator + value, separator + others, required, either)

    def _pair(
        self,
        place: SegmentPlace,
        number: int,
        rows: tuple[list[Any], list[Any]],
        seen: Seen | None,
        *,
        group: bool,
    ) -> _Unit | None:
        e = self.element
        first, second = rows
        codes = {code.encode() for code in first[2] or ()}
        if seen and seen.single(number) in codes:
            codes &= {seen.single(number)}
        if first[0] == "1250":
            known = {b"D8": b"D8" + e, b"RD8": b"RD8" + e + _DAY + b"-"}
            before = [known[code] for code in sorted(codes & set(known))]
            options = [_either(before) + _group(_DAY, group=group)] if before else []
        elif place.id == "NM1" and "XX" in first[2]:
            others = codes - {b"XX"}
            options = [b"XX" + e + _NPI] if b"XX" in codes else []
            options += [any_of(sorted(others)) + e + self._text(second)] if others else []
        else:
            one, other = self._value(place, number, first, seen), self._value(place, 0, second)
            options = [] if one is None or other is None else [one + e + other]
        if not options:
            return None
        return self._unit(
            range(number, number + 2), _either(options), e, seen, required="R" in (first[1], second[1])
        )

    def _value(
        self, place: SegmentPlace, number: int, row: list[Any], seen: Seen | None = None
    ) -> bytes | None:
        if row[0] is None:
            return self._composite(place, row[2], seen.composite(number) if seen else None)
        if place.id == "N4" and number == 3:
            return _ZIP
        return self._simple(row, seen.single(number) if seen else None)

    def _composite(self, place: SegmentPlace, rows: list[list[Any]], seen: Seen | None) -> bytes | None:
        left_out = {n for n, row in enumerate(rows, 1) if row[1] == "N" or _rare(row)}
        units = []
        for number in range(1, max(set(range(1, len(rows) + 1)) - left_out) + 1):
            separator = self.component if number > 1 else b""
            numbers = range(number, number + 1)
            if number in left_out:
                units.append(self._nothing(number, separator))
                continue
            value = self._component(place, rows, number, seen.single(number) if seen else None)
            if value is None:
                return None
            required = rows[number - 1][1] == "R" or number == 1
            units.append(self._unit(numbers, value, separator, None, required=required))
        return self._nested(_cut(units, seen.most) if seen else units, self.component, seen)

    def _component(
        self, place: SegmentPlace, rows: list[list[Any]], number: int, only: bytes | None
    ) -> bytes | None:
        row = rows[number - 1]
        if place.id == "HI" and number <= 2 and {"ABK", "ABF"} & set(rows[0][2] or ()):
            return b"AB[FK]" if number == 1 and len(rows[0][2]) > 2 else self._diagnosis(rows, number)
        return _POINTER if row[0] == "1328" else self._simple(row, only)

    def _diagnosis(self, rows: list[list[Any]], number: int) -> bytes:
        if number == 2:
            return _ICD10
        return any_of(code.encode() for code in rows[0][2] if code in ("ABK", "ABF"))

    def _simple(self, row: list[Any], only: bytes | None) -> bytes | None:
        number, _, codes, external, regex = row
        kind, least, most = load().data_elements[number]
        if codes or external:
            return self._codes(codes or [], external, (least, most), only)
        if regex or kind in ("AN", "ID"):
            return b"[0-9]{9}+" if regex else self._text(row)
        if kind == "DT":
            return _DAY if least <= 8 <= most else None
        if kind == "TM":
            return _TIME if least <= 4 and most >= 6 else None
        return self._number(kind, least, most)

    @staticmethod
    def _number(kind: str, least: int, most: int) -> bytes:
        if kind == "R" and least == 1 and most > 3:  # up to three decimals; others are looked at
            return b"-?+[0-9]{1,%d}+(?:\\.[0-9]{1,3}+|)" % (most - 3)
        return b"-?+[0-9]{%d,%d}+" % (least, most)

    def _text(self, row: list[Any]) -> bytes:
        _, least, most = load().data_elements[row[0]]
        return self.plain + b"{%d,%d}+" % (least, most) + _NO_BLANK

    def _codes(
        self, codes: list[str], external: str | None, lengths: tuple[int, int], only: bytes | None
    ) -> bytes:
        """The codes of a list, or `only` the one of them that was seen."""
        key = *codes, external, *lengths
        if key not in self._lists:
            bad = re.compile(rb"[^ -~]| $|[" + self.element + self.component + self.terminator + b"]")
            both = [*codes, *(load().code_sets[external] if external else ())]
            values = (code.encode() for code in both if code and lengths[0] <= len(code) <= lengths[1])
            good = frozenset(value for value in values if not bad.search(value))
            self._lists[key] = good, any_of(sorted(good))
        good, text = self._lists[key]
        return re.escape(only) if only in good and only else text


def _cut(units: list[_Unit], most: int) -> list[_Unit]:
    """The units up to number `most`, or to the last that is required."""
    last = max(most, *(unit.numbers[0] for unit in units if unit.required), 0)
    return [unit for unit in units if unit.numbers[0] <= last]


def _either(options: list[bytes]) -> bytes:
    return options[0] if len(options) == 1 else b"(?:" + b"|".join(options) + b")"


def _group(value: bytes, *, group: bool) -> bytes:
    return b"(" + value + b")" if group else value


def _rare(row: list[Any]) -> bool:
    return row[0] is not None and row[3] in _LONG_LISTS and row[1] == "S"


def _ranges(values: bytes) -> bytes:
    """A character class written as ranges: shorter to compile than a list."""
    found: list[tuple[int, int]] = []
    for value in sorted(values):
        if found and found[-1][1] == value - 1:
            found[-1] = found[-1][0], value
        else:
            found.append((value, value))
    parts = (
        re.escape(bytes([low])) + (b"-" + re.escape(bytes([high])) if high > low else b"")
        for low, high in found
    )
    return b"[" + b"".join(parts) + b"]"


@cache
def _pairs(place: SegmentPlace) -> list[tuple[int, int]]:
    """Neighbours that come and go together: a rule P over two optional ones, and a format with its date."""
    found = []
    for rule in rules(place):
        if rule.text[0] == "P" and len(rule.members) == 2 and rule.members[1] == rule.members[0] + 1:
            usages = {place.elements[n - 1][1] for n in rule.members}
            if len(usages) == 1 and "N" not in usages:
                found.append((rule.members[0], rule.members[1]))
    for number, (first, second) in enumerate(zip(place.elements, place.elements[1:], strict=False), 1):
        if first[0] == "1250" and second[0] == "1251" and (number, number + 1) not in found:
            found.append((number, number + 1))
    return found


@cache
def left_out(place: SegmentPlace) -> set[int] | None:
    """Optional elements that the pattern refuses lest a relational rule be broken; None: hopeless."""
    paired = _pairs(place)
    left_out: set[int] = set()
    for rule in rules(place):
        if rule.text[0] == "P" and rule.members in paired:
            continue
        if not breakable(place, rule, left_out):
            continue
        optional = [n for n in rule.members if place.elements[n - 1][1] == "S"]
        single = next((n for n in reversed(optional) if not breakable(place, rule, left_out | {n})), None)
        left_out |= {single} if single else set(optional)
        if breakable(place, rule, left_out):
            return None
    if any(breakable(place, rule, left_out) for rule in rules(place) if rule.members not in paired):
        return None
    return left_out
