"""The 999 (005010X231A1) of a batch file: mostly accepted, some sets noted or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.answers.segments import interchange, transaction
from scrubber.sample.batch import Set
from scrubber.sample.claims import SampleClaim

_GUIDE: Final = "005010X231A1"
_FAULTY: Final = {"INJ-A05": ("7", "7", "1328"), "INJ-A03": ("4", "7", "380")}  # IK401, IK403, IK402


class Verdicts:
    """Which transaction sets are refused, and the segments that say so."""

    def __init__(self, rng: Random, behaviour: Behaviour) -> None:
        self._rng = rng
        self._behaviour = behaviour

    def judge(self, sent: Set) -> tuple[bool, list[str]]:
        """Whether a set is refused, and the segments AK2 to IK5 of it."""
        chance = self._rng.random()
        faults, code = [], "A"
        if chance < self._behaviour.sets_refused:
            faults, code = self._refusal(sent), "R*5"
        elif chance < self._behaviour.sets_refused + self._behaviour.sets_noted:
            faults = _notes(sent)
            code = "E*5" if faults else "A"
        return code[0] == "R", [f"AK2*837*{sent.number}*005010X222A1", *faults, f"IK5*{code}"]

    def _refusal(self, sent: Set) -> list[str]:
        """One segment of one claim that the receiver cannot read: no fault of the coding."""
        claim, position = self._rng.choice(sent.claims)
        at = next((n for n, row in enumerate(claim.body) if row.startswith("REF")), 0)
        loop = "2400" if "*6R*" in claim.body[at] else "2300"
        fault = ("REF", loop, "IK4*2*127*5") if at else ("CLM", "2300", "IK4*1*1028*6")
        return [f"IK3*{fault[0]}*{position + at}*{loop}*8", f"CTX*CLM01:{claim.control}", fault[2]]


def _notes(sent: Set) -> list[str]:
    """What the receiver says of claims that are faulty in form; it takes them all the same."""
    rows: list[str] = []
    for claim, position in sent.claims:
        spot = next((_FAULTY[fault] for fault in claim.scenario.faults if fault in _FAULTY), None)
        if spot:
            element, code, reference = spot
            at = position + _line_at(claim)
            rows += [
                f"IK3*SV1*{at}*2400*8",
                f"CTX*CLM01:{claim.control}",
                f"IK4*{element}*{reference}*{code}",
            ]
    return rows


def _line_at(claim: SampleClaim) -> int:
    return next(n for n, row in enumerate(claim.body) if row.startswith("SV1*HC:96372"))


def write(gs06: str, day: date, control: int, verdicts: Sequence[tuple[bool, list[str]]]) -> bytes:
    """The 999 that answers group `gs06` whose sets were judged so."""
    accepted = sum(not refused for refused, _ in verdicts)
    noted = any(row.startswith("IK5*E") for _, rows in verdicts for row in rows)
    code = "R" if not accepted else "P" if accepted < len(verdicts) else "E" if noted else "A"
    body = [
        f"AK1*HC*{gs06}*005010X222A1",
        *(row for _, rows in verdicts for row in rows),
        f"AK9*{code}*{len(verdicts)}*{len(verdicts)}*{accepted}",
    ]
    return interchange("FA", _GUIDE, control, day, [transaction("999", 1, _GUIDE, body)])
