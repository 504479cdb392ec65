"""Read the remittance advice (835, 005010X221, X221A1; 004010X091A1 has the same shape)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from loops.answers.kinds import (
    Adjustment,
    Answer,
    ClaimPayment,
    LinePayment,
    Origin,
    Problem,
    ProviderAdjustment,
    Remark,
    Remittance,
)
from loops.answers.segments import Elements, Segments
from loops.answers.values import amount, procedure
from loops.values import day

_ONE: Final = Decimal(1)
_NOTHING: Final = [""] * 25
_LINE_NUMBER: Final = "6R"
_MIA: Final = (5, 20, 21, 22, 23)
_MOA: Final = (3, 4, 5, 6, 7)


class _Gathered:
    """A claim or a line until it is complete."""

    def __init__(self, start: int, head: Elements) -> None:
        self.start = start
        self.head = head
        self.adjustments: list[Adjustment] = []
        self.remarks: list[Remark] = []
        self.references: list[tuple[str, str]] = []
        self.days: dict[str, str] = {}
        self.amounts: list[tuple[str, Decimal | None]] = []
        self.quantities: list[tuple[str, Decimal | None]] = []
        self.names: dict[str, str] = {}
        self.lines: list[LinePayment] = []


class _Header:
    """BPR to 1000B until it is complete."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.bpr: Elements = _NOTHING
        self.trn: Elements = _NOTHING
        self.produced = ""
        self.names: dict[str, Elements] = {}
        self.ids: dict[str, list[tuple[str, str]]] = {"PR": [], "PE": []}
        self.party = ""


