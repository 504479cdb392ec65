"""What is taken of the text of claims, as the ledger writes it.

Most of what claims say was said before (procedures, days, places, codes): it is judged by `kept` and written
once, and found again by its text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from loops.build import DIAGNOSES
from loops.claim import POINTER
from loops.values import period
from loops.walker import LEADING
from scrubber.ledger import kept
from scrubber.ledger.kept import quoted
from scrubber.ledger.patterns import patterns

if TYPE_CHECKING:
    from loops.delimiters import Delimiters

BETWEEN: Final = ":"
"""Stands between the codes of a list, and in no code."""

Elements = list[str]
"""A segment: its id, its elements, and empty texts behind, so that ``[n]`` (to 9) is there where absent."""

ABSENT: Final[Elements] = [""] * 10

Taken = tuple[str, str, str, str, int | None, str | None, str | None, str | None, int, str]
"""What is read of a claim.

Of loop 2300 CLM01, CLM05-3, REF02 of D9 and of F8, CLM02 in cents; NM109 of loop 2310B with qualifier XX,
empty when it is another, None without that loop; of the service lines the first and the last day (ISO 8601),
how many they are, and they themselves as the text of a JSON list of lists.
"""

_T = TypeVar("_T")
_MOST: Final = 4096
_HI_CODES: Final = 12  # of a segment, and the most that a line can point at
_PARTIES: Final = 8  # the group of the head's pattern where NM1 begins
_PADDING: Final = [""] * (_HI_CODES + 1)
_PARTS: Final = (
    {"": "00", ".": "00"}
    | {f".{n}": f"{n}0" for n in range(10)}
    | {f".{n:02}": f"{n:02}" for n in range(100)}
)


class Block(NamedTuple):
    """What is read of an HL block."""

    filing: str
    state: str
    born: str
    billing_kind: str
    billing_id: str
    insured_first: str
    member: str
    payer_name: str
    payer_kind: str
    payer_id: str
    patient_first: str


class _Days(NamedTuple):
    """DTP*472: as two values of a JSON list, and first and last day in ISO 8601."""

    text: str
    first: str | None
    last: str | None


_Service = tuple[str, str, Callable[[list[str]], str]]
"""SV104 and SV105 as values of a JSON list, the place empty where the line names none; SV107.

