"""Write the claim acknowledgement (277CA, 005010X214) of the 837P transactions of a batch.

Every claim of the batch is answered, accepted or not, and totals are counted
on the same bytes. The answer repeats names and member ids of the claims
(NM1*QC), as the guide demands: it is for the submitter, who sent them.

Where pyx12's map of the guide differs, the guide is followed: in loop 2220D
STC02 is not used, STC12 is, and STC may repeat. pyx12 4.0.0 wants the date,
no text and one STC; the published examples of X214 (``STC*A3:122**U``) and
stupidedi's definition of it (read 2026-11-26) have it the other way.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Final

from loops.answers import wrap
from loops.answers.echo import Echo, EchoedAbout, EchoedClaim, EchoedHeader, EchoedLine, Named
from loops.answers.kinds import Status
from loops.answers.wrap import echoed
from loops.batch import Batch
from loops.scan import NONE, Index

_GUIDE: Final = "005010X214"
_UNKNOWN: Final = "UNKNOWN"
_STATUS: Final = re.compile("[A-Z0-9]{1,30}(:[A-Z0-9]{0,30}){1,3}")
_STATUSES: Final = 3  # of an STC: STC01, STC10, STC11
_MORE: Final = 9  # STC10 stands this far behind STC01
_TEXT: Final = 264
_PIECE: Final = 4096
_QUALIFIERS: Final = frozenset({"ER", "HC", "IV", "WK"})
_RECEIVED: Final = "A1:19"
_ZERO: Final = Decimal(0)
_NOTHING, _ACCEPTED, _REFUSED = range(3)
_NONE: Final = "0"  # TRN02 where there is no number to repeat


@dataclass(frozen=True, slots=True)
class Note:
    """Statuses about one thing: a service line (`line`, its ordinal in the claim from 1) or the claim (0).

    `text` is STC12: a code of ours, never data of the claim. Notes about the same
    thing share an STC, of which each has three statuses at most.
    """

    statuses: tuple[Status, ...]
    line: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a claim: taken on (action WQ) or not (U), and why.

    Raises ValueError without a status, as a refusal has a reason, or with one that is no code.
    """

    accepted: bool
    notes: tuple[Note, ...]

    def __post_init__(self) -> None:
        if not self.notes or not all(note.statuses for note in self.notes):
            raise ValueError("a verdict needs a note, and a note a status")
        if not all(_STATUS.fullmatch(str(status)) for note in self.notes for status in note.statuses):
            raise ValueError("a status is made of capital letters and digits")


_TAKEN_ON: Final = Status("A2", "20")
_NO_LINES: Final[frozenset[int]] = frozenset()
ACCEPTED: Final = Verdict(accepted=True, notes=(Note((_TAKEN_ON,)),))
POINTER: Final = Note((Status("A3", "247"),))
"""Said of a refused claim whose reasons all stand on lines; it counts as no cause."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers, loop 2100A: `role` AY (clearinghouse) or PR (payer), name, NM108 and NM109.

    Where name or id is empty, the receiver of the transaction (its loop 1000B) is taken.
    """

    role: str = "AY"
    name: str = ""
    id_qualifier: str = "46"
    id: str = ""


def write_277(
    batch: Batch,
    verdicts: Mapping[int, Verdict],
    *,
    control: int,
    made_on: datetime,
    answerer: Answerer | None = None,
    received_on: date | None = None,
    line_end: str = "",
) -> Iterator[bytes]:
    """The 277CA that answers every 837P transaction of `batch`, piece by piece.

    `verdicts` has the verdict of a claim by its `loops.Claim.index` (from 1);
    a claim without one is `ACCEPTED`. One interchange comes for each
    interchange of the batch with 837P transactions, a group for each group, a
    transaction for each transaction. `control` (1 to 999999999) is the first
    ISA13 and the first GS06, and later ones count on: there are no more than
    the batch has groups (one at least). `made_on` gives dates and times,
    `received_on` the day the batch came (that of `made_on` when None).
    `line_end` stands after each terminator.
    """
    writer = _Writer(batch, verdicts, made_on, answerer or Answerer(), received_on or made_on.date())
    pending: list[str] = []
    end = f"~{line_end}"
    for segments in writer.interchanges(control):
        pending += segments
        if len(pending) > _PIECE or segments[-1].startswith("IEA"):
            yield (end.join(pending) + end).encode("ascii")
            pending = []


