"""A generator of batches for measurements: the same bytes for the same number of claims and seed.

About 27 segments a claim, 8 % of the claims with an injection line (96372), a
transaction set for each 500 claims, one patient in seven a dependent. The
people in it are invented.

    python tests/bench/claims.py 10000 made.837
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

SHARE = 0.08
CLAIMS_A_SET = 500
CODES = ("36415", "85025", "80053", "93000", "87880", "71046", "20610", "97110", "83036")
DRUGS = (("J3420", "00143961901", "ML"), ("J1885", "00338007225", "ML"), ("J0696", "00409733201", "UN"))
DIAGNOSES = ("J45909", "E119", "I10", "M5450", "E538", "D519", "N390", "K219", "L400")
NPIS = ("1000000020", "1000000038", "1000000137")
PAYERS = (("MB", "TESTMB"), ("CI", "TESTCI"), ("MC", "TESTMC"), ("BL", "TESTBL"))

ENVELOPE = (
    "ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*TESTRECEIVER   *261102*1200*^*00501*000000001*0*T*:",
    "GS*HC*TESTSENDER*TESTRECEIVER*20261102*1200*1*X*005010X222A1",
)
HEADER = (
    "NM1*41*2*EXAMPLE BILLING SERVICE*****46*TESTSENDER",
    "PER*IC*SAMPLE DESK*TE*5555550100",
    "NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*TESTRECEIVER",
    "HL*1**20*1",
    "PRV*BI*PXC*207Q00000X",
    "NM1*85*2*EXAMPLE CLINIC*****XX*1000000012",
    "N3*1 EXAMPLE ST",
    "N4*SAMPLETOWN*KS*660010001",
    "REF*EI*000000001",
)
ADDRESS = ("N3*2 EXAMPLE ST", "N4*SAMPLETOWN*KS*660010001")


def write(path: Path, claims: int, seed: int = 1) -> None:
    """Write a batch of that many claims, one segment a line."""
    with path.open("w", encoding="ascii", newline="") as out:
        out.writelines(f"{segment}~\n" for segment in segments(claims, random.Random(seed)))


def segments(claims: int, rng: random.Random) -> Iterator[str]:
    """The segments of a batch, without terminators."""
    yield from ENVELOPE
    sets = -(-claims // CLAIMS_A_SET)
    for number in range(sets):
        first = number * CLAIMS_A_SET
        body = list(_set(range(first, min(first + CLAIMS_A_SET, claims)), rng))
        yield f"ST*837*{number + 1:05}*005010X222A1"
        yield f"BHT*0019*00*TEST{number + 1}*20261102*1200*CH"
        yield from body
        yield f"SE*{len(body) + 3}*{number + 1:05}"
    yield f"GE*{sets}*1"
    yield "IEA*1*000000001"


def _set(claims: range, rng: random.Random) -> Iterator[str]:
    yield from HEADER
    level = 1
    for claim in claims:
        dependent = rng.random() < 1 / 7
        level += 1
        filing, payer = rng.choice(PAYERS)
        yield f"HL*{level}*1*22*{int(dependent)}"
        yield f"SBR*P*{'' if dependent else '18'}*GRP1******{filing}"
        yield f"NM1*IL*1*DOE*SAMPLE{claim % 97}****MI*TEST{claim:07}"
        if not dependent:
            yield from _person(rng)
        yield f"NM1*PR*2*EXAMPLE PAYER*****PI*{payer}"
        if dependent:
            level += 1
            yield f"HL*{level}*{level - 1}*23*0"
            yield "PAT*19"
            yield f"NM1*QC*1*DOE*CHILD{claim % 89}"
            yield from _person(rng)
        yield from _claim(claim, rng)


def _person(rng: random.Random) -> Iterator[str]:
    yield from ADDRESS
    yield f"DMG*D8*{rng.randrange(1940, 2015)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}*{rng.choice('FM')}"


def _claim(number: int, rng: random.Random) -> Iterator[str]:
    services = list(_services(rng))
    codes = rng.sample(DIAGNOSES, rng.randrange(1, 4))
    day = f"202610{rng.randrange(1, 29):02}"
    total = sum(cents for _, cents, _, _ in services)
    yield f"CLM*CLM{number:08}*{total / 100:.2f}***{rng.choice(('11', '11', '22'))}:B:1*Y*A*Y*Y"
    if rng.random() < 0.6:
        yield f"REF*D9*{rng.randrange(10**9)}"
    yield "HI*" + "*".join(f"{'ABF' if n else 'ABK'}:{code}" for n, code in enumerate(codes))
    yield f"NM1*82*1*DOC*SAMPLE****XX*{rng.choice(NPIS)}"
    yield "PRV*PE*PXC*207Q00000X"
    for line, (procedure, cents, units, drug) in enumerate(services, 1):
        yield f"LX*{line}"
        yield f"SV1*HC:{procedure}*{cents / 100:.2f}*UN*{units}***{rng.randrange(1, len(codes) + 1)}"
        yield f"DTP*472*D8*{day}"
        yield f"REF*6R*{number:08}L{line}"
        if drug:
            yield f"LIN**N4*{drug[1]}"
            yield f"CTP****1*{drug[2]}"


def _services(rng: random.Random) -> Iterator[tuple[str, int, int, tuple[str, str, str] | None]]:
    """Procedure with modifiers, charge in cents, units, drug."""
    injection = rng.random() < SHARE
    yield ("99213:25" if injection else "99213"), rng.randrange(6000, 30000), 1, None
    if injection:
        drug = rng.choice(DRUGS)
        yield "96372", rng.randrange(2000, 6000), 1, None
        yield drug[0], rng.randrange(500, 9000), rng.randrange(1, 5), drug
    for code in rng.sample(CODES, rng.randrange(1, 5)):
        yield code, rng.randrange(500, 40000), 1, None


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
