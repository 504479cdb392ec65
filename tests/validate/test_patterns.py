"""The fast path is safe: a pattern never accepts what the exact check refuses; a key leads where its place leads."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from loops.delimiters import Delimiters
from loops.guide import SegmentPlace, load
from loops.validate import validate
from loops.validate.automaton import automaton
from loops.validate.elements import checker
from loops.validate.fast import Patterns
from loops.validate.seen import look
from loops.validate.states import States

USUAL = Delimiters(b"*", b":", b"^", b"~")
DELIMITERS = [USUAL, Delimiters(b"|", b">", b"^", b"\n"), Delimiters(b"\x1d", b"\x1f", b"^", b"\x1c")]


def values(rng: random.Random, row: list) -> list[str]:
    guide = load()
    number, _, codes, external, _ = row
    _, least, most = guide.data_elements[number]
    found = [
        "",
        "X",
        "A" * least,
        "A" * most,
        "A" * (most + 1),
        "1" * least,
        "7" * most,
        " ",
        "AB ",
        "A B",
        "12.5",
        "-3",
        ".5",
        "1.",
    ]
    found += [
        "20240229",
        "20230229",
        "20261131",
        "19991231",
        "1200",
        "2460",
        "D8",
        "RD8",
        "20260101-20260102",
        "0",
        "1",
        "12",
        "13",
    ]
    found += rng.sample(codes, min(4, len(codes))) if codes else []
    found += rng.sample(guide.code_sets[external], 3) if external else []
    return found


def segments(rng: random.Random, place: SegmentPlace, delimiters: Delimiters) -> Iterator[bytes]:
    """Segments of a place, most of them faulty."""
    e, c = delimiters.element, delimiters.component
    for _ in range(100):
        elements = []
        for row in place.elements[: rng.randrange(1, len(place.elements) + 2)]:
            if row[0] is None:
                inside = [rng.choice(values(rng, sub)) for sub in row[2][: rng.randrange(1, 5)]]
                elements.append(c.join(v.encode() for v in inside))
            elif row[1] == "N" or rng.random() < 0.2:
                elements.append(b"")
            else:
                elements.append(rng.choice(values(rng, row)).encode())
        yield e.join([place.id.encode(), *elements])


@pytest.mark.parametrize("delimiters", DELIMITERS, ids=["usual", "lines", "control"])
def test_a_pattern_accepts_only_what_the_exact_check_accepts(delimiters: Delimiters):
    rng = random.Random(4)
    patterns = Patterns(delimiters, b"")
    e, c, t = delimiters.element, delimiters.component, delimiters.terminator
    accepted = 0
    for place in load().places:
        match = re.compile(patterns.segment(place)).fullmatch
        for raw in segments(rng, place, delimiters):
            if match(raw + t):
                accepted += 1
                assert not checker(place).check(raw, e, c), (place.path, raw)
                assert raw[-1:] != e
    assert accepted > 300


@pytest.mark.parametrize("delimiters", DELIMITERS, ids=["usual", "lines", "control"])
def test_a_pattern_of_what_was_seen_is_no_wider_and_accepts_all_of_it(delimiters: Delimiters):
    rng = random.Random(5)
    patterns = Patterns(delimiters, b"")
    e, c, t = delimiters.element, delimiters.component, delimiters.terminator
    accepted = narrower = 0
    for place in load().places:
        match = re.compile(patterns.segment(place)).fullmatch
        whole = list(dict.fromkeys(segments(rng, place, delimiters)))
        made = [*whole, *(raw.rpartition(e)[0] + e for raw in whole), *(raw + c for raw in whole)]
        good = [raw for raw in made if match(raw + t)]
        for _ in range(3):
            some = rng.sample(good, rng.randrange(len(good) + 1)) or made[:1]
            seen = look([raw.split(e)[1:] for raw in some], c)
            narrow = re.compile(
                patterns.shaped(place, seen, frozenset({1}) if place.id == "CLM" else frozenset())
            )
            for raw in made:
                if narrow.fullmatch(raw + t):
                    accepted += 1
                    assert raw in good, (place.path, raw)
                else:
                    narrower += raw in good
                    assert raw not in some or raw not in good, (place.path, raw)
    assert accepted > 300
    assert narrower > 50


NAMES = [b"NM1*82*1*DOE", b"NM1*82*1*DOE**B", b"NM1*82*1*VAN DOE*JANE****XX*1000000020"]
LINES = [b"SV1*HC:99213*80*UN*1***1", b"SV1*HC:99213:25*80*UN*1***1:2"]


@pytest.mark.parametrize(
    ("where", "seen", "accepted", "refused"),
    [
        ("2310B/NM1", NAMES, [b"NM1*82*1*DE ROE*JOE*B"], [b"NM1*82*1*DOE*", b"NM1*82*1*DOE*JOE*A B", b"NM1*82*1*DOE ", b"NM1*82*1*DOE**"]),
        ("2310B/NM1", NAMES[2:], [b"NM1*82*2*DOE*JOE****XX*1000000020"], NAMES[:2]),
        ("2400/SV1", LINES, [b"SV1*HC:1:26*5*UN*2***3"], [b"SV1*HC:1:26:59*5*UN*2***3", b"SV1*HC:1:*5*UN*2***3", b"SV1*HC:1*5*UN*2**1*3"]),
        ("2400/SV1", LINES[:1], [b"SV1*HC:1*5*MJ*2***3"], LINES[1:]),
    ],
)  # fmt: skip
def test_a_pattern_of_what_was_seen(
    where: str, seen: list[bytes], accepted: list[bytes], refused: list[bytes]
):
    place = next(place for place in load().places if place.path.endswith(where))
    patterns = Patterns(USUAL, b"")
    shaped = patterns.shaped(place, look([raw.split(b"*")[1:] for raw in seen], b":"))
    for raw in [*seen, *accepted, *refused]:
        assert bool(re.fullmatch(shaped, raw + b"~")) == (raw not in refused), raw


def test_a_code_that_stood_alone_often_is_the_only_one_expected():
    place = next(place for place in load().places if place.path.endswith("2400/SV1"))
    patterns = Patterns(USUAL, b"")

    def accepted(*rows: bytes) -> list[bool]:
        seen = look([raw.split(b"*")[1:] for raw in rows[:40]], b":")
        if rows[40:]:
            seen = seen.and_also(look([raw.split(b"*")[1:] for raw in rows[40:]], b":"))
        pattern = re.compile(patterns.shaped(place, seen))
        return [bool(pattern.fullmatch(line + b"~")) for line in (units, minutes)]

    units, minutes = b"SV1*HC:99213*80*UN*1***1", b"SV1*HC:00100*80*MJ*1***1"
    assert accepted(*[units] * 90) == [True, False]
    assert accepted(*[units] * 40) == [True, True]  # not often enough to tell
    assert accepted(*[units] * 80, minutes) == [True, True]
    assert accepted(minutes, *[units] * 80) == [True, True]
    assert accepted(*[units] * 40, *[minutes] * 40) == [True, True]


def test_all_keys_of_a_place_lead_to_the_same_place(fixtures: Path):
    """A block's pattern takes every key of a place though it learned one of them."""
    states = States(load())
    found = {states.start}
    todo = [states.start]
    keys = {(p.id, value) for p in load().places for value in (p.values or {b""})}
    tried = 0
    while todo and len(found) < 400:
        state = todo.pop(0)
        for id_ in sorted({id_ for id_, _ in keys}):
            by_place: dict = {}
            for value in sorted(value for other, value in keys if other == id_):
                step = states.step(state, id_, value)
                tried += 1
                if step.place is not None and not step.faults:
                    by_place.setdefault((step.place, frozenset(step.place.values)), set()).add(step.state)
                    if step.state not in found:
                        found.add(step.state)
                        todo.append(step.state)
            for (place, _), after in by_place.items():
                assert len(after) == 1, place.path
    assert tried > 10_000


def test_what_a_state_forgets_does_not_matter(fixtures: Path):
    """The nodes met on a batch stay few, however long it is."""
    data = (fixtures / "clean-many-loops.837").read_bytes()
    automaton.cache_clear()
    validation = validate(data)
    assert not list(validation)
    assert len(validation._engine.automaton._nodes) < 1_000
