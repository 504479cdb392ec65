"""Batches to take claims out of, the outputs as bytes, and what must be true of them, read without the product."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random

import loops
from loops import Batch
from scrubber.batch.split import Split, fresh_numbers, split

_HEAD = (
    "BHT*0019*00*TEST{st}*20261102*1200*CH",
    "NM1*41*2*EXAMPLE BILLING SERVICE*****46*TESTSENDER",
    "PER*IC*SAMPLE DESK*TE*5555550100",
    "NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*TESTRECEIVER",
)
_CLINIC = (
    "NM1*85*2*EXAMPLE CLINIC*****XX*1000000012",
    "N3*1 EXAMPLE ST",
    "N4*SAMPLETOWN*KS*660010001",
    "REF*EI*000000001",
)
_PERSON = ("N3*2 EXAMPLE ST", "N4*SAMPLETOWN*KS*660010001", "DMG*D8*19800115*F")


class Making:
    """Makes valid batches of random shape: `wide` is how many there may be of each thing."""

    def __init__(self, rng: Random, wide: int = 3) -> None:
        self._rng, self._wide = rng, wide
        self._claims = self._sets = 0

    def interchanges(self) -> list[str]:
        """The segments of one or several interchanges, without terminators."""
        return [
            segment for number in range(1, self._some(1) + 1) for segment in self._interchange(f"{number:09}")
        ]

    def _some(self, least: int) -> int:
        return self._rng.randint(least, self._wide)

    def _interchange(self, number: str) -> Iterator[str]:
        isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'TESTSENDER':15}*ZZ*{'TESTRECEIVER':15}*261102*1200*^*00501"
        yield f"{isa}*{number}*0*T*:"
        groups = self._some(1)
        for group in range(1, groups + 1):
            yield f"GS*HC*TESTSENDER*TESTRECEIVER*20261102*1200*{group}*X*005010X222A1"
            sets = self._some(1)
            for _ in range(sets):
                self._sets += 1
                yield from self._set(f"{self._sets:04}")
            yield f"GE*{sets}*{group}"
        yield f"IEA*{groups}*{number}"

    def _set(self, st: str) -> Iterator[str]:
        body = [segment.format(st=st) for segment in _HEAD]
        levels = 0
        for _ in range(self._some(1)):
            levels += 1
            billing = levels
            body += [f"HL*{billing}**20*1", *_CLINIC]
            for _ in range(self._some(1)):
                levels += 1
                subscriber, dependents = levels, self._rng.randint(0, 2)
                own = self._rng.randint(0 if dependents else 1, self._wide)
                body += [
                    f"HL*{subscriber}*{billing}*22*{int(dependents > 0)}",
                    f"SBR*P*{'18' if own else ''}*GRP1******CI",
                    f"NM1*IL*1*DOE*JANE****MI*TEST{subscriber:04}",
                    *(_PERSON if own else ()),
                    "NM1*PR*2*EXAMPLE COMMERCIAL*****PI*TESTCI",
                ]
                for _ in range(own):
                    body += self._claim()
                for _ in range(dependents):
                    levels += 1
                    body += [f"HL*{levels}*{subscriber}*23*0", "PAT*19", "NM1*QC*1*DOE*JOHN", *_PERSON]
                    for _ in range(self._some(1)):
                        body += self._claim()
        yield f"ST*837*{st}*005010X222A1"
        yield from body
        yield f"SE*{len(body) + 2}*{st}"

    def _claim(self) -> Iterator[str]:
        self._claims += 1
        cents = [self._rng.randint(1, 99_999) for _ in range(self._rng.randint(1, 3))]
        yield f"CLM*TC{self._claims}*{_money(sum(cents))}***11:B:1*Y*A*Y*Y"
        yield "HI*ABK:M5450*ABF:I10"
        for line, one in enumerate(cents, 1):
            yield f"LX*{line}"
            yield f"SV1*HC:96372*{_money(one)}*UN*1***1"
            yield "DTP*472*D8*20260915"


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}".rstrip("0").rstrip(".")


def made(seed: int, wide: int = 3) -> bytes:
    """A valid batch in the usual separators, without line ends."""
    return "".join(segment + "~" for segment in Making(Random(seed), wide).interchanges()).encode("ascii")


def outputs(batch: Batch, parted: Split) -> tuple[bytes | None, bytes | None]:
    """The released and the held file."""
    return written(batch, parted.released), written(batch, parted.held)


def written(batch: Batch, patch: object) -> bytes | None:
    """What a patch makes of the batch."""
    if patch is None:
        return None
    out = io.BytesIO()
    patch.write(batch.source, out)  # type: ignore[attr-defined]
    return out.getvalue()


def parts(data: bytes, hold: set[int]) -> tuple[Split, bytes | None, bytes | None]:
    """Part `data`: the split, the released and the held file."""
    with loops.read(data, name="batch") as batch:
        parted = split(batch, hold, fresh_numbers(batch, "00"))
        return parted, *outputs(batch, parted)


def claims(data: bytes | None) -> list[bytes]:
    """The bytes of each claim, CLM to its end."""
    if data is None:
        return []
    index = loops.read(data, name="batch").index
    return [data[start:end] for start, end in zip(index.claim_start, index.claim_end, strict=True)]


def segments(data: bytes) -> list[list[str]]:
    """The segments of one interchange or several, each split at the element separator."""
    found: list[list[str]] = []
    text = data.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()
    while text.startswith("ISA"):
        separator = text[3]
        terminator = text.split(separator, 16)[16][1]
        pieces = text.split(terminator)
        for n, piece in enumerate(pieces):
            found.append(piece.lstrip("\r\n\t ").split(separator))
            if found[-1][0] == "IEA" or n == len(pieces) - 1:
                text = terminator.join(pieces[n + 1 :]).lstrip()
                break
    return found


def envelope_faults(data: bytes) -> list[str]:
    """What is wrong with HL01, HL02, HL04, SE, GE and IEA, and with the way they stand in one another."""
    wrong = _nesting_faults(data)
    levels: list[list[str]] = []
    sets = groups = size = 0
    numbers: dict[str, str] = {}
    for parts_ in segments(data):
        id_ = parts_[0]
        size += 1
        if id_ == "ISA":
            numbers["IEA"], groups = parts_[13], 0
        elif id_ == "GS":
            numbers["GE"], sets, groups = "".join(parts_[6:7]), 0, groups + 1
        elif id_ == "ST":
            numbers["SE"], sets, size, levels = "".join(parts_[2:3]), sets + 1, 1, []
        elif id_ == "HL":
            levels.append([*parts_, *[""] * 5][:5])
        if id_ in ("SE", "GE", "IEA") and id_ in numbers:
            right = [str({"SE": size, "GE": sets, "IEA": groups}[id_]), numbers[id_]]
            if parts_[1:3] != right:
                wrong.append(f"{parts_} is not {right}")
        if id_ == "SE":
            wrong += _level_faults(levels)
    return wrong


_CLOSED_BY = {"ISA": "IEA", "GS": "GE", "ST": "SE"}


def _nesting_faults(data: bytes) -> list[str]:
    """Headers and trailers that are doubled, out of place or missing: each closes what was opened last."""
    wrong: list[str] = []
    open_: list[str] = []
    for id_ in (parts_[0] for parts_ in segments(data)):
        if id_ in _CLOSED_BY:
            if open_ != list(_CLOSED_BY)[: list(_CLOSED_BY).index(id_)]:
                wrong.append(f"{id_} within {open_}")
            open_.append(id_)
        elif id_ in _CLOSED_BY.values() and (not open_ or _CLOSED_BY[open_.pop()] != id_):
            wrong.append(f"{id_} closes nothing")
        elif not id_.strip():
            wrong.append("an empty segment")  # who counts it as one, and who does not, is not agreed
    return wrong + [f"{id_} is not closed" for id_ in open_]


def _level_faults(levels: list[list[str]]) -> Iterator[str]:
    above = {"22": "20", "23": "22"}
    last: dict[str, str] = {}
    for number, level in enumerate(levels, 1):
        kind = level[3]
        if level[1] != str(number):
            yield f"{level} is number {number}"
        if level[2] != last.get(above.get(kind, ""), ""):
            yield f"{level} does not stand under {last}"
        last[kind] = level[1]
        children = any(other[2] == level[1] for other in levels)
        if level[4] != str(int(children)):
            yield f"{level} has {'' if children else 'no '}levels below it"
