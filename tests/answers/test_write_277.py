"""The 277CA that we write: pyx12 reads it, our reader gives back what was said, totals are those of the batch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loops
from loops.answers import echo, read
from loops.answers.echo import Echo
from loops.answers.kinds import BatchStatus, ClaimStatus, Problem, ProviderStatus, Status
from loops.answers.write_277 import ACCEPTED, Answerer, Note, Verdict, write_277
from loops.totals import totals

from .oracle_277 import faults

NOW = datetime(2026, 11, 26, 9, 5, tzinfo=UTC)
CODES = [Status.of(text) for text in "A7:453 A7:507 A6:21 A8:306 A7:562:82 A3:54 A7:476 A7:249".split()]
REFUSED = Verdict(accepted=False, notes=(Note((CODES[0],), line=1, text="INJ-E02"),))


def write(data: bytes, verdicts: Mapping[int, Verdict] | None = None, **options: object) -> bytes:
    with loops.read(data) as batch:
        return b"".join(write_277(batch, verdicts or {}, control=41, made_on=NOW, **options))  # type: ignore[arg-type]


def every_other(data: bytes) -> dict[int, Verdict]:
    with loops.read(data) as batch:
        return {claim.index: REFUSED for claim in batch.claims() if claim.index % 2}


def segments(answer: bytes, id_: str) -> list[list[str]]:
    found = (segment.strip().split("*") for segment in answer.decode("ascii").split("~"))
    return [segment for segment in found if segment[0] == id_]


def readable(path: Path) -> bytes:
    """The bytes of a batch; of what is none, a batch without claims."""
    data = path.read_bytes()
    try:
        loops.read(data)
    except loops.NotX12Error:
        return path.with_name("broken-835.edi").read_bytes()
    return data


@st.composite
def verdict(draw: st.DrawFn) -> Verdict:
    statuses = st.lists(st.sampled_from(CODES), min_size=1, max_size=7).map(tuple)
    text = st.sampled_from(["", "INJ-E02", "X12-NPI"])
    note = st.builds(Note, statuses, line=st.integers(0, 4), text=text)
    return Verdict(draw(st.booleans()), tuple(draw(st.lists(note, min_size=1, max_size=4))))


# --- what the guide and pyx12 want ---


@pytest.mark.parametrize("refuse", [False, True])
def test_pyx12_reads_the_answer_to_every_fixture(fixture_file: Path, refuse: bool):
    data = readable(fixture_file)
    answer = write(data, every_other(data) if refuse else {})
    with loops.read(data) as batch:
        claims = len(batch)
        transactions = len(batch.index.set_start)
    if not transactions:
        assert answer == b""
    elif claims:
        parts = [
            b"ISA*" + part for part in answer.split(b"ISA*")[1:]
        ]  # pyx12 numbers sets across interchanges
        assert [fault for part in parts for fault in faults(part)] == []


@pytest.mark.shared
def test_pyx12_reads_the_answer_to_public_batches(shared: Path):
    count = 0
    for path in sorted((shared / "corpus" / "837p").iterdir()):
        data = path.read_bytes()
        if len(data) > 60_000:
            continue
        try:
            answer = write(data, every_other(data))
        except loops.NotX12Error:
            continue
        with loops.read(data) as batch:
            sets = len(batch.index.set_start)
            if sets and len(set(batch.index.claim_set)) == sets:
                assert [f for part in answer.split(b"ISA*")[1:] for f in faults(b"ISA*" + part)] == [], (
                    path.name
                )
                count += 1
    assert count > 70


def test_the_segments_of_a_claim(fixtures: Path):
    data = (fixtures / "clean-commercial.837").read_bytes()
    with loops.read(data) as batch:
        claim = next(claim for claim in batch.claims() if len(claim.lines) > 1)
    notes = (
        Note((Status.of("A7:562:82"),), text="X12-NPI"),
        Note(tuple(CODES[:4]), line=2, text="INJ-M01"),
        Note((CODES[6],), line=2),
    )
    answer = write(data, {claim.index: Verdict(accepted=False, notes=notes)})
    start = answer.index(f"TRN*2*{claim.id}~".encode())
    line, charge = claim.lines[1], claim.charge
    procedure = ":".join(("HC", line.code, *line.modifiers))
    day = f"{line.first_day:%Y%m%d}"
    assert (
        answer[start:]
        .decode()
        .startswith(
            f"TRN*2*{claim.id}~STC*A7:562:82*20261126*U*{charge}********X12-NPI~DTP*472*D8*{day}~"
            f"SVC*{procedure}*{line.charge}*****{line.units}~"
            "STC*A7:453**U*******A7:507*A6:21*INJ-M01~STC*A8:306**U*******A7:476**INJ-M01~"
            f"REF*FJ*{line.control_number or line.number}~DTP*472*D8*{day}~"
        )
    )


def test_levels_count_on_and_point_at_their_parents(fixture_file: Path):
    answer = write(readable(fixture_file))
    for transaction in answer.split(b"~ST*")[1:]:
        parents = {"20": "", "21": "20", "19": "21", "PT": "19"}
        seen: dict[str, tuple[str, str]] = {}
        for number, (_, hl01, hl02, level, *_child) in enumerate(segments(transaction, "HL"), 1):
            assert hl01 == str(number)
            assert (seen[hl02][0] if hl02 else "") == parents[level]
            seen[hl01] = (level, hl02)


def test_control_numbers_and_counts(fixtures: Path):
    for name in ("clean-several-isa.837", "clean-several-gs.837", "clean-several-st.837"):
        answer = write((fixtures / name).read_bytes())
        groups = segments(answer, "GS")
        assert [gs[6] for gs in groups] == [str(41 + n) for n in range(len(groups))]
        assert [isa[13] for isa in segments(answer, "ISA")] == [
            f"{41 + n:09}" for n in range(len(segments(answer, "ISA")))
        ]
        assert not [a for a in read(answer) if isinstance(a, Problem)]


def test_control_numbers_begin_again_after_the_last(fixtures: Path):
    data = (fixtures / "clean-several-gs.837").read_bytes()
    with loops.read(data) as batch:
        answer = b"".join(write_277(batch, {}, control=999_999_999, made_on=NOW))
    assert [gs[6] for gs in segments(answer, "GS")] == ["999999999", "1", "2"]


def test_lines_end_as_asked(fixtures: Path):
    data = (fixtures / "clean-subscriber.837").read_bytes()
    assert write(data, line_end="\r\n").replace(b"\r\n", b"") == write(data)


def test_who_answers(fixtures: Path):
    data = (fixtures / "clean-subscriber.837").read_bytes()
    assert segments(write(data), "NM1")[0] == "NM1*AY*2*EXAMPLE CLEARINGHOUSE*****46*TESTRECEIVER".split("*")
    payer = Answerer("PR", "EXAMPLE PLAN", "PI", "EXPLAN1")
    answer = write(data, answerer=payer, received_on=date(2026, 11, 25))
    assert segments(answer, "NM1")[0] == "NM1*PR*2*EXAMPLE PLAN*****PI*EXPLAN1".split("*")
    assert segments(answer, "STC")[0][1] == "A1:19:PR"
    assert [dtp[3] for dtp in segments(answer, "DTP")[:2]] == ["20261125", "20261126"]
    assert faults(answer) == []


def test_the_same_input_gives_the_same_bytes(fixtures: Path):
    data = (fixtures / "b12.837").read_bytes()
    assert write(data, every_other(data)) == write(data, every_other(data))


# --- what the reader gives back ---


def check(data: bytes, verdicts: Mapping[int, Verdict]) -> None:
    """The answer read back says of every claim what was said, and its totals are the batch's."""
    answer = write(data, verdicts)
    found = list(read(answer)) if answer else []
    assert not [a for a in found if isinstance(a, Problem)]
    statuses = [a for a in found if isinstance(a, ClaimStatus)]
    with loops.read(data) as batch:
        claims = list(batch.claims())
        counted = totals(batch)
        batches = [batch.envelope(n).st02 for n in range(len(batch.index.set_start))]
    assert len(statuses) == len(claims)
    for claim, status in zip(claims, statuses, strict=True):
        said = verdicts.get(claim.index, ACCEPTED)
        assert status.claim == (claim.id.strip() or "0")
        assert status.notes[0].charge == (claim.charge or 0)
        assert {note.action for note in status.notes} == {"WQ" if said.accepted else "U"}
        told = [
            s
            for note in (*status.notes, *(n for line in status.lines for n in line.notes))
            for s in note.statuses
        ]
        wanted = {s for note in said.notes for s in note.statuses}
        assert set(told) - {Status("A3", "247")} == wanted
        assert len(told) >= len(wanted)
        assert not (said.accepted and status.lines)
    heads = [a for a in found if isinstance(a, BatchStatus)]
    assert len(heads) == len(batches)
    for values in (heads, [a for a in found if isinstance(a, ProviderStatus)]):
        sums = [value.totals for value in values]
        assert sum((t.accepted or 0) + (t.rejected or 0) for t in sums) == counted.claims
        assert sum((t.accepted_amount or 0) + (t.rejected_amount or 0) for t in sums) == counted.charges
        assert sum(t.rejected or 0 for t in sums) == sum(not v.accepted for v in verdicts.values())


