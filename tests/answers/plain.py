"""Our answers in the shape that `pyx12_tree` gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from loops.answers.kinds import (
    Adjustment,
    Answer,
    BatchStatus,
    ClaimPayment,
    ClaimStatus,
    GroupAck,
    ProviderAdjustment,
    ProviderStatus,
    Remittance,
    StatusNote,
    StatusTotals,
    TransactionAck,
)


def spelled(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""


def remittances(answers: Iterable[Answer]) -> list[Any]:
    told: list[Any] = []
    for answer in answers:
        match answer:
            case Remittance():
                told.append(("BPR", answer.amount, spelled(answer.paid_on)))
            case ClaimPayment():
                lines = [
                    [
                        line.procedure.code,
                        list(line.procedure.modifiers),
                        line.charge,
                        line.paid,
                        line.units,
                        line.submitted.code if line.submitted else "",
                        line.control,
                        _triples(line.adjustments),
                        [(remark.list_id, remark.code) for remark in line.remarks],
                    ]
                    for line in answer.lines
                ]
                money = [answer.charge, answer.paid, answer.patient_amount]
                claim = ["CLP", answer.claim, answer.status, *money, answer.payer_control]
                told.append([*claim, _triples(answer.adjustments), lines])
            case ProviderAdjustment():
                told.append(("PLB", answer.reason, answer.amount))
    return told


def _triples(adjustments: tuple[Adjustment, ...]) -> list[tuple[str, str, Decimal | None]]:
    return [(one.group, one.reason, one.amount) for one in adjustments]


def statuses(answers: Iterable[Answer]) -> list[Any]:
    told: list[Any] = []
    for answer in answers:
        match answer:
            case BatchStatus():
                told.append(
                    ["2200B", answer.trace, _notes(answer.notes), _totals(answer.totals, "90", "AA"), []]
                )
            case ProviderStatus() if answer.trace:
                told.append(
                    ["2200C", answer.trace, _notes(answer.notes), _totals(answer.totals, "QA", "QC"), []]
                )
            case ClaimStatus():
                lines = [
                    [line.procedure.code, line.charge, _notes(line.notes), line.control]
                    for line in answer.lines
                ]
                references: dict[str, Any] = {**dict(answer.references)}
                if answer.first_day:
                    references["DTP"] = {spelled(answer.first_day), spelled(answer.last_day)}
                told.append(["2200D", answer.trace, _notes(answer.notes), references, lines])
    return told


def _notes(notes: tuple[StatusNote, ...]) -> list[Any]:
    return [([str(s) for s in note.statuses], spelled(note.day), note.action, note.charge) for note in notes]


def _totals(totals: StatusTotals, accepted: str, rejected: str) -> dict[str, Decimal]:
    values = (totals.accepted, totals.rejected, totals.accepted_amount, totals.rejected_amount)
    told = dict(zip((accepted, rejected, "YU", "YY"), values, strict=True))
    return {key: value for key, value in told.items() if value is not None}


def acknowledgements(answers: Iterable[Answer]) -> list[Any]:
    told: list[Any] = []
    for answer in answers:
        match answer:
            case TransactionAck():
                faults = [
                    [
                        fault.segment_id,
                        str(fault.position),
                        fault.code,
                        fault.claim,
                        [(str(e.element), str(e.component or ""), e.code) for e in fault.elements],
                    ]
                    for fault in answer.faults
                ]
                verdict = [answer.code, *answer.codes]
                told.append(["AK2", answer.kind, answer.control, answer.guide, faults, verdict])
            case GroupAck():
                counts = [str(n) for n in (answer.included, answer.received, answer.accepted)]
                told.append(("AK9", answer.code, *counts))
    return told
