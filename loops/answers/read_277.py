"""Read claim status: the 277CA (005010X214), and other 277 in the same shape (X212, X364).

Levels by HL03: 20 source, 21 receiver, 19 provider; below it the patient (PT
in a 277CA), or subscriber and dependent (22, 23). Each has its TRN, STC, REF,
DTP; claims hold lines (SVC).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from loops.answers.kinds import (
    Answer,
    BatchStatus,
    ClaimStatus,
    LineStatus,
    Origin,
    Problem,
    ProviderStatus,
    Status,
    StatusNote,
    StatusTotals,
)
from loops.answers.segments import Elements, Segments
from loops.answers.tally import Tally
from loops.answers.values import amount, procedure
from loops.values import day, period

_LINE_NUMBER: Final = ("FJ", "6R")  # the guide has FJ; some senders keep the qualifier of the 837
_SERVICE: Final = ("472", "232")  # 232 in guides of 004010
_NO_NAME: Final = [""] * 25


class _Gathered:
    """What stands at one level, claim or line until it is complete."""

    def __init__(self, start: int, head: Elements | None = None) -> None:
        self.start = start
        self.head = head or _NO_NAME
        self.trace = ""
        self.notes: list[StatusNote] = []
        self.references: list[tuple[str, str]] = []
        self.dates: dict[str, Elements] = {}
        self.totals: dict[str, Decimal | None] = {}
        self.lines: list[LineStatus] = []

    def reference(self, *qualifiers: str) -> str:
        """The first REF02 with one of these REF01."""
        return next((value for qualifier, value in self.references if qualifier in qualifiers), "")

    def day(self, qualifier: str) -> date | None:
        """The day of a DTP."""
        dtp = self.dates.get(qualifier)
        return period(dtp[2], dtp[3])[0] if dtp else None

    def service(self) -> tuple[date | None, date | None]:
        """First and last day of service."""
        dtp = next((self.dates[q] for q in _SERVICE if q in self.dates), None)
        return period(dtp[2], dtp[3]) if dtp else (None, None)

    def sums(self, accepted: str, rejected: str) -> StatusTotals:
        """Its totals by their QTY01."""
        return StatusTotals(*(self.totals.get(key) for key in (accepted, rejected, "YU", "YY")))


class Reader277:
    """Takes the segments of one 277 by its `handlers`; `ready` holds the answers that are complete."""

    def __init__(self, origin: Origin, segments: Segments) -> None:
        self.ready: list[Answer] = []
        self._origin = origin
        self._segments = segments
        self._source = self._receiver = self._at = _Gathered(segments.start)
        self._batch: BatchStatus | None = None
        self._provider: ProviderStatus | None = None
        self._open_provider: _Gathered | None = None
        self._claim: _Gathered | None = None
        self._line: _Gathered | None = None
        self._in_patient = self._listed = False
        self._member = ""
        self._tally = Tally()
        self.handlers: Mapping[str, Callable[[Elements], None]] = {
            "AMT": self._total,
            "BHT": self._bht,
            "DTP": self._dtp,
            "HL": self._hl,
            "NM1": self._nm1,
            "QTY": self._total,
            "REF": self._ref,
            "STC": self._stc,
            "SVC": self._svc,
            "TRN": self._trn,
        }

    def end(self) -> None:
        """There are no more segments."""
        self._close_claim()
        self._close_provider()
        self._close_batch()

    def _bht(self, bht: Elements) -> None:
        if bht[1] == "0085" and bht[6] == "TH":  # whatever guide ST03 and GS08 name, or none
            self._origin = replace(self._origin, kind="277CA")

    def _hl(self, hl: Elements) -> None:
        self._close_claim()
        level, start = hl[3], self._segments.start
        self._in_patient = level not in ("20", "21", "19")
        if self._in_patient:
            self._above()
            self._member = self._member if level == "23" else ""  # a dependent has none of its own
            return
        self._close_provider()
        self._at = _Gathered(start)
        if level == "19":
            self._known_batch()
            self._open_provider = self._at
        else:
            self._close_batch()
            if level == "20":
                self._source = self._at
            self._receiver = self._at

    def _nm1(self, nm1: Elements) -> None:
        if not self._in_patient:
            if self._at.head is _NO_NAME:
                self._at.head = nm1
        elif nm1[1] in ("QC", "IL") and nm1[9]:
            self._member = nm1[9]

    def _trn(self, trn: Elements) -> None:
        if self._in_patient:
            self._close_claim()
            self._claim = _Gathered(self._segments.start)
        self._target().trace = trn[2]

    def _stc(self, stc: Elements) -> None:
        statuses = tuple(self._status(stc[at]) for at in (1, 10, 11) if stc[at])
        note = StatusNote(statuses, day(stc[2]), stc[3], amount(stc[4]), amount(stc[5]), stc[12])
        self._target().notes.append(note)

    def _status(self, composite: str) -> Status:
        return Status(*[*self._segments.components(composite), "", "", ""][:4])

    def _ref(self, ref: Elements) -> None:
        self._target().references.append((ref[1], ref[2]))

    def _dtp(self, dtp: Elements) -> None:
        self._target().dates.setdefault(dtp[1], dtp)

    def _total(self, total: Elements) -> None:
        """A QTY or AMT."""
        self._target().totals.setdefault(total[1], amount(total[2]))

    def _svc(self, svc: Elements) -> None:
        self._close_line()
        self._target()
        self._line = _Gathered(self._segments.start, svc)

    def _target(self) -> _Gathered:
        """What the next STC, REF, DTP, QTY or AMT belongs to."""
        if not self._in_patient:
            return self._at
        if self._claim is None:  # a patient without TRN
            self._claim = _Gathered(self._segments.start)
        return self._line or self._claim

    def _above(self) -> BatchStatus:
        """The batch of the claims that follow; its provider is ready before them too."""
        batch = self._known_batch()
        level = self._open_provider
        if level:
            name = level.head
            notes, totals = tuple(level.notes), level.sums("QA", "QC")
            references = tuple(level.references)
            self._provider = ProviderStatus(
                batch, level.start, name[9], name[8], level.trace, notes, totals, references
            )
            self._open_provider = None
            self.ready.append(self._provider)
        return batch

    def _known_batch(self) -> BatchStatus:
        if self._batch is None:
            source, receiver = self._source, self._receiver
            self._batch = BatchStatus(
                origin=self._origin,
                start=source.start,
                source_role=source.head[1],
                source=source.head[3],
                source_id=source.head[9],
                source_trace=source.trace,
                received_on=source.day("050"),
                processed_on=source.day("009"),
                receiver_id=receiver.head[9] if receiver is not source else "",
                trace=receiver.trace if receiver is not source else "",
                notes=tuple(receiver.notes),
                totals=receiver.sums("90", "AA"),
            )
            self.ready.append(self._batch)
        return self._batch

    def _close_line(self) -> None:
        line, self._line = self._line, None
        if line and self._claim:
            svc = line.head
            self._claim.lines.append(
                LineStatus(
                    line.start,
                    procedure(self._segments.components(svc[1])),
                    amount(svc[2]),
                    amount(svc[7]),
                    line.reference(*_LINE_NUMBER),
                    *line.service(),
                    tuple(line.notes),
                    tuple(line.references),
                )
            )

    def _close_claim(self) -> None:
        self._close_line()
        claim, self._claim = self._claim, None
        if claim is None:
            return
        batch = self._above()
        account = claim.reference("EJ") if self._origin.kind != "277CA" else ""
        first_day, last_day = claim.service()
        done = ClaimStatus(
            batch=batch,
            provider=self._provider,
            start=claim.start,
            claim=account or claim.trace,
            trace=claim.trace,
            payer_control=claim.reference("1K"),
            intermediary=claim.reference("D9"),
            bill_type=claim.reference("BLT"),
            first_day=first_day,
            last_day=last_day,
            notes=tuple(claim.notes),
            lines=tuple(claim.lines),
            references=tuple(claim.references),
            member_id=self._member,
        )
        self._listed = True
        self._tally.add_claim(done)
        self.ready.append(done)

    def _close_provider(self) -> None:
        if self._open_provider:
            self._above()
        if self._provider and not self._listed:
            self._tally.add_totals(self._provider.totals)
        self._provider, self._listed = None, False

    def _close_batch(self) -> None:
        """End a batch that has a receiver, claims or providers; a source alone waits for its receiver."""
        if self._batch is None and self._receiver is self._source:
            return
        batch = self._known_batch()
        fault = self._tally.fault(batch.totals)
        if fault:
            self.ready.append(Problem("X12-QTY-COUNT", fault, batch.start, batch.start))
        self._batch, self._tally = None, Tally()
