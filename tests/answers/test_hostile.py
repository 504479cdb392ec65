"""Cut and damaged answers: nothing is raised but the one declared error, and it is one line."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loops
from loops.answers import read
from loops.answers.kinds import Answer, Problem
from loops.errors import NotX12Error

FILES = sorted((Path(__file__).resolve().parents[2] / "fixtures" / "answers").glob("*.edi"))
IDS = b"AK1 AK2 IK3 CTX IK4 IK5 AK9 BHT HL NM1 TRN STC REF DTP QTY AMT SVC BPR N1 LX TS3 CLP CAS MOA PLB ISA GS ST SE GE IEA TA1".split()


def survive(data: bytes) -> list[Answer]:
    """The answers of damaged bytes; none where they are refused in a line."""
    found: list[Answer] = []
    try:
        found += read(data)
    except NotX12Error as error:
        refusal = str(error)
    else:
        refusal = "none"
    assert refusal
    assert "\n" not in refusal
    for answer in found:
        if isinstance(answer, Problem):
            assert 0 <= answer.start <= answer.end <= len(data)
            assert "\n" not in answer.message
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_cut_at_every_50th_byte(path: Path):
    data = path.read_bytes()
    whole = len(survive(data))
    for end in range(0, len(data) - 50, 50):
        found = survive(data[:end])
        assert len([a for a in found if not isinstance(a, Problem)]) <= whole
        assert not found or any(isinstance(a, Problem) for a in found), end


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_segments_dropped_doubled_moved_and_renamed(path: Path):
    rng = random.Random(path.name)
    segments = path.read_bytes().split(b"~\n")[:-1]
    for _ in range(150):
        mutant = list(segments)
        for _ in range(rng.randrange(1, 5)):
            at, to = rng.randrange(1, len(mutant)), rng.randrange(1, len(mutant))
            match rng.randrange(7):
                case 0 if len(mutant) > 4:
                    del mutant[at]
                case 1:
                    mutant.insert(to, mutant[at])
                case 2:
                    mutant[at], mutant[to] = mutant[to], mutant[at]
                case 3:
                    mutant[at] = rng.choice(IDS) + mutant[at][mutant[at].find(b"*") :]
                case 4:
                    mutant[at] = mutant[at].split(b"*")[0]
                case 5:
                    mutant[at] = mutant[at].replace(b"*", rng.choice((b"", b"**", b":", b"*\xff")))
                case _:
                    mutant[at] = b"*" * rng.randrange(400) + mutant[at]
        survive(b"~\n".join([*mutant, b""]))


@settings(max_examples=150)
@given(st.data())
def test_bytes_changed(data: st.DataObject):
    original = bytearray(data.draw(st.sampled_from([path.read_bytes() for path in FILES])))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(original) - 1))
        original[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    survive(bytes(original))


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [*IDS, b"*", b"*", b"*", b":", b"~", b"~\n", b"1", b"-1.5", b"20261126", b"HC", b"22", b"PT"]
        )
    )
)
def test_segments_made_up(pieces: list[bytes]):
    head = FILES[0].read_bytes()[:106]
    survive(head + b"\nGS*HP*A*B*20261126*0905*1*X*005010X221A1~ST*835*0001~" + b"".join(pieces))


BOUND = 150
HUGE = {
    "a segment without end": "ISA + b'GS*HP*' + b'A' * (40 * M)",
    "a segment without end after others": "BODY + b'CAS*' + b'A' * (40 * M)",
    "nothing but separators": "BODY + b'*' * (900 * 1024) + b'~'",
    "nothing but terminators": "BODY + b'~' * M",
    "an ISA a byte": "ISA + b'ISA*' * (4 * M)",
    "headers only": "ISA * 20000",
    "no claim has an end": "BODY + b'CLP*A*1*1*1~' * (M // 8)",
    "a claim of a million lines": "BODY + b'CLP*A*1*1*1~' + b'SVC*HC:1*1*1~CAS*CO*1*1~' * M + b'SE*9*0001~'",
    "a patient of a million claims": "BODY.replace(b'835', b'277') + b'HL*1**PT~TRN*2*A~' + b'STC*A1:1~' * M",
    "amounts of a million digits": "BODY + (b'CLP*A*1*' + b'9' * 900000 + b'*1~') * 20",
}


@pytest.mark.parametrize("what", HUGE)
def test_huge_input_ends_in_bounded_memory(what: str):
    """In a process of its own, whose memory may not grow with the input beyond a bound."""
    head = FILES[0].read_bytes()[:106]
    body = head + b"GS*HP*A*B*20261126*0905*1*X*005010X221A1~ST*835*0001~BPR*I*1~"
    program = f"""
import json, resource
from loops.answers import read
from loops.errors import NotX12Error
M, ISA, BODY = 1 << 20, {head!r}, {body!r}
data = {HUGE[what]}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    count = sum(1 for _ in read(data))
except NotX12Error:
    count = 1
print(json.dumps([count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10]))
"""
    where = {**os.environ, "PYTHONPATH": str(Path(loops.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=180, check=False, env=where
    )
    assert done.returncode == 0, done.stderr.decode()
    count, megabytes = json.loads(done.stdout)
    assert count
    assert megabytes < BOUND
