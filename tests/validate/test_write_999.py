"""The 999: all accepted for a clean batch, the right segment and element for a broken one, read by pyx12."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from loops.answers.write_999 import write_999
from loops.errors import NotX12Error
from loops.validate import validate
from loops.validate.oracle import Verdict, ask_reference

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def answers(data: bytes) -> list[bytes]:
    validation = validate(data)
    problems = list(validation)
    groups = (group for group in validation.groups if group.judged)
    return [write_999(group, problems, control=n, made_on=NOW) for n, group in enumerate(groups, 1)]


def segments(answer: bytes, id_: bytes) -> list[bytes]:
    return [segment for segment in answer.split(b"~") if segment.startswith(id_ + b"*")]


def test_pyx12_reads_every_999(fixture_file: Path):
    try:
        found = answers(fixture_file.read_bytes())
    except NotX12Error:
        return
    for answer in found:
        verdict = ask_reference(answer)
        assert isinstance(verdict, Verdict), verdict
        assert verdict.valid, (sorted(verdict.faults), answer)


@pytest.mark.shared
def test_pyx12_reads_the_999_of_public_files(shared: Path):
    count = 0
    for file in sorted((shared / "corpus" / "837p").iterdir()):
        if file.stat().st_size > 20_000:
            continue
        try:
            found = answers(file.read_bytes())
        except NotX12Error:
            continue
        for answer in found:
            count += 1
            verdict = ask_reference(answer)
            assert isinstance(verdict, Verdict), (file.name, verdict)
            assert verdict.valid, (file.name, sorted(verdict.faults))
    assert count > 80


def test_clean_batch_is_accepted(fixtures: Path):
    (answer,) = answers((fixtures / "clean-commercial.837").read_bytes())
    assert segments(answer, b"IK5") == [b"IK5*A"]
    assert segments(answer, b"AK9") == [b"AK9*A*1*1*1"]
    assert segments(answer, b"AK2") == [b"AK2*837*0001*005010X222A1"]
    assert segments(answer, b"ISA")[0].split(b"*")[6].strip() == b"TESTRECEIVER"
    assert segments(answer, b"GS")[0].split(b"*")[2:4] == [b"TESTRECEIVER", b"TESTSENDER"]


def test_names_segment_claim_and_element(fixtures: Path):
    data = (fixtures / "clean-commercial.837").read_bytes()
    (answer,) = answers(data.replace(b"SV1*HC:96372*35*UN", b"SV1*HC:96372*35*QQ", 1))
    at = data[data.index(b"ST*837") :].split(b"~\n").index(b"SV1*HC:96372*35*UN*1***1") + 1
    expected = b"IK3*SV1*%d**8~CTX*CLM01:CLEAN-CI-KETOROLAC~IK4*3**7~IK5*R*5~" % at
    assert expected in answer
    assert segments(answer, b"AK9") == [b"AK9*R*1*1*0"]


def test_missing_segment_and_wrong_count(fixtures: Path):
    data = (fixtures / "clean-commercial.837").read_bytes()
    start = data.index(b"HI*ABK")
    (answer,) = answers(data[:start] + data[data.index(b"NM1*82", start) :])
    assert b"IK3*HI*" in answer
    assert b"**3~CTX*CLM01:CLEAN-CI-KETOROLAC~" in answer
    assert segments(answer, b"IK5") == [b"IK5*R*4*5"]


def test_one_bad_set_does_not_spoil_its_neighbours(fixtures: Path):
    (answer,) = answers((fixtures / "broken-one-bad-st.837").read_bytes())
    letters = [segment.split(b"*")[1] for segment in segments(answer, b"IK5")]
    assert letters.count(b"R") == 1
    assert len(letters) > 1
    assert segments(answer, b"AK9")[0].startswith(b"AK9*P*")
