"""Input made to hang or to fill the memory: an answer comes, and what it costs grows with the size alone.

Each case runs in a process of its own: a pass that grows with the square of
the input would not end within the time limit, which is far above what is
needed, and the process may not take more memory than it says.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import loops

from .respell import HEAD, ISA, TAIL, whole

MEGABYTE = 1 << 20
CLAIM = whole(1)[len(ISA + HEAD) : -len(TAIL)]
BEFORE = ISA + HEAD + CLAIM
BOUND = 100

READ = """
    import json, resource, sys
    import loops

    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        batch = loops.read(data, codes=frozenset({"96372"}))
    except loops.NotX12Error as error:
        told = {"refused": str(error)}
    else:
        claims = 0
        for claim in batch.claims():
            claims += 1
            if claims == 5000:
                break
        segments = sum(len(stretch.steps) for _, stretch in batch.walk())
        told = {"claims": len(batch), "segments": segments, "problems": len(batch.index.problems)}
    told["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    print(json.dumps(told))
"""


def answer(expression: str) -> dict[str, object]:
    """What reading the bytes of an expression gives, in a process of its own."""
    names = {"ISA": ISA, "HEAD": HEAD, "CLAIM": CLAIM, "BEFORE": BEFORE, "TAIL": TAIL, "M": MEGABYTE}
    program = "".join(f"{name} = {value!r}\n" for name, value in names.items())
    program += f"def make():\n    return {expression}\n" + textwrap.dedent(READ)
    where = {**os.environ, "PYTHONPATH": str(Path(loops.__file__).parents[1])}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, timeout=180, check=False, env=where)
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert told.pop("megabytes") < BOUND
    return told


LONG = {
    "one element": "BEFORE + b'NTE*ADD*' + b'X' * (100 * M) + b'~' + TAIL",
    "no end": "BEFORE + b'NTE*ADD*' + b'X' * (100 * M)",
    "separators": "BEFORE + b'HI' + b'*ABK:A' * (4 * M) + b'~' + TAIL",
    "components": "ISA + HEAD + b'CLM*1*1***' + b':' * (20 * M) + b'~' + TAIL",
    "an id": "BEFORE + b'A' * (20 * M) + b'~' + TAIL",
    "a name": "ISA + HEAD + b'NM1*IL*' + b'*' * (20 * M) + b'~' + CLAIM + TAIL",
    "blanks": "BEFORE + b' ' * (20 * M) + b'~' + TAIL",
    "NUL bytes": "BEFORE + bytes(20 * M) + TAIL",
}


@pytest.mark.parametrize("case", LONG)
def test_a_segment_of_many_megabytes_is_refused(case):
    told = answer(LONG[case])
    assert (
        "longer than 1 MiB: is the segment terminator that the ISA declares the one in use?"
        in told["refused"]
    )


LARGE = {
    "empty segments": "BEFORE + b'~' * (20 * M) + TAIL",
    "blanks before each segment": "BEFORE + (b'~' + b' ' * 1000) * 20000 + TAIL",
    "lines": "BEFORE + b'LX*1~SV1*HC:96372*1*UN*1***1~' * 500000 + TAIL",
    "references": "BEFORE + b''.join(b'REF*%d*1~' % n for n in range(500000)) + TAIL",
    "an HL loop": "ISA + HEAD + b'N3*X~' * (4 * M) + CLAIM + TAIL",
}


@pytest.mark.parametrize("case", LARGE)
def test_a_claim_of_many_megabytes_is_refused(case):
    assert "is larger than 2 MiB" in answer(LARGE[case])["refused"]


REPEATED = {
    "whole ISA": ("ISA * 100_000", {"claims": 0, "segments": 100_000, "problems": 1}),
    "HL": (
        "ISA + HEAD + b''.join(b'HL*%d*%d*22*1~' % (n, n - 1) for n in range(1_000_000)) + CLAIM + TAIL",
        {"claims": 1, "segments": 1_000_028, "problems": 0},
    ),
    "HL of levels that there are not": (
        "ISA + HEAD + b''.join(b'HL*%d*1*%d*1~' % (n, n) for n in range(300_000)) + CLAIM + TAIL",
        {"claims": 1, "segments": 300_028, "problems": 0},
    ),
    "claims": (
        "BEFORE + b'CLM*1~' * 300_000 + TAIL",
        {"claims": 300_001, "segments": 300_028, "problems": 0},
    ),
    "transactions": (
        "BEFORE + b'ST*837*1~' * 200_000 + TAIL",
        {"claims": 1, "segments": 200_028, "problems": 0},
    ),
    "other transactions": (
        "BEFORE + b'ST*835*1~' * 200_000 + TAIL",
        {"claims": 1, "segments": 200_028, "problems": 0},
    ),
    "groups": ("BEFORE + b'GS*HC*A*B~' * 200_000 + TAIL", {"claims": 1, "segments": 200_028, "problems": 0}),
    "ids that there are not": (
        "BEFORE + b''.join(b'SE*1~Q%d*1~' % n for n in range(200_000)) + TAIL",
        {"claims": 1, "segments": 400_028, "problems": 0},
    ),
    "junk after the trailer": (
        "BEFORE + TAIL + b'ISA*' * (2 * M)",
        {"claims": 1, "segments": 28, "problems": 1},
    ),
    "damaged ISA after the trailer": (
        "BEFORE + TAIL + b'ISA*00*' * (M // 4)",
        {"claims": 1, "segments": 28, "problems": 1},
    ),
}


@pytest.mark.parametrize("case", REPEATED)
def test_a_segment_repeated_without_end_is_read(case):
    expression, expected = REPEATED[case]
    assert answer(expression) == expected


@pytest.mark.parametrize(
    "expression", ["b'ISA*' * M", "b'ISA*00*' * (M // 4)", "b'ISA*' + b'ISA' * M", "bytes(20 * M)"]
)
def test_nothing_but_the_beginning_of_an_isa(expression):
    assert set(answer(expression)) == {"refused"}


def spelled(element: bytes = b"*", component: bytes = b":", terminator: bytes = b"~") -> bytes:
    to = bytes.maketrans(b"*:~", element + component + terminator)
    return ISA.replace(b"^", b"!").translate(to) + whole(1)[len(ISA) :].replace(b" ", b"_").translate(to)


def test_a_blank_may_end_segments():
    with loops.read(spelled(terminator=b" ")) as batch:
        assert batch.claim(0).lines[0].code == "96372"
        assert batch.index.problems == []


def test_a_blank_may_separate_components():
    with loops.read(spelled(component=b" ")) as batch:
        assert batch.claim(0).lines[0].modifiers == ("59",)


@pytest.mark.parametrize(
    "separator", [b"\t", b"\n", b"\r", b"\0", b"\x1a", b"\xff", b".", b"^", b"$", b"\\", b"]", b"-", b"|"]
)
@pytest.mark.parametrize("which", ["element", "component", "terminator"])
def test_any_byte_but_a_letter_or_digit_may_separate(which, separator):
    if which == "element" and separator in b"\r\n":
        separator = b"\x1d"  # an ISA of many lines cannot be told from one that is cut
    with loops.read(spelled(**{which: separator})) as batch:
        line = batch.claim(0).lines[0]
        assert (line.code, line.modifiers, line.pointers) == ("96372", ("59",), ("1", "2"))


@pytest.mark.parametrize("which", ["element", "component", "terminator"])
@pytest.mark.parametrize("separator", [b"A", b"z", b"0"])
def test_a_letter_or_digit_may_not_separate(which, separator):
    with pytest.raises(loops.NotX12Error):
        loops.read(spelled(**{which: separator}))