def test_round_trip_of_every_fixture(fixture_file: Path):
    data = readable(fixture_file)
    check(data, every_other(data))


@settings(max_examples=60)
@given(st.data())
def test_round_trip_of_any_verdicts(fixtures: Path, data: st.DataObject):
    name = data.draw(
        st.sampled_from(["clean-dependent.837", "clean-several-isa.837", "inj-m01.837", "clean-cob.837"])
    )
    batch = (fixtures / name).read_bytes()
    with loops.read(batch) as opened:
        claims = st.integers(1, len(opened))
    check(batch, data.draw(st.dictionaries(claims, verdict(), max_size=8)))


def test_the_batch_is_named_by_its_bht03(fixtures: Path):
    data = (fixtures / "clean-several-st.837").read_bytes()
    traces = [a.trace for a in read(write(data)) if isinstance(a, BatchStatus)]
    assert [t.encode() for t in traces] == re.findall(rb"BHT\*0019\*00\*([^*]+)", data)


def test_what_an_intermediary_numbered_comes_back(fixtures: Path):
    data = (fixtures / "clean-many-loops.837").read_bytes()
    own = re.findall(rb"REF\*D9\*([^~]+)", data)
    assert own
    told = [
        a.intermediary.encode() for a in read(write(data)) if isinstance(a, ClaimStatus) if a.intermediary
    ]
    assert told == own