class Reader835:
    """Takes the segments of one 835 by its `handlers`; `ready` holds the answers that are complete."""

    def __init__(self, origin: Origin, segments: Segments) -> None:
        self.ready: list[Answer] = []
        self._origin = origin
        self._segments = segments
        self._header = _Header(segments.start)
        self._remittance: Remittance | None = None
        self._provider = ""
        self._claim: _Gathered | None = None
        self._line: _Gathered | None = None
        self._balance: Decimal | None = Decimal(0)
        self._orphans = False
        self.handlers: Mapping[str, Callable[[Elements], None]] = {
            "AMT": self._amt,
            "BPR": self._bpr,
            "CAS": self._cas,
            "CLP": self._clp,
            "DTM": self._dtm,
            "DTP": self._dtp,
            "LQ": self._lq,
            "LX": self._lx,
            "MIA": self._mia,
            "MOA": self._moa,
            "N1": self._n1,
            "NM1": self._nm1,
            "PLB": self._plb,
            "QTY": self._qty,
            "REF": self._ref,
            "SVC": self._svc,
            "TRN": self._trn,
            "TS3": self._ts3,
        }

    def end(self) -> None:
        """There are no more segments."""
        self._close_claim()
        if self._remittance is None and not (self._header.bpr[1] or self._header.trn[1]):
            return
        remittance = self._known()
        told, counted = remittance.amount, self._balance
        if told is not None and counted is not None and told != counted:
            message = f"BPR02 is {told}, claim payments less provider adjustments are {counted}"
            self.ready.append(Problem("X12-BALANCE-BPR", message, remittance.start, remittance.start))

    def _bpr(self, bpr: Elements) -> None:
        self._header.bpr = bpr

    def _trn(self, trn: Elements) -> None:
        if not self._header.trn[1]:
            self._header.trn = trn

    def _n1(self, n1: Elements) -> None:
        self._header.party = n1[1]
        self._header.names.setdefault(n1[1], n1)
        if n1[4]:
            self._header.ids.setdefault(n1[1], []).append((n1[3], n1[4]))

    def _lx(self, _: Elements) -> None:
        self._close_claim()
        self._known()
        self._provider = ""

    def _ts3(self, ts3: Elements) -> None:
        self._provider = ts3[1]

    def _clp(self, clp: Elements) -> None:
        self._close_claim()
        self._known()
        self._claim = _Gathered(self._segments.start, clp)

    def _svc(self, svc: Elements) -> None:
        self._close_line()
        if self._claim:
            self._line = _Gathered(self._segments.start, svc)
        elif not self._orphans:
            self._orphans = True
            start = self._segments.start
            self.ready.append(
                Problem("X12-ORPHAN", "a service line stands before any claim: it is not read", start, start)
            )

    def _cas(self, cas: Elements) -> None:
        at = self._line or self._claim
        if at is None:
            return
        for n in range(2, 20, 3):
            if cas[n] or cas[n + 1]:
                at.adjustments.append(Adjustment(cas[1], cas[n], amount(cas[n + 1]), amount(cas[n + 2])))

    def _nm1(self, nm1: Elements) -> None:
        if self._claim and nm1[9]:
            self._claim.names.setdefault(nm1[1], nm1[9])

    def _ref(self, ref: Elements) -> None:
        at = self._line or self._claim
        if at:
            at.references.append((ref[1], ref[2]))
        elif self._header.party:
            self._header.ids.setdefault(self._header.party, []).append((ref[1], ref[2]))

    def _dtm(self, dtm: Elements) -> None:
        at = self._line or self._claim
        if at:
            at.days.setdefault(dtm[1], dtm[2])
        elif dtm[1] == "405":
            self._header.produced = dtm[2]

    def _dtp(self, dtp: Elements) -> None:
        """Some senders have DTP, as in a claim, where the guide has DTM."""
        first, _, last = dtp[3].partition("-")
        begin, end = ("232", "233") if dtp[1] == "232" else ("150", "151")
        self._dtm(["DTM", dtp[1], first])
        if last and dtp[1] in ("232", "472"):
            self._dtm(["DTM", begin, first])
            self._dtm(["DTM", end, last])

    def _amt(self, amt: Elements) -> None:
        at = self._line or self._claim
        if at:
            at.amounts.append((amt[1], amount(amt[2])))

    def _qty(self, qty: Elements) -> None:
        at = self._line or self._claim
        if at:
            at.quantities.append((qty[1], amount(qty[2])))

    def _lq(self, lq: Elements) -> None:
        at = self._line or self._claim
        if at and lq[2]:
            at.remarks.append(Remark(lq[1], lq[2]))

    def _mia(self, mia: Elements) -> None:
        self._remarks(mia, _MIA)

    def _moa(self, moa: Elements) -> None:
        self._remarks(moa, _MOA)

    def _remarks(self, segment: Elements, where: tuple[int, ...]) -> None:
        if self._claim:
            self._claim.remarks += [Remark("HE", segment[n]) for n in where if segment[n]]

    def _plb(self, plb: Elements) -> None:
        self._close_claim()
        remittance, start, end = self._known(), self._segments.start, day(plb[2])
        for n in range(3, 15, 2):
            if plb[n] or plb[n + 1]:
                reason, reference = [*self._segments.components(plb[n]), ""][:2]
                money = amount(plb[n + 1])
                self._add(None if money is None else -money)
                self.ready.append(
                    ProviderAdjustment(remittance, start, plb[1], end, reason, reference, money)
                )

    def _add(self, money: Decimal | None) -> None:
        """Add to what BPR02 has to be; one amount that cannot be read makes it unknown."""
        self._balance = None if self._balance is None or money is None else self._balance + money

    def _known(self) -> Remittance:
        """The head of the remittance, complete with the first segment that belongs to a claim."""
        if self._remittance is None:
            header = self._header
            bpr, trn = header.bpr, header.trn
            payer, payee = (header.names.get(role, _NOTHING) for role in ("PR", "PE"))
            money = amount(bpr[2])
            self._remittance = Remittance(
                origin=self._origin,
                start=header.start,
                handling=bpr[1],
                amount=-money if money is not None and bpr[3] == "D" else money,
                method=bpr[4],
                paid_on=day(bpr[16]),
                trace=trn[2],
                originator=trn[3],
                produced_on=day(header.produced),
                payer=payer[2],
                payer_ids=tuple(header.ids.get("PR", ())),
                payee_npi=payee[4] if payee[3] == "XX" else "",
                payee_ids=tuple(header.ids.get("PE", ())),
            )
            self.ready.append(self._remittance)
        return self._remittance

    def _close_line(self) -> None:
        line, self._line = self._line, None
        if line is None or self._claim is None:
            return
        svc, days, components = line.head, line.days, self._segments.components
        service = days.get("472", "")
        self._claim.lines.append(
            LinePayment(
                start=line.start,
                procedure=procedure(components(svc[1])),
                submitted=procedure(components(svc[6])) if svc[6] else None,
                charge=amount(svc[2]),
                paid=amount(svc[3]),
                revenue_code=svc[4],
                units=amount(svc[5]) if svc[5] else _ONE,
                submitted_units=amount(svc[7]),
                control=next((value for q, value in line.references if q == _LINE_NUMBER), ""),
                first_day=day(days.get("150", service)),
                last_day=day(days.get("151", service)),
                adjustments=tuple(line.adjustments),
                remarks=tuple(line.remarks),
                amounts=tuple(line.amounts),
                quantities=tuple(line.quantities),
                references=tuple(line.references),
            )
        )

    def _close_claim(self) -> None:
        self._close_line()
        claim, self._claim = self._claim, None
        if claim is None:
            return
        clp, names, days = claim.head, claim.names, claim.days
        done = ClaimPayment(
            remittance=self._known(),
            start=claim.start,
            provider=self._provider,
            claim=clp[1],
            status=clp[2],
            charge=amount(clp[3]),
            paid=amount(clp[4]),
            patient_amount=amount(clp[5]),
            filing=clp[6],
            payer_control=clp[7],
            place=clp[8],
            frequency=clp[9],
            rendering_npi=names.get("82", ""),
            crossover_id=names.get("TT", ""),
            priority_payer_id=names.get("PR", ""),
            first_day=day(days.get("232", "")),
            last_day=day(days.get("233", "")),
            received_on=day(days.get("050", "")),
            adjustments=tuple(claim.adjustments),
            remarks=tuple(claim.remarks),
            amounts=tuple(claim.amounts),
            quantities=tuple(claim.quantities),
            lines=tuple(claim.lines),
            references=tuple(claim.references),
            member_id=names.get("IL") or names.get("QC", ""),
        )
        self._add(done.paid)
        self.ready.append(done)
