"""The comparison of a batch and its rewrite lists exactly the recorded edits, no more and no less.

What an edit means for segments and elements is worked out here from bytes alone.
"""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from functools import cache
from itertools import zip_longest
from pathlib import Path

import pytest

import loops
from scrubber.checker import Checker
from scrubber.diff import Comparison
from scrubber.registry import all_rules
from scrubber.rewrite import rewrite
from scrubber.rewrite.approvals import Approval, Approvals
from scrubber.rewrite.draft import Scratch
from scrubber.rewrite.work import annotate_into
from scrubber.sample.batch import sample

EVERYTHING = Approvals(
    tuple(Approval(n, rule.code, "A. Example", "a test", date.max) for n, rule in enumerate(all_rules(), 1)),
    date(2026, 1, 1),
)
Told = Counter[tuple[int, str, str, str | None, str | None]]
"""Claim (ordinal from 1, 0 above claims), kind, place, value before and after; counted."""


@cache
def checker() -> Checker:
    return Checker()


def expected(data: bytes, changes) -> Told:
    """What recorded `changes` of `data` change, by the bytes."""
    with loops.read(data) as batch:
        places = _places(batch)
        told: Told = Counter()
        internal: dict[tuple[int, int], list] = {}
        for change in changes:
            number, edit = change.claim_index, change.edit
            separators = batch.index.isas[_isa_of(batch, edit.start)].delimiters
            end = separators.terminator
            first = data.rfind(end, 0, edit.start) + 1
            if edit.start == first and (edit.before + edit.after).endswith(end):
                for kind, text in (("removed", edit.before), ("added", edit.after)):
                    for piece in filter(None, (one.strip(b"\r\n") for one in text.split(end))):
                        id_ = piece.split(separators.element)[0].decode()
                        value = piece.decode("latin-1")
                        if kind == "removed":
                            told[number, kind, places[edit.start + text.index(piece)], value, None] += 1
                        else:
                            assert id_ == "NTE", "what is added is a line note"
                            told[number, kind, "2400/NTE", None, value] += 1
            else:
                internal.setdefault((number, first), []).append(edit)
        for (number, first), inside in internal.items():
            told += _of_segment(batch, data, number, first, inside, places)
    return told


def _of_segment(batch, data, number, first, edits, places) -> Told:
    separators = batch.index.isas[_isa_of(batch, first)].delimiters
    end = data.index(separators.terminator, first)
    old, new, position = data[first:end], b"", first
    for edit in sorted(edits, key=lambda one: one.start):
        assert edit.end <= end, "an edit spans parts of two segments"
        assert data[edit.start : edit.end] == edit.before
        new += data[position : edit.start] + edit.after
        position = edit.end
    new += data[position:end]
    start = first + len(old) - len(old.lstrip(b"\r\n \t"))
    told: Told = Counter()
    elements = [text.decode("latin-1").split(separators.element_text)[1:] for text in (old, new)]
    for n, (was, is_) in enumerate(zip_longest(*elements), 1):
        place = f"{places[start]}{n:02}"
        parts = [None if one is None else one.split(separators.component_text) for one in (was, is_)]
        if None in parts or max(map(len, parts)) == 1:
            pairs = [("", was, is_)]
        else:
            pairs = [(f"-{c:02}", *pair) for c, pair in enumerate(zip_longest(*parts), 1)]
        for component, before, after in pairs:
            if before != after:
                told[number, "changed", place + component, before, after] += 1
    return told


def _places(batch) -> dict[int, str]:
    """Offset of each segment of the file, with its name."""
    found = {}
    for isa, stretch in batch.walk():
        start = stretch.start
        for stop, step in zip(stretch.ends, stretch.steps, strict=True):
            text = bytes(batch.source.data[start:stop]).lstrip(b"\r\n \t")
            loop = "" if step.loop_id in ("ST_LOOP", "HEADER", "ISA_LOOP", "GS_LOOP") else step.loop_id
            id_ = text.split(isa.delimiters.element)[0].decode("latin-1")
            found[stop - len(text)] = f"{loop}/{id_}" if loop else id_
            start = stop + 1
    return found


def _isa_of(batch, offset) -> int:
    return max(n for n, isa in enumerate(batch.index.isas) if isa.start <= offset)