def test_a_dependent_is_answered_with_the_member_id_of_the_subscriber(fixtures: Path):
    data = (fixtures / "clean-dependent.837").read_bytes()
    with loops.read(data) as batch:
        members = [claim.subscriber.member_id for claim in batch.claims() if claim.subscriber]
    assert [a.member_id for a in read(write(data)) if isinstance(a, ClaimStatus)] == members


SENT = (b"NM1*IL*1*TESTCASE*PARENT****MI*TEST0477", b"NM1*QC*1*TESTCASE*ALPHA", b"DTP*472*D8*20260918")
ODD = [
    *((SENT[0], b"NM1*IL*" + odd)
      for odd in (b"1*VAN SAMPLE*ANN MAY*Q**JR*MI*TEST1", b"1*DOE*JANE**DR**MI*TEST1", b"2*DOE*****II*TEST1",
                  b"1*DOE*JANE****ZZ*TEST1", b"1*DOE*JANE****MI*1", b"1*DOE*JANE****MI*TEST1*", b"1**JANE****MI*TEST1",
                  b"1*D\xd6E*J:NE****MI*TEST1", b"1*" + b"D" * 61 + b"*JANE****MI*TEST1", b"1*DOE", b"1*'O-E*J.****MI*T-1")),
    *((SENT[1], b"NM1*QC*" + odd) for odd in (b"1*DOE", b"1*DOE*SAM*Q", b"1*DOE*SAM**DR*JR", b"1* DOE*SAM", b"1")),
    *((SENT[2], odd)
      for odd in (b"DTP*472*RD8*20260920-20260910", b"DTP*472*D8*20261301", b"DTP*472*", b"DTP*472", b"DTP*471*D8*20260918",
                  b"NTE*ADD*DTP*472*D8*20250101", b"REF*D9*OWN 1", b"REF*D9*", b"DTP*472*DTP*472*D8*20250101")),
    (b"CLM*CLEAN-DEP-1*143*", b"CLM*CLEAN-DEP-1*143~*"), (b"CLM*CLEAN-DEP-1*143*", b"CLM~*CLEAN-DEP-1*143*"),
    (b"CLM*CLEAN-DEP-1*143*", b"CLM*CLEAN-DEP-1*\xb2*"), (b"CLM*CLEAN-DEP-1*143*", b"CLM*CLEAN-DEP-1*-1.5*"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [(b"", b""), *ODD])
@pytest.mark.parametrize("first", [True, False])
def test_what_is_sent_back_as_it_came_needed_no_care(
    fixtures: Path, monkeypatch: pytest.MonkeyPatch, old: bytes, new: bytes, first: bool
):
    data = (fixtures / "clean-dependent.837").read_bytes()
    assert all(sent in data for sent in SENT)
    data = data.replace(old, new, 1 if first else -1)
    quick = write(data)
    monkeypatch.setattr(Echo, "as_sent", lambda *_: "")
    monkeypatch.setattr(Echo, "_alike", lambda *_: None)
    monkeypatch.setattr(echo, "_USUAL", -1)
    assert write(data) == quick


# --- data that is not as it should be ---


CLAIM = b"CLM*CLEAN-CI-KETOROLAC*"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CLAIM, b"CLM**"),
        (CLAIM, b"CLM*" + b"X" * 60 + b"*"),
        (b"SV1*HC:96372*35*UN*1", b"SV1*HC:*35*UN*1"),
        (b"SV1*HC:96372*35*UN*1", b"SV1*XX:96372*35*UN*1"),
        (b"SV1*HC:96372*35*UN*1", b"SV1*HC:96372:5:TOOLONG*3x5*UN*y"),
        (b"SV1*HC:96372*35*UN*1", b"SV1"),
        (b"DTP*472*D8*2026", b"DTP*472*D8*20X6"),
        (b"DTP*472*", b"DTP*999*"),
        (b"NM1*85*2*", b"NM1*77*2*"),
        (b"NM1*IL*1*", b"NM1*I*1*"),
        (b"NM1*41*2*", b"NM1*99*2*"),
        (b"BHT*0019*00*", b"BHT*0019*00"),
        (b"HL*", b"XX*"),
        (b"DOE*", b"D\xd1OE^*"),
        (b"DOE*", b"D\xc3\x91OE*"),
    ],
)
def test_damaged_claims_are_answered_as_pyx12_wants_it(fixtures: Path, old: bytes, new: bytes):
    data = (fixtures / "clean-commercial.837").read_bytes()
    assert old in data
    damaged = data.replace(old, new)
    answer = write(damaged, every_other(damaged))
    assert faults(answer) == []
    with loops.read(damaged) as batch:
        assert len([a for a in read(answer) if isinstance(a, ClaimStatus)]) == len(batch)


