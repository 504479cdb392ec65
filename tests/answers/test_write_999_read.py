"""The 999 that we write says, read back, what validation found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from loops.answers import read
from loops.answers.kinds import GroupAck, Problem, TransactionAck
from loops.answers.write_999 import write_999
from loops.errors import NotX12Error
from loops.validate import validate

NOW = datetime(2026, 11, 26, 9, 5, tzinfo=UTC)


def check(data: bytes) -> int:
    """Compare every group's 999, read back, with its validation; return how many faults were compared."""
    validation = validate(data)
    problems = list(validation)
    count = 0
    for group in validation.groups:
        if not group.judged:
            continue
        answer = list(read(write_999(group, problems, control=5, made_on=NOW), "back.999"))
        assert not [a for a in answer if isinstance(a, Problem)]
        *acks, summary = answer
        assert isinstance(summary, GroupAck)
        assert summary.received == len(acks) == len(group.transactions)
        taken = sum(ack.code in "AE" for ack in acks if isinstance(ack, TransactionAck))
        assert summary.accepted == (0 if summary.code == "R" else taken)
        for ack, transaction in zip(acks, group.transactions, strict=True):
            assert isinstance(ack, TransactionAck)
            assert ack.code == (transaction.verdict if transaction.judged else "R")
            if not transaction.judged:
                continue
            mine = [p for p in problems if p.transaction == transaction.number and p.ik3 and p.segment]
            assert {(f.position, f.segment_id, f.code, f.claim) for f in ack.faults} == {
                (p.segment, p.segment_id or "ZZZ", p.ik3, p.claim.strip()[:35]) for p in mine
            }
            assert {(f.position, e.element, e.component, e.code) for f in ack.faults for e in f.elements} == {
                (p.segment, p.element, p.component, p.ik4) for p in mine if p.ik4 and p.element
            }
            count += len(mine)
    return count


def test_every_fixture(fixture_file: Path):
    try:
        check(fixture_file.read_bytes())
    except NotX12Error:
        return


def test_faults_of_a_fixture_are_compared(fixtures: Path):
    assert check((fixtures / "inj-a03.837").read_bytes())


@pytest.mark.shared
def test_public_batches(shared: Path):
    count = 0
    for path in sorted((shared / "corpus" / "837p").iterdir()):
        if path.stat().st_size < 60_000:
            try:
                count += check(path.read_bytes())
            except NotX12Error:
                continue
    assert count > 500