class _Totals:
    """Claims and dollars, accepted and not."""

    def __init__(self) -> None:
        self.counts = [0, 0]
        self.amounts = [_ZERO, _ZERO]

    def __add__(self, other: _Totals) -> _Totals:
        both = _Totals()
        both.counts = [one + more for one, more in zip(self.counts, other.counts, strict=True)]
        both.amounts = [one + more for one, more in zip(self.amounts, other.amounts, strict=True)]
        return both

    def segments(self, accepted: str, rejected: str) -> list[str]:
        """QTY with these QTY01, and AMT; those of nothing are left out."""
        quantities = zip((accepted, rejected), self.counts, strict=True)
        amounts = zip(("YU", "YY"), self.counts, self.amounts, strict=True)
        return [
            *(f"QTY*{qualifier}*{count}" for qualifier, count in quantities if count),
            *(f"AMT*{qualifier}*{_money(money)}" for qualifier, count, money in amounts if count),
        ]

    @property
    def sum(self) -> str:
        return _money(sum(self.amounts, _ZERO))


class _Writer:
    """One answer while it is written."""

    def __init__(
        self,
        batch: Batch,
        verdicts: Mapping[int, Verdict],
        made_on: datetime,
        answerer: Answerer,
        received_on: date,
    ) -> None:
        self.batch = batch
        self.index: Index = batch.index
        self.echo: Echo
        self.verdicts = verdicts
        self.made_on = made_on
        self.today = f"{made_on:%Y%m%d}"
        self.answerer = answerer
        self.received = f"{received_on:%Y%m%d}"
        self.taken_on = f"STC*{_TAKEN_ON}*{self.today}*WQ*"
        self.hl = 0
        self.said = bytearray(len(batch))
        for ordinal, verdict in verdicts.items():
            if 0 < ordinal <= len(batch):
                self.said[ordinal - 1] = _ACCEPTED if verdict.accepted else _REFUSED

    def interchanges(self, control: int) -> Iterator[list[str]]:
        """Every segment of the answer, some at a time."""
        index, group_control = self.index, control
        for isa, sets in _runs(range(len(index.set_start)), index.set_isa):
            envelope = [element.decode("latin-1") for element in index.isas[isa].elements]
            yield [wrap.isa(envelope, control, self.made_on)]
            groups = 0
            for group, members in _runs(sets, index.set_group):
                groups += 1
                yield from self._group(envelope, group, members, group_control)
                group_control = wrap.following(group_control)
            yield [f"IEA*{groups}*{control:09}"]
            control = wrap.following(control)

    def _group(self, envelope: list[str], group: int, sets: range, control: int) -> Iterator[list[str]]:
        elements = () if group == NONE else self.index.groups[group].elements
        answered = [element.decode("latin-1") for element in elements]
        yield [wrap.gs("HN", _GUIDE, answered, envelope, control=control, made_on=self.made_on)]
        for number, set_ in enumerate(sets, 1):
            st02, count = f"{number:04}", 2  # ST and SE
            yield [f"ST*277*{st02}*{_GUIDE}"]
            for segments in self._transaction(set_, f"{control:09}{st02}"):
                count += len(segments)
                yield segments
            yield [f"SE*{count}*{st02}"]
        yield [f"GE*{len(sets)}*{control}"]

    def _transaction(self, set_: int, reference: str) -> Iterator[list[str]]:
        """BHT to the last claim of transaction set `set_`; `reference` names the answer."""
        index, self.echo = self.index, Echo(self.batch, set_)
        claims = range(bisect_left(index.claim_set, set_), bisect_right(index.claim_set, set_))
        header = self.echo.header()
        yield [f"BHT*0085*08*{reference}*{self.today}*{self.made_on:%H%M}*TH"]
        yield self._source(header.receiver, reference)
        providers = [(hl, members, self._totals(members)) for hl, members in _runs(claims, index.billing)]
        totals = sum((one for _, _, one in providers), _Totals())
        yield self._receiver(header, totals, parent=bool(claims))
        undated = header.made_on or self.made_on.date()
        self.hl = 2
        for hl, members, own in providers:
            self.hl += 1
            yield self._provider(hl, own)
            yield from self._patients(members, self.hl, undated)

    def _totals(self, claims: range) -> _Totals:
        found, said = _Totals(), self.said
        counts, amounts = found.counts, found.amounts
        for claim, charge in zip(claims, self.echo.charges(claims), strict=True):
            at = said[claim] == _REFUSED
            counts[at] += 1
            amounts[at] += charge
        return found

    def _source(self, receiver: Named, reference: str) -> list[str]:
        """Loop 2000A: who answers, or else whom the batch was sent to."""
        answerer = self.answerer
        name = echoed(answerer.name or receiver.last, 60) or _UNKNOWN
        qualifier, id_ = (answerer.id_qualifier, answerer.id) if answerer.id else ("46", receiver.id)
        return [
            "HL*1**20*1",
            f"NM1*{answerer.role}*2*{name}*****{qualifier}*{_id(id_)}",
            f"TRN*1*{reference}",
            f"DTP*050*D8*{self.received}",
            f"DTP*009*D8*{self.today}",
        ]

    def _receiver(self, header: EchoedHeader, totals: _Totals, *, parent: bool) -> list[str]:
        """Loop 2000B: the submitter, its batch by BHT03, the totals of the batch."""
        return [
            f"HL*2*1*21*{int(parent)}",
            _nm1("41", header.submitter, "46", header.submitter.id),
            f"TRN*2*{echoed(header.reference, 50) or _NONE}",
            f"STC*{_RECEIVED}:{self.answerer.role}*{self.today}*WQ*{totals.sum}",
            *totals.segments("90", "AA"),
        ]

    def _provider(self, hl: int, totals: _Totals) -> list[str]:
        """Loop 2000C without its claims."""
        name = self.echo.billing(hl)
        return [
            f"HL*{self.hl}*2*19*1",
            _nm1("85", name, name.qualifier, name.id),
            f"TRN*1*{_NONE}",
            f"STC*{_RECEIVED}:{self.answerer.role}**WQ*{totals.sum}",
            *totals.segments("QA", "QC"),
        ]

    def _patients(self, claims: range, provider: int, undated: date) -> Iterator[list[str]]:
        """Loops 2000D of one provider, one for each run of claims of a patient."""
        before, segments = None, list[str]()
        for number, claim in zip(claims, self.echo.claims(claims), strict=True):
            person = self.index.subscriber[number], self.index.patient[number]
            if person != before:
                self.hl += 1
                segments += (f"HL*{self.hl}*{provider}*PT", self._person(*person))
                before = person
            segments += (
                self._judged(number, claim, undated) if self.said[number] else self._accepted(claim, undated)
            )
            if len(segments) > _PIECE:
                yield segments
                segments = []
        yield segments

    def _person(self, subscriber: int, patient: int) -> str:
        """NM1*QC: most are sent back as they came."""
        if sent := self.echo.as_sent(subscriber, patient):
            return f"NM1*QC*1*{sent}"
        name = self.echo.patient(subscriber, patient)
        return _nm1("QC", name, "II" if name.qualifier == "II" else "MI", name.id)

    def _accepted(self, claim: EchoedClaim, undated: date) -> list[str]:
        """Loop 2200D of a claim of which nothing else is said: most are such."""
        id_, charge, about = claim
        return [f"TRN*2*{echoed(id_, 50) or _NONE}", f"{self.taken_on}{charge}", *_about(about, undated)]

    def _judged(self, number: int, claim: EchoedClaim, undated: date) -> list[str]:
        """Loop 2200D, with 2220D for each line that is a reason to refuse the claim."""
        id_, charge, about = claim
        verdict = self.verdicts[number + 1]
        lines = _NO_LINES if verdict.accepted else frozenset(note.line for note in verdict.notes) - {0}
        told = self.echo.lines(number, lines) if lines else {}
        on_lines = {n: line for n, line in told.items() if _can_be_named(line)}
        notes = [note for note in verdict.notes if note.line not in on_lines] or [POINTER]
        action = f"{self.today}*{'WQ' if verdict.accepted else 'U'}*{charge}"
        segments = [f"TRN*2*{echoed(id_, 50) or _NONE}", *_stc(notes, action), *_about(about, undated)]
        for n, line in sorted(on_lines.items()):
            segments += _service_line(line, [note for note in verdict.notes if note.line == n])
        return segments


