"""What `loops.read` takes, what it says of what it does not take, and that one fault spoils no neighbour."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

import loops

from .respell import HEAD, ISA, TAIL, Spelling, respell, whole

# What stands in a folder of the corpus, by the beginning of its name in `Foreign.what`.
KINDS = {
    "270_271": "27",
    "276": "276 claim status inquiry",
    "277": "277 claim status answer",
    "277ca": "277 claim",
    "835": "835 remittance advice",
    "837d": "837 dental",
    "837i": "837",
    "999": "999 acknowledgement",
}


def use(batch: loops.Batch) -> int:
    """Ask a batch for everything it has."""
    for claim in batch.claims():
        assert claim.id is not None
        assert claim.start < claim.end <= len(batch.source)
        for line in claim.lines:
            claim.rendering(line)
            claim.pointed(line)
    return sum(len(stretch.steps) for _, stretch in batch.walk())


def read_or_reason(source: Path | bytes) -> loops.Batch | None:
    """Read and use `source`; a refusal must be one line that shows no data."""
    try:
        batch = loops.read(source)
    except loops.NotX12Error as error:
        reason = str(error)
        batch = None
    if batch is None:
        assert "\n" not in reason
        assert 10 < len(reason) < 160
        return None
    with batch:
        use(batch)
        for problem in batch.index.problems:
            assert problem.code.startswith("X12-")
            assert "\n" not in problem.message
            assert 0 <= problem.start <= problem.end <= len(batch.source)
        return batch


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["837p", *KINDS, "bad", "other"])
def test_public_files(shared, kind):
    files = sorted((shared / "corpus" / kind).iterdir())
    assert files
    for file in files:
        batch = read_or_reason(file)
        if kind in KINDS:
            assert batch is not None
            assert len(batch) == 0
            named = {foreign.what for foreign in batch.index.foreign}
            assert named or not len(batch.index.set_start)
            assert all(what.startswith(KINDS[kind]) for what in named), named


def test_fixtures(fixture_file):
    batch = read_or_reason(fixture_file)
    if not fixture_file.name.startswith("broken-"):
        assert batch is not None
        assert len(batch)
        assert batch.index.foreign == batch.index.problems == []


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("broken-4010.837", "837 professional (004010X098A1)"),
        ("broken-837i.837", "837 institutional (005010X223A2)"),
        ("broken-837d.837", "837 dental (005010X224A2)"),
        ("broken-999.edi", "999 acknowledgement (005010X231A1)"),
        ("broken-835.edi", "835 remittance advice (005010X221A1)"),
    ],
)
def test_other_transactions_are_named(fixtures, name, what):
    with loops.read(fixtures / name) as batch:
        assert [foreign.what for foreign in batch.index.foreign] == [what]
        assert len(batch) == 0


REFUSED = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \r\n\t\0\x1a", "the file is empty"),
    "only a byte order mark": (b"\xef\xbb\xbf\r\n", "the file is empty"),
    "text": (b"Dear Sir or Madam", "does not begin with an ISA segment"),
    "ISA in a word": (b"ISABELLA AND FERDINAND " * 40, "does not have 16 elements"),
    "no envelope": (b"ST*837*0001*005010X222A1~BHT*0019~", "ISA and GS envelope around it is missing"),
    "no ISA": (b"\r\nGS*HC*A*B~", "the ISA envelope around it is missing"),
    "EDIFACT": (b"UNA:+.? 'UNB+UNOA:1", "EDIFACT"),
    "UTF-16": ("\ufeffISA*00*".encode("utf-16-le"), "UTF-16"),
    "EBCDIC": ("ISA*00*".encode("cp037"), "EBCDIC"),
    "zip": (b"PK\x03\x04\x14\0", "compressed"),
    "gzip": (b"\x1f\x8b\x08\0", "compressed"),
    "PGP": (b"-----BEGIN PGP MESSAGE-----", "encrypted"),
    "PDF": (b"%PDF-1.7", "PDF"),
    "XML": (b"<?xml version='1.0'?><x/>", "XML or HTML"),
    "JSON": (b'{"claims": []}', "JSON"),
    "cut in the ISA": (ISA[:60], "cut off"),
    "ISA alone, no end": (b"ISA", "cut off"),
    "15 elements": (
        ISA.replace(b"*ZZ*", b"*", 1) + b"GS*HC*A*B*20261102*1200*1*X*005010X222A1~",
        "16 elements",
    ),
    "one byte for two separators": (ISA[:104] + b"*~", "the same byte as two separators"),
    "no ISA16": (ISA[:104] + b"~GS*HC*A*B~", "letter or digit as a separator"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_x12_is_refused_with_its_reason(case):
    data, reason = REFUSED[case]
    with pytest.raises(loops.NotX12Error, match=reason):
        loops.read(data)


def test_a_refusal_shows_nothing_of_the_file():
    with pytest.raises(loops.NotX12Error) as caught:
        loops.read(b"DOE*JANE*19800101 has no envelope")
    assert "DOE" not in str(caught.value)


def test_an_interchange_with_another_terminator_than_it_declares():
    data = (ISA + whole(2)[len(ISA) :].replace(b"~", b"\n"))[:-1]
    with loops.read(data) as batch:
        assert [problem.code for problem in batch.index.problems] == ["X12-TERMINATOR"]
        assert len(batch) == 0


def test_a_damaged_isa_costs_its_own_interchange_only():
    one = whole(2)
    damaged = one.replace(b"*ZZ*", b"*", 1)
    data = one + damaged + damaged + one
    with loops.read(data) as batch:
        assert len(batch) == 4
        (problem,) = batch.index.problems
        assert (problem.code, problem.start, problem.end) == (
            "X12-ISA",
            len(one),
            len(one) + 2 * len(damaged),
        )


def test_a_damaged_first_isa_is_no_reason_to_refuse_the_rest():
    one = whole(1)
    with loops.read(one.replace(b"*ZZ*", b"*", 1) + one) as batch:
        assert len(batch) == 1
        assert [problem.code for problem in batch.index.problems] == ["X12-ISA"]


def test_an_isa_of_another_width_is_read_with_a_problem():
    data = whole(1).replace(b"TESTSENDER     ", b"TESTSENDER", 1)
    with loops.read(data) as batch:
        assert len(batch) == 1
        (problem,) = batch.index.problems
        assert (problem.code, problem.start, problem.end) == ("X12-ISA-WIDTH", 0, 101)
        assert "ISA06" in problem.message


def test_an_interchange_without_trailers_ends_where_the_next_begins():
    one = whole(2)
    cut = one[: -len(TAIL)]
    with loops.read(cut + one) as batch:
        assert len(batch) == 4
        assert list(batch.index.isa_end) == [len(cut), len(cut) + len(one)]
        assert batch.claim(1).end <= len(cut)


def test_an_interchange_with_separators_of_its_own_needs_no_trailer_before_it():
    cut, other = whole(2)[: -len(TAIL)], respell(whole(3), Spelling(b"|", b">", b"^", b"!"))
    with loops.read(cut + other) as batch:
        assert [isa.start for isa in batch.index.isas] == [0, len(cut)]
        assert len(batch) == 5
        assert batch.claim(1).end <= len(cut)


def test_text_between_interchanges_is_told():
    one = whole(1)
    with loops.read(one + b"\r\n\x1aISSUED BY NOBODY" + one) as batch:
        assert len(batch) == 2
        (problem,) = batch.index.problems
        assert (problem.code, problem.start, problem.end) == ("X12-OUTSIDE", len(one) + 3, len(one) + 19)


def test_a_foreign_transaction_among_ours_costs_none_of_them():
    one = whole(2)
    at = one.index(b"ST*")
    remittance = b"ST*835*0009~BPR*I*1~LX*1~CLP*1*1*1~SE*5*0009~"
    with loops.read(one[:at] + remittance + one[at:]) as batch:
        assert len(batch) == 2
        (foreign,) = batch.index.foreign
        assert (foreign.start, foreign.end) == (at, at + len(remittance))
        assert foreign.what.startswith("835")


def test_control_segments_without_elements_still_count():
    one = whole(2)
    bare = one.replace(b"SE*99*0001~GE*1*48~IEA*1*000000048~", b"SE~GE~IEA~").replace(
        b"CLM*CLAIM2*35***11:B:1*Y*A*Y*Y", b"CLM"
    )
    with loops.read(bare + one) as batch:
        assert [claim.id for claim in batch.claims()] == ["CLAIM1", "", "CLAIM1", "CLAIM2"]
        assert list(batch.index.isa_end) == [len(bare), len(bare) + len(one)]
        assert batch.index.problems == []


def test_a_claim_cut_in_mid_segment_keeps_what_is_there():
    one = whole(1)
    cut = one[: one.index(b"DTP*472") + 6]
    with loops.read(cut) as batch:
        (claim,) = batch.claims()
        assert claim.lines[0].code == "96372"
        assert claim.lines[0].segments[-1].raw == b"DTP*47"
        assert claim.end == len(cut)


def test_where_the_envelope_of_each_claim_stands(fixtures):
    with loops.read(fixtures / "clean-several-isa.837") as batch:
        envelopes = [claim.envelope for claim in batch.claims()]
        data = bytes(batch.source.data)
    assert len({envelope.isa13 for envelope in envelopes}) == 3
    assert all(data[envelope.start : envelope.start + 2] == b"ST" for envelope in envelopes)


@pytest.mark.parametrize("kind", ["path", "text", "bytes", "stream", "file", "short reads", "pipe"])
def test_every_kind_of_source_gives_the_same(fixtures, tmp_path, kind):
    path = fixtures / "clean-subscriber.837"
    data = path.read_bytes()
    with path.open("rb", buffering=0) as unbuffered:
        if kind == "pipe":
            os.mkfifo(tmp_path / "pipe")
            threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(data,), daemon=True).start()
        source = {
            "path": path,
            "text": str(path),
            "bytes": data,
            "stream": io.BytesIO(data),
            "file": unbuffered,
            "short reads": ShortReads(data),
            "pipe": tmp_path / "pipe",
        }[kind]
        with loops.read(source) as batch:
            assert [claim.id for claim in batch.claims()] == ["CLEAN-SUB-1", "CLEAN-SUB-2", "CLEAN-SUB-3"]


class ShortReads(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a socket does."""

    def __init__(self, data: bytes) -> None:
        self._rest = data

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        part, self._rest = self._rest[:17], self._rest[17:]
        buffer[: len(part)] = part
        return len(part)


