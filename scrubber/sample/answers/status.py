"""The 277CA (005010X214): claims accepted and refused, by the clearinghouse and by the payers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from scrubber.sample.answers.letters import Notice
from scrubber.sample.answers.payers import TRAITS
from scrubber.sample.answers.segments import CLEARINGHOUSE, interchange, money, procedure, transaction
from scrubber.sample.claims import Line
from scrubber.sample.days import ccyymmdd
from scrubber.sample.people import Clinic

_GUIDE: Final = "005010X214"
_POINTER: Final = "A3:247"
_RECEIVED: Final = "A1:19"
_SHORT: Final = 17


@dataclass(frozen=True, slots=True)
class Source:
    """Who answers: AY the clearinghouse, PR a payer; name, qualifier of the id, id."""

    role: str
    name: str
    qualifier: str
    id: str


HOUSE: Final = Source("AY", "EXAMPLE CLEARINGHOUSE", "46", CLEARINGHOUSE)


class Batch(NamedTuple):
    """Claims that are answered together: the BHT03 they came with, the day, what is said of each."""

    trace: str
    received: date
    notices: Sequence[Notice]


def write(source: Source, day: date, control: int, batches: Sequence[Batch]) -> bytes:
    """The 277CA of `source` on a day, a transaction set for each batch."""
    sets = [
        transaction("277", number, _GUIDE, _body(source, day, f"{control:05}{number:04}", batch))
        for number, batch in enumerate(batches, 1)
    ]
    return interchange("HN", _GUIDE, control, day, sets)


def _body(source: Source, day: date, trace: str, batch: Batch) -> list[str]:
    made = ccyymmdd(day)
    notices = sorted(batch.notices, key=lambda one: one.claim.clinic.npi)
    body = [
        f"BHT*0085*08*{trace}*{made}*1800*TH",
        "HL*1**20*1",
        f"NM1*{source.role}*2*{source.name}*****{source.qualifier}*{source.id}",
        f"TRN*1*{trace}",
        f"DTP*050*D8*{ccyymmdd(batch.received)}",
        f"DTP*009*D8*{made}",
        "HL*2*1*21*1",
        "NM1*41*2*EXAMPLE BILLING SERVICE*****46*TESTSENDER",
        f"TRN*2*{batch.trace}",
        f"STC*{_RECEIVED}:{source.role}*{made}*WQ*{money(sum(one.claim.cents for one in notices))}",
        *_totals(notices, "90", "AA"),
    ]
    levels = 2
    for clinic, group in groupby(notices, key=lambda one: one.claim.clinic):
        levels += 1
        claims = list(group)
        body += _provider(levels, clinic, source, claims)
        above = levels
        for notice in claims:
            levels += 1
            body += _claim(f"HL*{levels}*{above}*PT", notice, source, made)
    return body


def _provider(level: int, clinic: Clinic, source: Source, notices: Sequence[Notice]) -> list[str]:
    return [
        f"HL*{level}*2*19*1",
        f"NM1*85*2*{clinic.name}*****XX*{clinic.npi}",
        "TRN*1*0",
        f"STC*{_RECEIVED}:{source.role}**WQ*{money(sum(one.claim.cents for one in notices))}",
        *_totals(notices, "QA", "QC"),
    ]


def _totals(notices: Iterable[Notice], accepted: str, refused: str) -> list[str]:
    taken: list[int] = []
    back: list[int] = []
    for notice in notices:
        (back if _refuses(notice) else taken).append(notice.claim.cents)
    return [
        *([f"QTY*{accepted}*{len(taken)}"] if taken else []),
        *([f"QTY*{refused}*{len(back)}"] if back else []),
        *([f"AMT*YU*{money(sum(taken))}"] if taken else []),
        *([f"AMT*YY*{money(sum(back))}"] if back else []),
    ]


def _refuses(notice: Notice) -> bool:
    return bool(notice.causes) or notice.status.startswith("A3")


def _claim(level: str, notice: Notice, source: Source, made: str) -> list[str]:
    claim = notice.claim
    traits = TRAITS[claim.payer.id]
    payer = source.role == "PR"
    codes, lines = _codes(notice, points=payer and traits.points)
    control = claim.control[:_SHORT] if payer and traits.short else claim.control
    action = "U" if _refuses(notice) else "WQ"
    first, second, third, *_ = [*codes, "", ""]
    stc = ["STC", first, made, action, money(claim.cents), *[""] * 5, second, third, notice.text]
    last, given = claim.patient_name
    return [
        level,
        f"NM1*QC*1*{last}*{given}****MI*{claim.member}",
        f"TRN*2*{control}",
        "*".join(stc).rstrip("*"),
        *([f"REF*1K*{notice.payer_control}"] if notice.payer_control else []),
        *([f"REF*D9*{claim.trace}"] if claim.trace else []),
        f"DTP*472*D8*{claim.day}",
        *(row for code, line in lines for row in _line(code, line, claim.day, made)),
    ]


def _codes(notice: Notice, *, points: bool) -> tuple[list[str], list[tuple[str, Line]]]:
    """The statuses of the claim, and those of lines.

    Where lines are refused the claim repeats their statuses, or with `points` only says that they are.
    """
    at = [(cause.code, cause.line(notice.claim)) for cause in notice.causes]
    lines = [(code, line) for code, line in at if line]
    codes = [code for code, line in at if not line]
    if lines and not codes:
        codes = [_POINTER] if points else [code for code, _ in lines]
    return codes or [notice.status], lines


def _line(code: str, line: Line, day: str, made: str) -> list[str]:
    units = f"*****{line.units}" if line.units != "0" else ""
    return [
        f"SVC*{procedure(line.procedure)}*{money(line.cents)}{units}",
        f"STC*{code}*{made}*U",
        f"REF*FJ*{line.control or line.number}",
        f"DTP*472*D8*{day}",
    ]
