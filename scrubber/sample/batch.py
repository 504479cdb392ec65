"""A synthetic batch with known faults: the same count and seed give the same bytes, whenever and wherever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, NamedTuple

from scrubber.sample.claims import Habit, SampleClaim, make
from scrubber.sample.people import CLINICS, Clinic, address

_CLAIMS_IN_SET: Final = 500
_CLAIMS_OF_CLINIC: Final = 20
_MADE_ON: Final = "20261102"
_DAYS: Final = tuple(f"202609{day:02}" for day in (8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23))


class Set(NamedTuple):
    """A transaction set: ST02, BHT03, the day it was made (CCYYMMDD), its segments without terminators.

    `claims` are its claims with the ordinal of their CLM in the set (ST is 1).
    """

    number: str
    trace: str
    made_on: str
    segments: list[str]
    claims: list[tuple[SampleClaim, int]]


class Block(NamedTuple):
    """A billing provider in a set: NM1*85 and what stands around it, and its claims."""

    rows: list[str]
    claims: Sequence[SampleClaim]


def sample(count: int, seed: int = 1) -> Iterator[tuple[list[str], Set | None]]:
    """Pieces of a batch of `count` claims: segments without terminators, and the set that they are.

    A piece is a transaction set, or the envelope around them (no set). Separators are ``* : ^``.
    """
    rng = Random(f"scrubber sample {seed}")  # noqa: S311 - not for secrets
    head, foot = envelope(seed % 10**9, 1, _MADE_ON)
    yield head, None
    sets = 0
    for first in range(1, count + 1, _CLAIMS_IN_SET):
        sets += 1
        blocks = list(_blocks(rng, range(first, min(first + _CLAIMS_IN_SET, count + 1))))
        made = transaction(sets, f"SAMPLE{sets:06}", _MADE_ON, blocks)
        yield made.segments, made
    yield [f"GE*{sets}*1", foot], None


def _blocks(rng: Random, claims: range) -> Iterator[Block]:
    for first in range(0, len(claims), _CLAIMS_OF_CLINIC):
        clinic = rng.choice(CLINICS)
        rows = billing(clinic, address(rng))
        yield Block(
            rows,
            [
                make(rng, index, Habit(f"SAMPLE{index:08}"), clinic, _DAYS)
                for index in claims[first : first + _CLAIMS_OF_CLINIC]
            ],
        )


def envelope(isa13: int, gs06: int, made_on: str) -> tuple[list[str], str]:
    """ISA and GS, and IEA, of an interchange of one group made on that day (CCYYMMDD)."""
    parties = f"ZZ*{'TESTSENDER':15}*ZZ*{'TESTRECEIVER':15}"
    isa = f"ISA*00*{'':10}*00*{'':10}*{parties}*{made_on[2:]}*1200*^*00501*{isa13:09}*0*T*:"
    gs = f"GS*HC*TESTSENDER*TESTRECEIVER*{made_on}*1200*{gs06}*X*005010X222A1"
    return [isa, gs], f"IEA*1*{isa13:09}"


def billing(clinic: Clinic, where: list[str]) -> list[str]:
    """Segments of 2000A and 2010AA, without HL."""
    return [
        "PRV*BI*PXC*207Q00000X",
        f"NM1*85*2*{clinic.name}*****XX*{clinic.npi}",
        *where,
        "REF*EI*000000001",
    ]


def transaction(number: int, trace: str, made_on: str, blocks: Sequence[Block]) -> Set:
    """The transaction set of these providers and claims; `number` becomes ST02, `trace` BHT03."""
    body = [
        f"ST*837*{number:04}*005010X222A1",
        f"BHT*0019*00*{trace}*{made_on}*1200*CH",
        "NM1*41*2*EXAMPLE BILLING SERVICE*****46*TESTSENDER",
        "PER*IC*SAMPLE DESK*TE*5555550100",
        "NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*TESTRECEIVER",
    ]
    placed = []
    levels = _Levels()
    for block in blocks:
        body += [levels.billing(), *block.rows]
        for claim in block.claims:
            body += [levels.subscriber(has_child=bool(claim.patient)), *claim.subscriber]
            if claim.patient:
                body += [levels.patient(), *claim.patient]
            placed.append((claim, len(body) + 1))
            body += claim.body
    return Set(f"{number:04}", trace, made_on, [*body, f"SE*{len(body) + 1}*{number:04}"], placed)


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