def _about(about: EchoedAbout, undated: date) -> list[str]:
    """REF and DTP of a claim."""
    intermediary, first_day, last_day = about
    first = first_day or undated
    dtp = _dtp(first, last_day or first)
    intermediary = intermediary and echoed(intermediary, 50)
    return [f"REF*D9*{intermediary}", dtp] if intermediary else [dtp]


def _runs(numbers: range, key: Sequence[int]) -> Iterator[tuple[int, range]]:
    """The runs of `numbers` with the same key, each with its key."""
    start = numbers.start
    for value, members in groupby(numbers, key.__getitem__):
        end = start + sum(1 for _ in members)
        yield value, range(start, end)
        start = end


def _service_line(line: EchoedLine, notes: list[Note]) -> list[str]:
    """Loop 2220D."""
    modifiers = [m for m in (echoed(m, 3) for m in line.modifiers) if len(m) == 2]
    procedure = ":".join((line.qualifier, echoed(line.code, 48), *modifiers))
    svc = f"SVC*{procedure}*{_money(line.charge or _ZERO)}"
    segments = [svc if line.units is None else f"{svc}*****{_money(line.units)}"]
    segments += _stc(notes, "*U")
    if control := echoed(line.control, 50):
        segments.append(f"REF*FJ*{control}")
    if line.first_day:
        segments.append(_dtp(line.first_day, line.last_day or line.first_day))
    return segments