def listed(before: bytes, after: bytes) -> Told:
    """What the comparison of two files lists."""
    with loops.read(before) as one, loops.read(after) as other:
        comparison = Comparison(one, other)
        assert comparison.notes() == []
        told: Told = Counter()
        for above in comparison.context():
            told.update((0, c.kind.value, c.place, c.before, c.after) for c in above.changes)
        for diff in comparison.claims():
            assert diff.before
            assert diff.after
            assert diff.before.index == diff.after.index
            changes = diff.all_changes()
            told.update((diff.before.index, c.kind.value, c.place, c.before, c.after) for c in changes)
        return told


def check_rewrite(data: bytes, approvals=None) -> int:
    """Hold the comparison of a batch and its rewrite against the record; return the number of edits."""
    done = rewrite(data, approvals=approvals)
    assert listed(data, done.data) == expected(data, done.edits)
    return len(done.edits)


def check_notes(data: bytes) -> int:
    """The same for line notes. SE01 moves with their number, which the notes' own record does not hold."""
    with Scratch() as scratch:
        changes = annotate_into(scratch, checker(), io.BytesIO(data)).changes
        after = scratch.written.read()
    told = listed(data, after)
    counts = {key: told.pop(key) for key in list(told) if key[0] == 0}
    assert told == expected(data, changes)
    assert {place for _, _, place, _, _ in counts} <= {"SE01"}
    grown = ((int(now) - int(was)) * count for (_, _, _, was, now), count in counts.items())
    assert sum(grown) == len(changes)
    return len(changes)


def _read(path: Path) -> bytes | None:
    data = path.read_bytes()
    try:
        checker().read(data).close()
    except loops.NotX12Error:
        return None
    return data


def test_the_rewrite_of_every_fixture(fixture_file):
    data = _read(fixture_file)
    if data is not None:
        check_rewrite(data)
        check_rewrite(data, EVERYTHING)


def test_the_notes_of_every_fixture(fixture_file):
    data = _read(fixture_file)
    if data is not None:
        noted = check_notes(data)
        assert noted or not fixture_file.name.startswith("inj-")


@pytest.mark.parametrize(
    ("name", "format_only", "approved"),
    [("inj-a12.837", 5, 5), ("inj-d05.837", 5, 5), ("inj-e05.837", 0, 5), ("inj-b01.837", 0, 5)],
)
def test_the_fixtures_do_have_edits(fixtures, name, format_only, approved):
    data = (fixtures / name).read_bytes()
    assert check_rewrite(data) == format_only
    assert check_rewrite(data, EVERYTHING) >= approved


def test_a_line_left_out_is_told_segment_by_segment(fixtures):
    data = (fixtures / "inj-e01.837").read_bytes()
    done = rewrite(data, approvals=EVERYTHING)
    with loops.read(data) as one, loops.read(done.data) as other:
        lines = [line for diff in Comparison(one, other).claims() for line in diff.lines]
    gone = [line for line in lines if line.after is None]
    assert {line.before.code for line in gone} == {"99211"}
    assert all([c.segment_before for c in line.changes] == list(line.before.segments) for line in gone)


def generated(count: int, seed: int, end: str = "~\n") -> bytes:
    """A synthetic batch."""
    return "".join(f"{segment}{end}" for piece, _ in sample(count, seed) for segment in piece).encode()


@pytest.mark.parametrize(("seed", "end"), [(1, "~\n"), (2, "~\r\n"), (3, "~"), (4, "\n")])
def test_generated_batches(seed, end):
    data = generated(200, seed, end)
    check_rewrite(data)
    assert check_rewrite(data, EVERYTHING) > 5
    assert check_notes(data) > 20


def test_a_rewrite_and_its_notes_together():
    data = generated(100, 5)
    done = rewrite(data, approvals=EVERYTHING)
    assert check_notes(done.data)


@pytest.mark.shared
def test_every_file_of_the_corpus(shared):
    files = [path for path in sorted((shared / "corpus").glob("*/*")) if path.is_file()]
    read = [data for path in files if (data := _read(path)) is not None]
    assert len(read) > 100
    for data in read:
        check_rewrite(data, EVERYTHING)
        check_notes(data)