def test_a_line_that_cannot_be_named_is_said_of_the_claim(fixtures: Path):
    data = (fixtures / "clean-commercial.837").read_bytes().replace(b"SV1*HC:96372*", b"SV1*HC:*", 1)
    with loops.read(data) as batch:
        number = next(c.index for c in batch.claims() if c.id == "CLEAN-CI-KETOROLAC")
        at = next(n for n, line in enumerate(batch.claim(number - 1).lines, 1) if not line.code)
    notes = (Note((CODES[0],), line=at, text="INJ-E02"), Note((CODES[1],), line=99))
    (status,) = [
        a
        for a in read(write(data, {number: Verdict(accepted=False, notes=notes)}))
        if isinstance(a, ClaimStatus) and a.claim == "CLEAN-CI-KETOROLAC"
    ]
    assert not status.lines
    assert [(note.statuses, note.text) for note in status.notes] == [((CODES[0], CODES[1]), "INJ-E02")]


def test_notes_about_the_same_thing_share_an_stc(fixtures: Path):
    data = (fixtures / "clean-subscriber.837").read_bytes()
    notes = [Note((CODES[n],), line=1, text=f"INJ-E0{n}") for n in (0, 1, 0, 4, 5)]
    (status, *_) = [
        a
        for a in read(write(data, {1: Verdict(accepted=False, notes=tuple(notes))}))
        if isinstance(a, ClaimStatus)
    ]
    assert [(note.statuses, note.text) for note in status.lines[0].notes] == [
        ((CODES[0], CODES[1], CODES[4]), "INJ-E00 INJ-E01 INJ-E04"),
        ((CODES[5],), "INJ-E05"),
    ]


def test_accents_are_folded_and_separators_taken_out(fixtures: Path):
    data = (fixtures / "clean-commercial.837").read_bytes()
    for spelled in (b"MU\xd1OZ~", b"MU\xc3\x91OZ~"):
        name = spelled[:-1]
        answer = write(re.sub(rb"NM1\*IL\*1\*[A-Z]+\*", b"NM1*IL*1*" + name + b"^*", data))
        assert {nm1[3] for nm1 in segments(answer, "NM1") if nm1[1] == "QC"} == {"MUNOZ"}


def test_names_stand_in_nm1_alone(fixture_file: Path):
    data = readable(fixture_file)
    answer = write(data, every_other(data))
    others = [s for s in answer.decode("ascii").split("~") if not s.startswith("NM1*")]
    for name in ("DOE", "JANE", "TESTCASE", "SAMPLE"):
        assert not [s for s in others if name in re.split(r"[*:]", s)]


@pytest.mark.parametrize(
    "notes",
    [
        (),
        (Note(()),),
        (Note((Status("A7", "45~3"),)),),
        (Note((Status("", ""),)),),
        (Note((Status("A7", ""),)),),
    ],
)
def test_a_verdict_without_a_status_is_a_mistake(notes: tuple[Note, ...]):
    with pytest.raises(ValueError, match="status"):
        Verdict(accepted=False, notes=notes)


def test_a_batch_without_837p_has_no_answer(fixtures: Path):
    assert write((fixtures / "broken-835.edi").read_bytes()) == b""


def test_charges_add_up_without_rounding(fixtures: Path):
    data = (fixtures / "clean-subscriber.837").read_bytes()
    answer = write(data.replace(b"CLM*", b"CLM*X*0.10*Y~\nCLM*", 1))
    (head,) = [a for a in read(answer) if isinstance(a, BatchStatus)]
    with loops.read(data) as batch:
        assert head.totals.accepted_amount == totals(batch).charges + Decimal("0.1")