def _can_be_named(line: EchoedLine) -> bool:
    """Whether SVC01 can be written: what stands on other lines is said of the claim."""
    return line.qualifier in _QUALIFIERS and bool(echoed(line.code, 48))


def _stc(notes: Sequence[Note], action: str) -> list[str]:
    """As many STC as the statuses of `notes` need, each status once; `action` is STC02, STC03 and STC04.

    STC12 has the texts of the notes whose statuses stand in the segment.
    """
    unused = "*" * (_MORE - 1 - action.count("*"))
    return [f"STC*{status}*{action}{unused}{more}".rstrip("*") for status, more in _statuses(tuple(notes))]


@lru_cache(maxsize=1024)
def _statuses(notes: tuple[Note, ...]) -> list[tuple[str, str]]:
    """STC01, and STC10 to STC12, of each STC for `notes`: many claims have the same."""
    texts: dict[str, list[str]] = {}
    for note in notes:
        for status in note.statuses:
            texts.setdefault(str(status), []).append(note.text)
    statuses, found = list(texts), []
    for at in range(0, len(statuses), _STATUSES):
        these = statuses[at : at + _STATUSES]
        first, second, third = (*these, "", "")[:_STATUSES]
        said = dict.fromkeys(text for status in these for text in texts[status] if text)
        found.append((first, f"{second}*{third}*{echoed(' '.join(said), _TEXT)}"))
    return found


def _nm1(role: str, name: Named, qualifier: str, id_: str) -> str:
    kind = "1" if name.person or role == "QC" else "2"
    last = echoed(name.last, 60) or _UNKNOWN
    middle = echoed(name.middle, 25) if name.middle else ""
    suffix = echoed(name.suffix, 10) if name.suffix else ""
    rest = f"{echoed(name.first, 35)}*{middle}**{suffix}"
    return f"NM1*{role}*{kind}*{last}*{rest}*{qualifier}*{_id(id_)}"


def _id(value: str) -> str:
    """NM109: at least two characters."""
    value = echoed(value, 80)
    return value if len(value) > 1 else _UNKNOWN


@lru_cache(maxsize=1024)
def _dtp(first: date, last: date) -> str:
    if first == last:
        return f"DTP*472*D8*{first:%Y%m%d}"
    return f"DTP*472*RD8*{first:%Y%m%d}-{last:%Y%m%d}"


def _money(value: Decimal) -> str:
    """A number of type R, without zeros that say nothing."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
