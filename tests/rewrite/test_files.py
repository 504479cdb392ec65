"""Whole files, ours and those of the reference corpus: rewrite, undo, annotate, and nothing else changes."""

from pathlib import Path

import pytest
from fixing import rule_of
from pyx12_verdict import verdict
from roundtrip import checker_of, outside

import loops
import scrubber.rewrite
from scrubber.checker import Checker
from scrubber.errors import GuardError
from scrubber.finding import Severity
from scrubber.rewrite import nte
from scrubber.rewrite.draft import Draft, Scratch
from scrubber.rewrite.recount import with_counts
from scrubber.rewrite.work import annotate_into
from scrubber.rule import Hit


def _every_line(claim):
    for line in claim.lines:
        yield Hit(line.sv1.spot(1), "fault", (line,), Severity.DENY)


EVERY_LINE = rule_of("INJ-T01", _every_line)


class AllClaims(Checker):
    """A checker that looks at every claim, whatever its codes, with a rule that finds fault with every line."""

    def __init__(self, *, guide=True):
        super().__init__(guide=guide)
        self.rules = (EVERY_LINE,)

    def read(self, source, name=None):
        batch = super().read(source, name)
        batch.index.wanted[:] = bytes([1]) * len(batch)
        return batch


def check_annotate(path: Path, folder: Path, checker: Checker) -> int:
    """Annotate a file, twice; return the number of notes, -1 when it is no 837P."""
    data, out = path.read_bytes(), folder / "noted"
    try:
        with Draft(out, [path]) as draft:
            written = annotate_into(draft, checker, path)
            draft.publish()
    except loops.NotX12Error:
        return -1
    after = out.read_bytes()
    with Draft(folder / "again", [out]) as draft:
        assert not annotate_into(draft, checker, out).changes
        draft.publish()
    assert (folder / "again").read_bytes() == after
    with loops.read(data) as one, loops.read(after) as other:
        outside(data, after, [change.edit for change in with_counts(one, written.changes)])
        for before, noted in zip(one.claims(), other.claims(), strict=True):
            _check_notes(before, noted)
    old, new = verdict(data), verdict(after)
    if old and old[0]:
        assert new
        assert new[0], new[1]
    elif old and new:
        assert set(new[1]) <= set(old[1]), path.name
    return len(written.changes)


def _check_notes(before, noted):
    for line, other in zip(before.lines, noted.lines, strict=True):
        notes = [segment for segment in other.segments if segment.text(1) == "TPO" and segment.id == "NTE"]
        theirs = line.all("NTE", "TPO")
        assert len(notes) <= max(1, len(theirs))
        assert [s.raw for s in line.segments] == [s.raw for s in other.segments if theirs or s not in notes]
        for note in notes if not theirs else ():
            assert note.loop == "2400"
            assert len(note.text(2)) <= 80
            places = [segment.id for segment in other.segments if segment.loop == "2400"]
            rest = set(places[places.index("NTE") :])
            assert rest <= {"NTE", "PS1", "HCP"}, rest


def test_every_fixture_is_annotated_with_its_own_findings(fixture_file, tmp_path):
    check_annotate(fixture_file, tmp_path, checker_of())


def test_every_fixture_takes_a_note_on_every_line(fixture_file, tmp_path):
    count = check_annotate(fixture_file, tmp_path, AllClaims())
    if fixture_file.name.startswith("clean"):
        assert count > 0


def test_a_wrong_se01_stays_wrong_by_as_much(fixtures, tmp_path):
    path = fixtures / "broken-wrong-se01.837"
    notes = check_annotate(path, tmp_path, AllClaims())
    old, new = path.read_bytes(), (tmp_path / "noted").read_bytes()
    assert notes
    assert _se01(new) - _se01(old) == notes


@pytest.mark.parametrize("place", [b"GE*", b"IEA*"])
def test_a_claim_where_no_claim_may_stand_stops_nothing(fixtures, tmp_path, place):
    """A CLM outside any transaction set begins no claim."""
    data = (fixtures / "inj-d05.837").read_bytes()
    path = tmp_path / "stray.837"
    path.write_bytes(data.replace(place, b"CLM*STRAY*10***11:B:1*Y*A*Y*Y~\n" + place))
    assert len(scrubber.rewrite.rewrite(path).edits) == 5
    assert check_annotate(path, tmp_path, checker_of()) == check_annotate(
        fixtures / "inj-d05.837", tmp_path, checker_of()
    )


def _se01(data: bytes) -> int:
    return int(data[data.rindex(b"SE*") :].split(b"*")[1])


def test_a_note_in_a_wrong_place_is_not_published(fixtures, tmp_path, monkeypatch):
    monkeypatch.setattr(nte, "_before_note", lambda line: line.segments[-1])
    with Scratch() as scratch, pytest.raises(GuardError, match="where the guide wants it"):
        annotate_into(scratch, AllClaims(guide=False), fixtures / "inj-d05.837")
    with Scratch() as scratch:  # with the guide's word for it the note is put off, and the rest goes on
        written = annotate_into(scratch, AllClaims(), fixtures / "inj-d05.837")
    assert {one.reason for one in written.put_off} >= {
        "the claim does not stand where the guide wants it, nor would the note"
    }


def test_the_library_gives_bytes_findings_edits_and_what_was_put_off(fixtures):
    data = (fixtures / "inj-d05.837").read_bytes()
    done = scrubber.rewrite.rewrite(data)
    outside(data, done.data, [change.edit for change in done.edits])
    assert {change.rule for change in done.edits} == {"INJ-D05"}
    fixed = [finding for finding in done.findings if finding.disposition == "fixed"]
    assert len(fixed) == len(done.edits) == 5
    assert len(done.left) == len(done.findings) - 5
    suggested = scrubber.rewrite.rewrite((fixtures / "inj-b01.837").read_bytes())
    assert {one.by.rule for one in suggested.put_off} == {"INJ-B01"}
    assert suggested.data == (fixtures / "inj-b01.837").read_bytes()


def corpus(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / "corpus").glob("*/*") if path.is_file())


@pytest.mark.shared
def test_every_corpus_file_takes_a_note_on_every_line(shared, tmp_path):
    checker = AllClaims()
    told = [check_annotate(path, _fresh(tmp_path, n), checker) for n, path in enumerate(corpus(shared))]
    assert sum(count > 0 for count in told) >= 65
    assert sum(count for count in told if count > 0) >= 200


def _fresh(folder: Path, number: int) -> Path:
    made = folder / str(number)
    made.mkdir()
    return made
