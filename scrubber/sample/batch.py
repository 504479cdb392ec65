"""A synthetic batch with known faults: the same count and seed give the same bytes, whenever and wherever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from scrubber.sample.fragment import Taker, claim, rows_of
from scrubber.sample.people import CLINICS, PAYERS, address, person
from scrubber.sample.scenarios import PLAIN, RIGHT, WRONG, Scenario

_CLAIMS_IN_SET: Final = 500
_CLAIMS_OF_CLINIC: Final = 20
_DEPENDENTS: Final = 0.15
_MADE_ON: Final = "20261102"
_SHARES: Final = ((PLAIN, 0.55), (RIGHT, 0.27), (WRONG, 0.18))


@dataclass(frozen=True, slots=True)
class Planted:
    """The truth about one claim: its CLM01, the scenario it tells, the rules that must find a fault."""

    claim: str
    scenario: Scenario

    def as_dict(self) -> dict[str, Any]:
        """As JSON data: ``claim``, ``scenario``, ``faults``."""
        return {"claim": self.claim, "scenario": self.scenario.title, "faults": list(self.scenario.faults)}


def sample(count: int, seed: int = 1) -> Iterator[tuple[list[str], list[Planted]]]:
    """Pieces of a batch of `count` claims: segments without terminators, and what is planted in them.

    A piece is a transaction, or the envelope around them. Separators are ``* : ^``.
    """
    rng = Random(f"scrubber sample {seed}")  # noqa: S311 - not for secrets
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'TESTSENDER':15}*ZZ*{'TESTRECEIVER':15}*261102*1200*^*00501"
    yield (
        [f"{isa}*{seed % 10**9:09}*0*T*:", f"GS*HC*TESTSENDER*TESTRECEIVER*{_MADE_ON}*1200*1*X*005010X222A1"],
        [],
    )
    sets = 0
    for first in range(1, count + 1, _CLAIMS_IN_SET):
        sets += 1
        yield _transaction(rng, sets, range(first, min(first + _CLAIMS_IN_SET, count + 1)))
    yield [f"GE*{sets}*1", f"IEA*1*{seed % 10**9:09}"], []


def _transaction(rng: Random, number: int, claims: range) -> tuple[list[str], list[Planted]]:
    body = [
        f"ST*837*{number:04}*005010X222A1",
        f"BHT*0019*00*SAMPLE{number:06}*{_MADE_ON}*1200*CH",
        "NM1*41*2*EXAMPLE BILLING SERVICE*****46*TESTSENDER",
        "PER*IC*SAMPLE DESK*TE*5555550100",
        "NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*TESTRECEIVER",
    ]
    planted = []
    levels = _Levels()
    clinic = CLINICS[0]
    for n, index in enumerate(claims):
        if n % _CLAIMS_OF_CLINIC == 0:
            clinic = rng.choice(CLINICS)
            body += [levels.billing(), *_clinic(rng, clinic)]
        truth = Planted(f"SAMPLE{index:08}", _scenario(rng))
        body += _claim(rng, levels, truth, index, clinic[2])
        planted.append(truth)
    return [*body, f"SE*{len(body) + 1}*{number:04}"], planted


def _scenario(rng: Random) -> Scenario:
    among = rng.choices([kind for kind, _ in _SHARES], [share for _, share in _SHARES])[0]
    return rng.choices(among, [scenario.weight for scenario in among])[0]


def _clinic(rng: Random, clinic: tuple[str, str, str]) -> list[str]:
    name, npi, _ = clinic
    return ["PRV*BI*PXC*207Q00000X", f"NM1*85*2*{name}*****XX*{npi}", *address(rng), "REF*EI*000000001"]


def _claim(rng: Random, levels: _Levels, truth: Planted, index: int, rendering: str) -> list[str]:
    take = Taker(rows_of(truth.scenario.text))
    filing = rng.choice(truth.scenario.payers)
    name, ident = PAYERS[filing]
    stated = (take("DMG") or "").split("*")
    patient = person(rng, "".join(stated[3:4]))
    born, sex = "".join(stated[2:3]) or patient.born, patient.sex
    own = filing not in ("CI", "BL") or rng.random() >= _DEPENDENTS
    holder = patient if own else person(rng)
    group = f"GRP{rng.randrange(10000):04}" if filing in ("CI", "BL") else ""
    where = address(rng)
    head = [
        levels.subscriber(has_child=not own),
        f"SBR*P*{'18' if own else ''}*{group}******{filing}",
        f"NM1*IL*1*{holder.last}*{holder.first}****MI*TEST{index:08}",
        *(where if own else []),
        *([f"DMG*D8*{born}*{sex}"] if own else []),
        f"NM1*PR*2*{name}*****PI*{ident}",
    ]
    if not own:
        head += [
            levels.patient(),
            "PAT*19",
            f"NM1*QC*1*{patient.last}*{patient.first}",
            *where,
            f"DMG*D8*{born}*{sex}",
        ]
    if not any(row.startswith("NM1*82") for row in take.rows):
        take.rows.insert(0, f"NM1*82*1*SAMPLE*PAT****XX*{rendering}")
    day = f"202609{rng.choice((8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23)):02}"
    lines = claim(truth.claim, take.rows, day)
    return [*head, *_numbered(lines, truth.claim)]


def _numbered(rows: list[str], control: str) -> list[str]:
    """With a REF*6R, the control number of a line, after the date of each line."""
    made, number = [], ""
    for row in rows:
        made.append(row)
        if row.startswith("LX*"):
            number = row.removeprefix("LX*")
        elif row.startswith("DTP*472"):
            made.append(f"REF*6R*{control}L{number}")
    return made


class _Levels:
    """Numbers the HL of a transaction."""

    def __init__(self) -> None:
        self._last = self._billing = self._subscriber = 0

    def billing(self) -> str:
        self._last += 1
        self._billing = self._last
        return f"HL*{self._last}**20*1"

    def subscriber(self, *, has_child: bool) -> str:
        self._last += 1
        self._subscriber = self._last
        return f"HL*{self._last}*{self._billing}*22*{int(has_child)}"

    def patient(self) -> str:
        self._last += 1
        return f"HL*{self._last}*{self._subscriber}*23*0"
