"""Mutants of batches, judged by pyx12 and by us: every difference is printed, and the share that agrees.

    python tests/validate/mutants.py --count 2000 --seed 14 --state warm --eol crlf [FILE ...]

Without FILE the bases are those of fixtures/edi. `--state cold` forgets what was learned
before each mutant, `warm` reads the base often enough that its blocks are
patterns, `hot` builds a pattern as soon as a shape is seen once.

Last long runs (2026-11-26, pyx12 4.0.0): seeds 101 to 106 over generated and
public batches, cold, warm and hot, without line ends and with LF and CRLF:
11,500 mutants, 10,930 judged by pyx12, 10,930 alike; after the faster faults seeds
801 to 806 the same way over fixtures and public files: 5,100, 4,944 and 4,944.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "fixtures" / "edi"
sys.path.insert(0, str(ROOT))

from loops.errors import NotX12Error  # noqa: E402
from loops.validate import automaton as learned  # noqa: E402
from loops.validate import seen, validate  # noqa: E402
from loops.validate.oracle import ask_reference, disagreements, our_verdict  # noqa: E402

WARMING = 45
_JUNK = [
    "",
    *"X 00 ZZ 12 1.5 -1 20260230 2026AB01 \xe9 a \x07 \x00 +5 1. .5".split(" "),
    "AB ",
    " ",
    "A" * 81,
]


@dataclass
class Base:
    """A file to make mutants of: its segments, the separators, and what stood between segments."""

    name: str
    segments: list[str]
    element: str = "*"
    component: str = ":"
    terminator: str = "~"

    def text(self, segments: list[str], eol: str) -> bytes:
        end = self.terminator + eol
        return ("".join(segment + end for segment in segments)).encode("latin-1")


@dataclass
class Tally:
    """What came out of a run."""

    same: int = 0
    different: list[str] = field(default_factory=list)
    without_verdict: Counter[str] = field(default_factory=Counter)
    valid: int = 0

    def __str__(self) -> str:
        judged = self.same + len(self.different)
        share = 100 * self.same / judged if judged else 100
        crashed = sum(self.without_verdict.values())
        return (
            f"{judged} mutants judged by both, {self.same} alike ({share:.2f} %), {self.valid} of them valid;"
            f" pyx12 has no verdict on {crashed}: {dict(self.without_verdict)}"
        )


def base_of(data: bytes, name: str) -> Base | None:
    """A base from a file; None when it is no X222A1 batch that pyx12 can begin to read."""
    if data[:3] != b"ISA" or len(data) < 200 or b"005010X222A1" not in data[:400]:
        return None
    text = data.decode("latin-1")
    element, component, terminator = text[3], text[104], text[105]
    if text[:106].count(element) != 16:
        return None
    segments = [segment.lstrip("\r\n") for segment in text.split(terminator)]
    while segments and not segments[-1].strip():
        segments.pop()
    others = [s for s in segments if s.startswith("GS" + element) and not s.rstrip().endswith("005010X222A1")]
    if others or sum(s.startswith("ISA" + element) for s in segments) > 1:
        return None
    return Base(name, segments, element, component, terminator)


def mutate(rng: random.Random, base: Base) -> list[str]:
    """One mutant; one in five is changed twice; SE01 is put right in seven of ten."""
    segments = list(base.segments)
    for _ in range(2 if rng.random() < 0.2 else 1):
        _change(rng, base, segments)
    if rng.random() < 0.7:
        _repair(base, segments)
    return segments


def _change(rng: random.Random, base: Base, segments: list[str]) -> None:
    low = 1 if rng.random() < 0.97 else 0
    at = rng.randrange(low, len(segments))
    kind = rng.choice(_KINDS)
    kind(rng, base, segments, at)


def _drop(rng, base, segments, at):
    if at:
        del segments[at]


def _double(rng, base, segments, at):
    if at:
        segments.insert(at, segments[at])


def _swap(rng, base, segments, at):
    if 0 < at < len(segments) - 1:
        segments[at], segments[at + 1] = segments[at + 1], segments[at]


def _move(rng, base, segments, at):
    if at:
        segment = segments.pop(at)
        segments.insert(rng.randrange(1, len(segments) + 1), segment)


def _copy(rng, base, segments, at):
    if at:
        segments.insert(at, segments[rng.randrange(1, len(segments))])


def _rename(rng, base, segments, at):
    parts = segments[at].split(base.element)
    parts[0] = rng.choice("REF NM1 DTP ZZZ N SV1 HL CLM LX nm1 AMT PER K3 HI SBR CAS".split())
    if at:
        segments[at] = base.element.join(parts)


def _junk(rng, base, segments, at):
    parts = segments[at].split(base.element)
    if at and len(parts) > 1:
        parts[rng.randrange(1, len(parts))] = rng.choice(_JUNK)
        segments[at] = base.element.join(parts)


def _spoil(rng, base, segments, at):
    parts = segments[at].split(base.element)
    if at and len(parts) > 1:
        n = rng.randrange(1, len(parts))
        value = parts[n]
        where = rng.randrange(len(value) + 1)
        parts[n] = rng.choice(
            (
                value[:where] + rng.choice("A1 -.^`é\x01\t\x00a~*:") + value[where:],
                value + value,
                value[:-1],
                value + " ",
                " " + value,
                value.lower(),
                value + base.component,
            )
        ).replace(base.terminator, "")
        segments[at] = base.element.join(parts)


def _borrow(rng, base, segments, at):
    parts = segments[at].split(base.element)
    same = [s for s in segments if s.startswith(parts[0] + base.element)]
    other = rng.choice(same or segments).split(base.element)
    if at and len(parts) > 1 and len(other) > 1:
        parts[rng.randrange(1, len(parts))] = rng.choice(other[1:])
        segments[at] = base.element.join(parts)


def _component(rng, base, segments, at):
    spots = [n for n, s in enumerate(segments) if n and base.component in s]
    if not spots:
        return
    at = rng.choice(spots)
    parts = segments[at].split(base.element)
    n = rng.choice([i for i, part in enumerate(parts) if base.component in part])
    inside = parts[n].split(base.component)
    where = rng.randrange(len(inside))
    match rng.randrange(5):
        case 0:
            inside[where] = rng.choice(_JUNK)
        case 1:
            del inside[where]
        case 2:
            inside.insert(where, rng.choice(_JUNK))
        case 3:
            inside = [""] * len(inside)
        case _:
            inside.append("")
    parts[n] = base.component.join(inside)
    segments[at] = base.element.join(parts)


def _overfill(rng, base, segments, at):
    if at:
        segments[at] += base.element * rng.randrange(1, 9) + rng.choice(("", "X", "1"))


def _cut_tail(rng, base, segments, at):
    parts = segments[at].split(base.element)
    if at and len(parts) > 1:
        segments[at] = base.element.join(parts[: rng.randrange(1, len(parts))])


def _blank(rng, base, segments, at):
    if at:
        segments[at] = rng.choice(
            (
                " " + segments[at],
                segments[at] + " ",
                "\t" + segments[at],
                segments[at] + base.element,
                "",
                base.element + segments[at],
            )
        )


def _count(rng, base, segments, at):
    spots = [n for n, s in enumerate(segments) if s[:2] in ("SE", "GE", "HL", "LX") or s[:3] == "IEA"]
    at = rng.choice(spots) if spots else at
    parts = segments[at].split(base.element)
    if at and len(parts) > 1:
        n = rng.randrange(1, len(parts))
        parts[n] = rng.choice((parts[n] + "0", "0" + parts[n], "7", "", "+" + parts[n], "1", "2"))
        segments[at] = base.element.join(parts)


def _date(rng, base, segments, at):
    spots = [n for n, s in enumerate(segments) if s[:3] in ("DTP", "DMG", "BHT", "PAT")]
    if spots:
        at = rng.choice(spots)
        parts = segments[at].split(base.element)
        if len(parts) > 2:
            parts[rng.randrange(2, len(parts))] = rng.choice(
                (
                    "20240229",
                    "20230229",
                    "17991231",
                    "20261301",
                    "RD8",
                    "D8",
                    "20260101-20260131",
                    "20260101-20260132",
                    "2026010",
                    "D6",
                    "260101",
                    "TM",
                    "1200",
                    "2460",
                )
            )
            segments[at] = base.element.join(parts)


_KINDS = (
    _drop, _double, _swap, _move, _copy, _rename, _junk, _spoil, _borrow, _component, _overfill, _cut_tail,
    _blank, _count, _date,
)  # fmt: skip


def _repair(base: Base, segments: list[str]) -> None:
    start = None
    for n, segment in enumerate(segments):
        if segment.startswith("ST" + base.element):
            start = n
        elif segment.startswith("SE" + base.element) and start is not None:
            parts = segment.split(base.element)
            parts[1] = str(n - start + 1)
            segments[n] = base.element.join(parts)


def run(
    bases: list[Base],
    count: int,
    seed: int,
    state: str,
    eols: tuple[str, ...],
    change: Callable[[object, str, object], None] = setattr,
) -> Tally:
    """Judge `count` mutants of `bases`; `state` is cold, warm or hot."""
    rng = random.Random(f"{seed}/{count}")
    tally = Tally()
    if state == "hot":
        for name, value in (
            ("_ALL", 1),
            ("_FEW", 1),
            ("_FIRST", dict.fromkeys(learned._FIRST, 1)),
            ("_LATER", 2),
        ):
            change(learned, name, value)
        change(seen, "_ENOUGH", 1)
    learned.automaton.cache_clear()
    if state != "cold":
        for base in bases:
            for eol in eols:
                for _ in range(WARMING):
                    list(validate(base.text(base.segments, eol), beyond=False, errata=False))
    for number in range(count):
        base = bases[number % len(bases)]
        eol = rng.choice(eols)
        data = base.text(mutate(rng, base), eol)
        if state == "cold":
            learned.automaton.cache_clear()
        judge(data, f"{base.name} {seed}/{number} {eol!r}", tally)
    return tally


def judge(data: bytes, name: str, tally: Tally) -> None:
    """Compare one mutant; whatever happens to pyx12, we answer (with everything switched on too)."""
    reference = ask_reference(data)
    ours = our_verdict(data)
    try:
        positions = [problem.start for problem in validate(data)]
    except NotX12Error:
        positions = []
    assert positions == sorted(positions), f"{name}: out of order"
    if isinstance(reference, str):
        tally.without_verdict[reference] += 1
        return
    found = disagreements(reference, ours)
    tally.valid += reference.valid
    if found:
        tally.different.append(
            name + "\n" + "\n".join(f"    {d.about}: pyx12 {d.reference}, ours {d.ours}" for d in found[:5])
        )
    else:
        tally.same += 1


def bases(files: list[Path], largest: int = 12_000) -> list[Base]:
    """The bases among `files` (default: the fixtures) that are not too large."""
    files = files or sorted(FIXTURES.glob("*.837"))
    small = (file for file in files if file.stat().st_size <= largest)
    return [base for file in small if (base := base_of(file.read_bytes(), file.name))]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", choices=("cold", "warm", "hot"), default="warm")
    parser.add_argument("--eol", choices=("none", "lf", "crlf", "mixed"), default="none")
    parser.add_argument("--largest", type=int, default=12_000)
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    eols = {"none": ("",), "lf": ("\n",), "crlf": ("\r\n",), "mixed": ("", "\n", "\r\n")}[options.eol]
    found = bases(options.files, options.largest)
    tally = run(found, options.count, options.seed, options.state, eols)
    for difference in tally.different[: options.show]:
        print(difference)  # noqa: T201
    print(f"{len(found)} bases, {options.state}, {options.eol}: {tally}")  # noqa: T201


if __name__ == "__main__":
    main()
