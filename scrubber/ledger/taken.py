"""What is taken of the text of claims, as the ledger writes it.

Most of what claims say was said before (procedures, days, places, codes): it is judged by `kept` and written
once, and found again by its text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from json.encoder import JSONEncoder
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from loops.build import DIAGNOSES
from loops.claim import POINTER
from loops.values import period
from loops.walker import LEADING
from scrubber.ledger import kept
from scrubber.ledger.patterns import patterns

if TYPE_CHECKING:
    from loops.delimiters import Delimiters

BETWEEN: Final = ":"
"""Stands between the codes of a list, and in no code."""

Elements = list[str]
"""A segment: its id, its elements, and empty texts behind, so that ``[n]`` (to 9) is there where absent."""

ABSENT: Final[Elements] = [""] * 10

_T = TypeVar("_T")
_MOST: Final = 4096
_HI_CODES: Final = 12  # whatever follows
_LONGEST_CONTROL: Final = 50  # of element 127, as the guide has it
_REF: Final = len("REF*6R*")
_quoted: Final = JSONEncoder().encode


class Head(NamedTuple):
    """Loop 2300 before the lines: CLM01, CLM02, CLM05, REF02 of D9 and F8, the diagnoses of HI.

    `place` is CLM05-1 as sent, `frequency` CLM05-3. `rendering` is NM109 of loop 2310B with qualifier XX,
    empty when it is another; None without that loop.
    """

    id: str
    charge: str
    place: str
    frequency: str
    trace: str
    payer_control: str
    diagnoses: list[str]
    rendering: str | None


class Lines(NamedTuple):
    """The service lines: as the text of a JSON list of lists, how many, first and last day (ISO 8601)."""

    text: str
    total: int
    first_day: str | None
    last_day: str | None


class Block(NamedTuple):
    """The segments that are read of an HL block, each with those of its elements that are wanted."""

    sbr: str
    filing: str
    n4: str
    state: str
    dmg: str
    born: str
    billing: str
    billing_kind: str
    billing_id: str
    insured: str
    insured_first: str
    member: str
    payer: str
    payer_name: str
    payer_kind: str
    payer_id: str
    patient: str
    patient_first: str


class _Days(NamedTuple):
    """DTP*472: as two values of a JSON list, and the days in ISO 8601."""

    text: str
    first: str | None
    last: str | None


class _Service(NamedTuple):
    """SV104 and SV105 as values of a JSON list, the place empty where the line names none; SV107, from 0."""

    units: str
    place: str
    pointers: tuple[int, ...]


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
        self._numbers = _Known(self._number)
        self._procedures = _Known(self._procedure)
        self._services = _Known(self._service)
        self._days = _Known(self._period)
        self._places = _Known(_place)
        self._drugs = _Known(self._drug)

    def body(self, raw: bytes) -> bytes:
        """The bytes of segments without what follows the last of them: its terminator, line ends."""
        whole = len(raw.rstrip(self._trailing))
        end = raw.find(self._terminator, whole)
        return raw[: end if end >= 0 else whole]

    def block(self, raw: bytes) -> Block:
        """What is read of an HL block."""
        found = self._marks.block.match(raw.decode("latin-1"))
        assert found is not None  # it matches anything
        return Block(*found.groups(""))

    def claim(self, body: bytes) -> tuple[Head, Lines]:
        """What is read of a claim."""
        text = self._before + body.decode("latin-1")
        first = self._marks.first.search(text)
        end = first.start() if first else len(text)
        head = self._head(text, end)
        return head, self._lines(text, end, head)

    def _head(self, text: str, end: int) -> Head:
        """Read the head of a claim: NM1 begins the loops of others, SBR those of other payers."""
        clm: Elements = []
        trace = payer_control = rendering = None
        diagnoses: list[str | None] = []
        own = True
        for segment in self._marks.head.findall(text, 0, end):
            elements = segment.split(self._element)
            id_ = elements[0]
            if id_ == "NM1":
                own = False
                if elements[1] == "82" and rendering is None:
                    rendering = npi(*(elements + ABSENT)[8:10])
            elif id_ == "SBR":
                break
            elif not own:
                continue
            elif id_ == "HI":
                diagnoses += [self._diagnoses[code] for code in elements[1 : _HI_CODES + 1]]
            elif id_ == "CLM":
                clm = clm or elements
            elif elements[1] == "D9":
                trace = elements[2] if trace is None else trace
            elif payer_control is None:
                payer_control = elements[2]
        clm += ABSENT
        return Head(
            kept.control(clm[1]),
            clm[2],
            *self._facilities[clm[5]],
            kept.control(trace or ""),
            kept.control(payer_control or ""),
            [code for code in diagnoses if code is not None],
            rendering,
        )

    def _lines(self, text: str, start: int, head: Head) -> Lines:
        """Read the service lines from `start`: of each segment the first in its line counts.

        The values of a line are those of `SubmittedLine` in its order, amounts in cents, lists with colons
        between.
        """
        element, diagnoses, own_place = self._element, head.diagnoses, self._places[head.place]
        written, days, every, before = [], self._days[""], set[_Days](), ""
        for lx, sv1, dtp, ref, lin in self._marks.line.findall(text, start):
            parts = sv1.split(element, 3)
            if len(parts) < 4:
                parts += ABSENT
            units, place, pointers = self._services[parts[3]]
            pointed = [diagnoses[n] for n in pointers if n < len(diagnoses) and diagnoses[n]]
            cents, control = kept.cents(parts[2]), ref[_REF:]
            # Most control numbers are letters and digits, and that is seen faster than they are written.
            if control.isalnum() and control.isascii() and len(control) <= _LONGEST_CONTROL:
                control = f'"{control}"'
            else:
                control = _quoted(kept.control(self._of(ref, 2)))
            if dtp != before:  # mostly all lines are of one day
                days, before = self._days[dtp], dtp
                every.add(days)
            written.append(
                f"[{self._numbers[lx]},{control},{self._procedures[parts[1]]},{units},"
                f"{'null' if cents is None else cents},{days.text},"
                f'{place or own_place},"{BETWEEN.join(pointed)}",{self._drugs[lin]}]'
            )
        return Lines(
            f"[{','.join(written)}]",
            len(written),
            min([one.first for one in every if one.first], default=None),
            max([day for one in every if (day := one.last or one.first)], default=None),
        )

    def _of(self, segment: str, number: int) -> str:
        """An element of the text of a segment; empty when it is absent."""
        elements = segment.split(self._element, number + 1)
        return elements[number] if number < len(elements) else ""

    def _facility(self, text: str) -> tuple[str, str]:
        """CLM05: the place of service as sent, and the frequency."""
        parts = text.split(self._component) + ABSENT
        return parts[0], kept.short(parts[2])

    def _diagnosis(self, text: str) -> str | None:
        """The code of a composite of HI; None for one that is no diagnosis."""
        qualifier, *rest = text.split(self._component)
        return kept.diagnosis(rest[0]) if qualifier in DIAGNOSES and rest else None

    def _number(self, lx: str) -> str:
        return _quoted(kept.line_number(self._of(lx, 1)))

    def _procedure(self, text: str) -> str:
        """SV101: code, and modifiers with an empty text where one is left out before another."""
        parts = text.split(self._component) + ABSENT
        modifiers = [kept.short(one) for one in parts[2:6]]
        while modifiers and not modifiers[-1]:
            modifiers.pop()
        return f"{_quoted(kept.code(parts[1]))},{_quoted(BETWEEN.join(modifiers))}"

    def _service(self, text: str) -> _Service:
        """SV1 from SV103 on."""
        _, units, place, _, pointers, *_ = text.split(self._element) + ABSENT
        found = kept.units(units)
        pointed = [int(one) - 1 for one in pointers.split(self._component) if POINTER.fullmatch(one)]
        return _Service(
            "null" if found is None else _quoted(str(found)), _place(place) if place else "", tuple(pointed)
        )

    def _period(self, dtp: str) -> _Days:
        days = period(self._of(dtp, 2), self._of(dtp, 3))
        first, last = (None if day is None else day.isoformat() for day in days)
        return _Days(f"{_quoted(first)},{_quoted(last)}", first, last)

    def _drug(self, lin: str) -> str:
        return _quoted(kept.ndc(self._of(lin, 3)))


NO_BLOCK: Final = Block(*[""] * len(Block._fields))


@lru_cache(maxsize=16)
def taker_of(delimiters: Delimiters) -> Taker:
    """The one for these separators."""
    return Taker(delimiters)


def npi(kind: str, id_: str) -> str:
    """NM109 where NM108 says that it is an NPI."""
    return kept.npi(id_) if kind == "XX" else ""


def _place(text: str) -> str:
    return _quoted(kept.short(text))