That is what gives of the diagnoses of a claim (`_PADDING` behind them) the text of those it points at.
"""


class _Known(dict[str, _T], Generic[_T]):
    """What was made of a text, to be found again; made anew where it is not there."""

    def __init__(self, make: Callable[[str], _T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> _T:
        if len(self) >= _MOST:
            self.clear()
        made = self[text] = self._make(text)
        return made


class Taker:
    """Takes what is kept out of text with these separators. Made by `taker_of`."""

    def __init__(self, delimiters: Delimiters) -> None:
        self._element = delimiters.element_text
        self._component = delimiters.component_text
        self._terminator = delimiters.terminator
        self._before = delimiters.terminator.decode("latin-1")
        self._trailing = LEADING + delimiters.terminator
        self._marks = patterns(delimiters)
        self._facilities = _Known(self._facility)
        self._diagnoses = _Known(self._diagnosis)
        self._numbers = _Known(_number)
        self._procedures = _Known(self._procedure)
        self._services = _Known(self._service)
        self._days = _Known(self._period)
        self._drugs = _Known(_drug)

    def body(self, raw: bytes) -> bytes:
        """The bytes of segments without what follows the last of them: its terminator, line ends."""
        whole = len(raw.rstrip(self._trailing))
        end = raw.find(self._terminator, whole)
        return raw[: end if end >= 0 else whole]

    def block(self, raw: bytes) -> Block:
        """What is read of an HL block; `NO_BLOCK` where none of the segments is there."""
        found = self._marks.block.match(raw.decode("latin-1"))
        assert found is not None  # it matches anything
        return Block._make(found.groups("")) if found.lastindex else NO_BLOCK

    def claim(self, body: bytes) -> Taken:
        """What is read of a claim: NM1 begins the loops of others, SBR those of other payers."""
        text = self._before + body.decode("latin-1")
        found = self._marks.head.match(text)
        assert found is not None  # it matches anything
        id_, charge, facility, trace, payer_control, hi, again, _, kind, rendering = found.groups()
        place, frequency = self._facilities[facility or ""]
        codes = self._composites(hi or "")
        if again is not None:
            every = self._marks.codes.findall(text, 0, found.start(_PARTIES))
            codes = [code for one in every for code in self._composites(one)]
        diagnoses = [code for one in codes if (code := self._diagnoses[one]) is not None]
        lines = self._lines(text, found.end(), place, diagnoses + _PADDING)
        return (
            kept.control(id_ or ""),
            frequency,
            kept.control(trace) if trace else "",
            kept.control(payer_control) if payer_control else "",
            kept.cents(charge or ""),
            None if kind is None else npi(kind, rendering),
            *lines,
        )

    def _lines(
        self, text: str, start: int, place: str, diagnoses: list[str]
    ) -> tuple[str | None, str | None, int, str]:
        """The service lines from `start` as `Taken` has them: of each segment the first in its line counts.

        The values of a line are those of `SubmittedLine` in its order, amounts in cents, lists with colons
        between.
        """
        written = []
        before, days, first, last = "", self._days[""], None, None
        found = self._marks.line.findall(text, start)
        for number, procedure, dollars, part, odd, service, dtp, control, more, ndc in found:
            units, own_place, pointed = self._services[service]
            # Most are written as here, which is seen by their patterns.
            cents = dollars + _PARTS[part] if dollars and not odd else _cents(dollars + part + odd)
            reference = quoted(kept.control(control + more))[1:-1] if more else control
            if dtp != before:  # mostly all lines are of one day
                days, before = self._days[dtp], dtp
                first, last = _earlier(first, days.first), _later(last, days.last)
            written.append(
                f'[{self._numbers[number]},"{reference}",{self._procedures[procedure]},{units},{cents},'
                f'{days.text},{own_place or place},"{pointed(diagnoses)}",{self._drugs[ndc]}]'
            )
        return first, last, len(written), f"[{','.join(written)}]"

    def _composites(self, hi: str) -> list[str]:
        """The composites of an HI, of its text behind its id."""
        return hi.split(self._element, _HI_CODES)[:_HI_CODES]

    def _facility(self, text: str) -> tuple[str, str]:
        """CLM05: the place of service as a value of a JSON list, and the frequency."""
        parts = text.split(self._component) + ABSENT
        return _place(parts[0]), kept.short(parts[2])

    def _diagnosis(self, text: str) -> str | None:
        """The code of a composite of HI; None for one that is no diagnosis."""
        qualifier, *rest = text.split(self._component)
        return kept.diagnosis(rest[0]) if qualifier in DIAGNOSES and rest else None

    def _procedure(self, text: str) -> str:
        """SV101: code, and modifiers with an empty text where one is left out before another."""
        parts = text.split(self._component) + ABSENT
        modifiers = [kept.short(one) for one in parts[2:6]]
        while modifiers and not modifiers[-1]:
            modifiers.pop()
        return f"{quoted(kept.code(parts[1]))},{quoted(BETWEEN.join(modifiers))}"

    def _service(self, text: str) -> _Service:
        """SV1 from SV103 on."""
        _, units, place, _, pointers, *_ = text.split(self._element) + ABSENT
        found = kept.units(units)
        pointed = [int(one) - 1 for one in pointers.split(self._component) if POINTER.fullmatch(one)]
        number = "null" if found is None else quoted(str(found))
        return number, _place(place) if place else "", _pointing(pointed)

    def _period(self, dtp: str) -> _Days:
        _, qualifier, text, *_ = dtp.split(self._element) + ABSENT
        days = period(qualifier, text)
        first, last = (None if day is None else day.isoformat() for day in days)
        return _Days(f"{quoted(first)},{quoted(last)}", first, last or first)


NO_BLOCK: Final = Block(*[""] * len(Block._fields))


@lru_cache(maxsize=16)
def taker_of(delimiters: Delimiters) -> Taker:
    """The one for these separators."""
    return Taker(delimiters)


def npi(kind: str, id_: str) -> str:
    """NM109 where NM108 says that it is an NPI."""
    return kept.npi(id_) if kind == "XX" else ""


def _number(text: str) -> str:
    return quoted(kept.line_number(text))


def _place(text: str) -> str:
    return quoted(kept.short(text))


def _drug(text: str) -> str:
    return quoted(kept.ndc(text))


def _cents(text: str) -> str:
    found = kept.cents(text)
    return "null" if found is None else str(found)


def _pointing(numbers: list[int]) -> Callable[[list[str]], str]:
    """What joins the texts with these numbers (from 0) that are not empty."""
    if len(numbers) == 1:
        return itemgetter(numbers[0])
    pick = itemgetter(*numbers, _HI_CODES, _HI_CODES)
    return lambda texts: BETWEEN.join(filter(None, pick(texts)))


def _earlier(one: str | None, other: str | None) -> str | None:
    return min(one, other) if one and other else one or other


def _later(one: str | None, other: str | None) -> str | None:
    return max(one, other) if one and other else one or other
