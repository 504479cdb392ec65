"""Claims on their way to the ledger come out as they went in, whether they are few or go through a file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrubber.batch import handed
from scrubber.batch.files import Disk
from scrubber.batch.handed import Handed
from scrubber.ledger import Transaction
from scrubber.ledger.rows import AlarmRow, ClaimRow, Ready

AT = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)


def ready(number):
    """A claim with none, one or two alarms, three to a transaction."""
    transaction = Transaction("a.837", "1", "1", f"{number // 3:04}", "B", "005010X222A1", AT)
    texts = [f"{name}{number}" for name in ClaimRow._fields]
    row = ClaimRow(number, *texts[1:])._replace(cents=number * 100, first_day=None)
    alarm = [f"{name}{number}" for name in AlarmRow._fields]
    alarms = [AlarmRow(number, nth, *alarm[2:])._replace(cents=nth) for nth in range(number % 3)]
    return Ready(transaction, number, row, tuple(alarms))


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7, 8, 9, 30])
def test_what_comes_out_is_what_went_in(tmp_path, monkeypatch, count):
    monkeypatch.setattr(handed, "_CHUNK", 4)
    claims, path = [ready(number) for number in range(count)], tmp_path / "claims"
    over = Handed.over(iter(claims), Disk(), path)
    assert path.exists() == (count >= 4)
    out = list(over)
    assert out == claims == list(over)
    assert {type(one) for one in out} <= {Ready}
    assert {type(one.row) for one in out} <= {ClaimRow}
    assert {type(alarm) for one in out for alarm in one.alarms} <= {AlarmRow}
    over.discard(Disk())
    assert not path.exists()
