"""Our verdicts are pyx12's: on the fixtures, the public files, generated batches and mutants of all of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from loops.delimiters import Delimiters
from loops.validate import automaton, validate
from loops.validate.oracle import compare
from tests.validate import mutants

LARGEST = 60_000
# Fixtures whose groups are not of the one guide that pyx12 maps, and what we say of them.
FOREIGN = {"X12-FOREIGN"}
OTHER_GUIDES = {
    "broken-277ca.edi": FOREIGN,
    "broken-4010.837": FOREIGN,
    "broken-835.edi": FOREIGN,
    "broken-837d.837": FOREIGN,
    "broken-837i.837": FOREIGN,
    "broken-999.edi": FOREIGN,
    "clean-label-x222.837": set(),
    "clean-label-x222a2.837": set(),
}
SEEDS = {"cold": 10, "warm": 20, "hot": 30}


def within_guide(data: bytes) -> bool:
    """Whether every group is of the guide that pyx12 has a map for."""
    if len(data) < 200:
        return True  # refused by both
    separator, terminator = data[3:4], data[105:106]
    segments = (segment.lstrip(b"\r\n").split(separator) for segment in data.split(terminator))
    return {b"".join(parts[8:9]) for parts in segments if parts[0] == b"GS"} <= {b"005010X222A1"}


def assert_agrees(data: bytes) -> None:
    found = compare(data)
    assert isinstance(found, str) or not found, "\n".join(map(str, found))


def test_fixture(fixture_file: Path, learning: str):
    data = fixture_file.read_bytes()
    if not within_guide(data):  # pyx12 reads it by another map, or has none: the verdict is ours alone
        told = {problem.code for problem in validate(data) if problem.code != "X12-BOM"}
        assert told == OTHER_GUIDES[fixture_file.name]
        return
    for _ in range(2):  # the second time with what the first taught
        assert_agrees(data)


@pytest.mark.shared
def test_public_files(shared: Path):
    judged = 0
    for file in sorted((shared / "corpus" / "837p").iterdir()):
        data = file.read_bytes()
        if len(data) > LARGEST or not within_guide(data):
            continue
        found = compare(data)
        if not isinstance(found, str):
            judged += 1
            assert not found, f"{file.name}: {found[:3]}"
    assert judged > 60


@pytest.mark.shared
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("eol", [b"", b"\n", b"\r\n"])
def test_generated_batches(shared: Path, seed: int, eol: bytes, learning: str):
    data = generated(shared, 12, seed).replace(b"~", b"~" + eol)
    assert_agrees(data)
    for _ in range(2):
        assert not list(validate(data))


def generated(shared: Path, claims: int, seed: int, per_set: int = 500) -> bytes:
    spec = importlib.util.spec_from_file_location("gen837p", shared / "tools" / "gen837p.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return "".join(s + "~" for s in module.generate(claims, seed, 0.3, per_set)).encode()


@pytest.mark.parametrize("state", ["cold", "warm", "hot"])
@pytest.mark.parametrize("eols", [("",), ("\n", "\r\n")], ids=["none", "lines"])
def test_mutants_of_fixtures(state: str, eols: tuple[str, ...], monkeypatch: pytest.MonkeyPatch):
    bases = [base for base in mutants.bases([], 4_000) if base.name.startswith(("clean", "broken"))][:12]
    tally = mutants.run(bases, 120, SEEDS[state] + len(eols), state, eols, monkeypatch.setattr)
    print(tally)  # noqa: T201 - the figure is the point
    assert tally.same > 100
    assert not tally.different, tally.different[0]


@pytest.mark.shared
def test_mutants_of_public_files(shared: Path, monkeypatch: pytest.MonkeyPatch):
    bases = mutants.bases(sorted((shared / "corpus" / "837p").iterdir()), 3_000)
    tally = mutants.run(bases, 250, 5, "hot", ("",), monkeypatch.setattr)
    print(tally)  # noqa: T201 - the figure is the point
    assert tally.same > 200
    assert not tally.different, tally.different[0]


def test_a_doubled_lx_is_counted(fixtures: Path, learning: str):
    """LX may follow LX in the guide's order: the count alone tells, however the lines were passed."""
    clean = (fixtures / "clean-commercial.837").read_bytes()
    doubled = clean.replace(b"LX*2~\n", b"LX*2~\nLX*2~\n", 1)
    for data in (clean, doubled, doubled):
        assert_agrees(data)


def test_a_segment_between_level_and_claim_belongs_to_no_line(fixtures: Path, learning: str):
    clean = (fixtures / "clean-commercial.837").read_bytes()
    strange = clean.replace(b"CLM*CLEAN-BL-TWO", b"CEX*1~\nCLM*CLEAN-BL-TWO")
    for data in (clean, strange, strange):
        assert_agrees(data)
    told = [p for p in validate(strange) if p.segment_id == "CEX"]
    assert told
    assert {(p.claim, p.line) for p in told} == {("", "")}


def levels(clean: bytes, order: str) -> bytes:
    """The batch with its billing provider at each P of `order` and one of its subscribers at each S."""
    body, trailer = clean.split(b"\nSE*", 1)
    head, provider, *subscribers = body.split(b"\nHL*")
    out, above = [head], 0
    for number, kind in enumerate(order, 1):
        above = number if kind == "P" else above
        text = provider if kind == "P" else subscribers[number % len(subscribers)]
        _, _, rest = text.split(b"*", 2)
        out.append(b"\nHL*%d*%s*%s" % (number, b"" if kind == "P" else b"%d" % above, rest))
    body = b"".join(out)
    return body + b"\nSE*%d*" % (body.count(b"~") - 1) + trailer.split(b"*", 1)[1]


@pytest.mark.parametrize("strange", ["PPSS", "PSPPS", "PSSPP"])
def test_a_provider_without_subscribers_is_told_whatever_was_learned(
    fixtures: Path, strange: str, monkeypatch: pytest.MonkeyPatch
):
    """A block that was seen seldom uses the pattern of one that may begin with more."""
    monkeypatch.setattr(automaton, "_ALL", 80)
    monkeypatch.setattr(automaton, "_FEW", 4)
    automaton.automaton.cache_clear()
    clean = (fixtures / "clean-commercial.837").read_bytes()
    good = levels(clean, "PSSSSSSS" * 4)
    for _ in range(2):
        assert {p.code for p in validate(good)} == {"X12-CLAIM-TWICE"}
        bad = levels(clean, strange)
        assert "X12-SEG-MISSING" in {p.code for p in validate(bad)}
        assert_agrees(bad)
    blocks = automaton.automaton(Delimiters(b"*", b":", b"^", b"~"), b"\n")._blocks.values()
    assert any(block.match and not block.builds for block in blocks)
    automaton.automaton.cache_clear()
