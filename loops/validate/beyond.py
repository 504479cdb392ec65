"""What pyx12 does not look at (SNIP 3 to 5): balances, pointers, dates, NPI, ZIP, diagnosis codes.

A clean claim costs a few C calls: the amounts, pointers and dates of its lines
come from one pattern, NPIs from one search over the whole window. Only what
looks suspicious is looked at closely, exactly and with places.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from loops.validate.closer import Claim, Closer
from loops.validate.report import Context, element_span, place_text

if TYPE_CHECKING:
    from loops.delimiters import Delimiters
    from loops.guide import SegmentPlace
    from loops.source import Buffer

Column = tuple[bytes, ...]
Columns = tuple[Column, Column, Column, Column]  # LX01, SV102, SV107 and DTP*472 of the lines of a claim
FAR: Final = 1 << 62
_LATEST: Final = b"99999999"
_KNOWN_CLAIMS: Final = 100_000
_CENTS: Final = 0.004
_LARGE: Final = 1e11
# Digit by digit: twice the digit, its two digits added (45 CFR 162.406; the prefix 80840 adds 24).
_DOUBLED: Final = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_ONCE: Final = bytes.maketrans(b"0123456789", bytes(range(10)))
_GOOD_SUMS: Final = bytes(total for total in range(91) if (total + 24) % 10 == 0)
_ZIP: Final = re.compile(rb"[0-9]{5}(?:[0-9]{4})?")
_ICD10: Final = re.compile(rb"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}")
_PROVINCES: Final = frozenset(b"AB BC MB NB NF NL NS NT NU ON PE PQ QC SK YT".split())
_PATIENT_LOOPS: Final = frozenset({"2010BA", "2010CA"})


def npis_are_good(values: list[bytes]) -> bool:
    """Whether all are ten digits with the NPI's check digit.

    The digits are added up column by column, all values at once: a byte of
    `total` is the sum of one value.
    """
    text = b"".join(values)
    if not text:
        return not values
    if not text.isdigit() or set(map(len, values)) != {10}:
        return False
    total = sum(
        int.from_bytes(text[place::10].translate(_ONCE if place % 2 else _DOUBLED)) for place in range(10)
    )
    return not total.to_bytes(len(values)).translate(None, _GOOD_SUMS) and not text[::10].strip(b"12")


class Beyond:
    """Follows the claims of a source and reports what is wrong with them beyond the guide."""

    def __init__(
        self,
        data: Buffer,
        delimiters: Delimiters,
        line_end: bytes,
        context: Context,
        ordinal: Callable[[], int],
        *,
        on: bool,
    ) -> None:
        self._data = data
        self._ordinal = ordinal
        self._context = context
        self.on = on
        self._suspects: list[int] = []
        self._seen: set[bytes] = set()
        self.birth = b""  # of the patient or subscriber at hand
        self._made_on = _LATEST
        self.sure = True  # nothing of the claim at hand is doubtful so far
        self.enter(delimiters, line_end)

    def enter(self, delimiters: Delimiters, line_end: bytes) -> None:
        """Begin with other delimiters; `line_end` stands after a terminator."""
        self._delimiters = delimiters
        self._separator, self._inner = delimiters.element, delimiters.component
        e, t = re.escape(delimiters.element), re.escape(delimiters.terminator)
        value = b"[^" + e + t + b"]*+"
        plain = b"[^" + e + t + b"\r\n]*+"  # a set of more than three is looked up, a smaller one searched
        e_value = e + plain
        next_ = t + re.escape(line_end)
        date = next_ + b"DTP" + e + b"472" + e + b"R?+D8" + e
        self._lines = re.compile(
            # An LX is taken whatever follows it: none may escape the count.
            b"LX" + e + b"(" + plain + b")(?:" + next_ + b"SV1" + e_value + e + b"(" + plain + b")"
            + e_value * 4 + e + b"(" + plain + b")[^" + t + b"]*+"
            + b"(?:" + date + b"([0-9]{8}(?:-[0-9]{8}|))|)|)"
        ).findall  # fmt: skip
        # Of lines that a pattern matched, less is doubtful: an SV1 has all these elements.
        to_next = b"[^" + e + b"]*+" + e
        self.matched_lines = re.compile(
            b"LX" + e + b"([^" + t + b"]*+)(?:" + next_ + b"SV1" + e + to_next + b"([^" + e + b"]*+)" + e
            + to_next * 4 + b"(" + value + b")[^" + t + b"]*+(?:" + date + b"([^" + t + b"]*+)|)|)"
        ).findall  # fmt: skip
        self._npis = re.compile(e + b"XX" + e + b"(" + value + b")").finditer
        # What a pattern begins with is found fastest where it is rare: no separator first.
        self._npi_values = re.compile(b"XX" + e + b"(" + value + b")").findall
        self._head = re.compile(b"CLM" + e_value + e + b"(" + value + b")").match
        self._payer, self._adjudication = (id_ + delimiters.element for id_ in (b"SBR", b"SVD"))
        self._diagnosis, self._more_diagnoses = (code + delimiters.component for code in (b"BK", b"BF"))
        digits = b"123456789"
        self._pointers = [digits[:n] + delimiters.component for n in range(10)]
        self._closer = Closer(self._data, delimiters, self._context)

    # Fast: what blocks bring (the engine asks only when `on`)

    def take_claim(
        self, number: bytes, charge: bytes, diagnoses: bytes | None, columns: Columns | None, start: int
    ) -> None:
        """A claim that matched as a block: CLM01, CLM02, the elements of HI, its lines as columns.

        What did not come with the block is None: the claim is read again at its end.
        """
        if number in self._seen:
            self._tell_twice(number, start)
        elif len(self._seen) < _KNOWN_CLAIMS:
            self._seen.add(number)
        self.sure = (
            diagnoses is not None
            and columns is not None
            and self._plausible(charge, 1 + diagnoses.count(self._more_diagnoses), columns)
        )

    def _plausible(self, charge: bytes, diagnoses: int, columns: Columns) -> bool:
        """Whether charges, pointers and days of a claim are certainly right."""
        _, amounts, pointers, days = columns
        try:
            total = float(charge)
            balanced = -_CENTS < sum(map(float, amounts)) - total < _CENTS and total < _LARGE
        except ValueError:
            return False
        if not balanced or diagnoses > 9 or b"".join(pointers).strip(self._pointers[diagnoses]):
            return False
        day = days[0]
        if len(day) == 8 and days.count(day) == len(days):  # as a rule all are of one day
            return self.birth <= day <= self._made_on
        if len(b"".join(days)) == 8 * len(days):
            return min(days) >= self.birth and max(days) <= self._made_on
        return min(days) >= (self.birth or b"0") and max(day[-8:] for day in days) <= self._made_on

    def _tell_twice(self, number: bytes, start: int) -> None:
        begin = start + 4
        self._context.add(
            "X12-CLAIM-TWICE", (begin, begin + len(number)), "number the claims apart, or send it once",
            place="2300/CLM01", element=1, segment=self._ordinal(), segment_id="CLM",
        )  # fmt: skip

    # NPIs of a window

    def scan(self, start: int, stop: int) -> None:
        """Look for faulty NPIs in ``[start, stop)``, whole segments."""
        if not self.on:
            return
        values = self._npi_values(self._data, start, stop)
        if not npis_are_good(values):
            bad = {value for value in set(values) if not npis_are_good([value])}
            found = self._npis(self._data, start, stop)
            self._suspects += [match.start() for match in found if match[1] in bad]

    def next_suspect(self, position: int) -> int:
        """Offset of the next faulty NPI from `position` on; far away when there is none."""
        while self._suspects and self._suspects[0] < position:
            del self._suspects[0]
        return self._suspects[0] if self._suspects else FAR

    # Exact: what single segments bring

    def segment(self, place: SegmentPlace, parts: list[bytes], start: int, stop: int, ordinal: int) -> None:
        """Take in a segment that was looked at exactly, in its place."""
        if not self.on:
            return
        match place.id:
            case "CLM":
                self.take_claim(parts[1] if len(parts) > 1 else b"", b"", None, None, start)
            case "LX":
                self.sure = False
            case "HL":
                self.birth = b""
            case "DMG":
                if place.loop.id in _PATIENT_LOOPS and len(parts) > 2 and len(parts[2]) == 8:
                    self.birth = parts[2]
            case "BHT":
                self._made_on = parts[4] if len(parts) > 4 and len(parts[4]) == 8 else _LATEST
            case "ST":
                self._seen.clear()
                self._made_on, self.birth = _LATEST, b""
            case "NM1" | "N4" | "HI":
                self._values(place, parts, stop, ordinal)

    def _values(self, place: SegmentPlace, parts: list[bytes], stop: int, ordinal: int) -> None:
        start = stop - sum(map(len, parts)) - len(parts) + 1  # blanks may stand before it
        for code, element, component, cure in self._value_faults(place.id, parts):
            self._context.add(
                code,
                element_span(start, parts, self._inner, element, component),
                cure,
                place=place_text(place, place.id, element, component),
                element=element,
                component=component,
                segment=ordinal,
                segment_id=place.id,
            )

    def _value_faults(self, id_: str, parts: list[bytes]) -> list[tuple[str, int, int, str]]:
        values = [*parts, *[b""] * 10]
        if id_ == "NM1":
            bad = values[8] == b"XX" and values[9] and not npis_are_good([values[9]])
            return [("X12-NPI", 9, 0, "compare with the NPI registry")] if bad else []
        if id_ == "N4":
            return self._address_faults(*values[2:5])
        found = []
        for element, value in enumerate(parts[1:], 1):
            code, _, rest = value.partition(self._inner)
            diagnosis = rest.partition(self._inner)[0]
            if code in (b"ABK", b"ABF") and diagnosis and not _ICD10.fullmatch(diagnosis):
                found.append(("X12-ICD10", element, 2, "send three to seven characters without a point"))
        return found

    @staticmethod
    def _address_faults(state: bytes, code: bytes, country: bytes) -> list[tuple[str, int, int, str]]:
        if country not in (b"", b"US", b"USA") or state in _PROVINCES:
            return []
        if code and not _ZIP.fullmatch(code):
            return [("X12-ZIP", 3, 0, "send five or nine digits without a hyphen")]
        if not state or not code:
            return [("X12-STATE", 2 if not state else 3, 0, "send both, or the country")]
        return []

    # A claim as a whole

    def claim(self, start: int, end: int) -> None:
        """The claim ``[start, end)`` is complete: look closely where its numbers or dates are doubtful."""
        if self.sure:
            return
        text = bytes(self._data[start:end])
        head, lines = self._head(text), self._lines(text)
        if head and lines and self._payer not in text and self._adjudication not in text:
            diagnoses = text.count(self._diagnosis) + text.count(self._more_diagnoses)
            columns = tuple(zip(*lines))  # noqa: B905 - strict is slow
            if self._plausible(head[1], diagnoses, columns):  # type: ignore[arg-type]
                return
        self._closer.look(Claim(start, end, self._ordinal(), self.birth, self._made_on))