def test_a_long_stream_goes_through_a_file(monkeypatch, fixtures):
    monkeypatch.setattr("loops.source._IN_MEMORY", 100)
    data = (fixtures / "clean-subscriber.837").read_bytes()
    with loops.read(io.BytesIO(data), name="from-a-pipe.837") as batch:
        assert bytes(batch.source.data) == data
        assert not isinstance(batch.source.data, bytes)
        assert batch.name == "from-a-pipe.837"


def test_the_name_of_a_batch_is_that_of_its_file_without_the_folder(fixtures):
    with loops.read(fixtures / "clean-crlf.837") as batch:
        assert batch.name == "clean-crlf.837"


def test_a_missing_file_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        loops.read(tmp_path / "nothing.837")


def test_only_claims_with_the_codes_asked_for_are_wanted():
    data = whole(3).replace(b"HC:96372", b"HC:96373", 1).replace(b"HC:96372", b"HC:963720", 1)
    with loops.read(data, codes=frozenset({"96372", "J1885"})) as batch:
        assert list(batch.wanted()) == [2]
    with loops.read(data) as batch:
        assert list(batch.wanted()) == []


def test_the_envelope_is_not_needed_for_each_claim(fixtures):
    """A transaction set without a group, and an ST without an end, still give their claims."""
    data = ISA + HEAD[HEAD.index(b"ST*") :] + whole(1)[len(ISA + HEAD) : -len(TAIL)]
    with loops.read(data) as batch:
        (claim,) = batch.claims()
        assert (claim.envelope.gs06, claim.envelope.st02) == ("", "0001")
