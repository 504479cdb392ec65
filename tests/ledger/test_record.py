"""One transaction an input: all of it or nothing, once, whoever else writes and whatever dies."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import weakref
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from ledgercases import AT, claim, counts, later, record, run_for, sha

import scrubber
from scrubber.errors import GUARD
from scrubber.ledger import AlreadyRecorded, Artefact, LedgerError, open_ledger

HERE = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(
        [str(Path(scrubber.__file__).parents[1]), str(Path(__file__).parents[1] / "support")]
    ),
}


def process(program: str, *arguments: str) -> subprocess.Popen[str]:
    """A program in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=HERE,
    )  # fmt: skip


def test_the_same_bytes_are_refused_and_the_run_is_told(where):
    claims = [claim()]
    with open_ledger(where) as ledger:
        id_ = record(ledger, run_for(claims), claims)
        with pytest.raises(AlreadyRecorded) as refused:
            record(ledger, replace(run_for(claims), name="other.837"), claims)
        assert refused.value.run == id_
        assert refused.value.exit_code == GUARD
        assert str(refused.value) == f'the same bytes were recorded before, as run {id_} ("sample.837")'
        assert len(list(ledger.runs())) == 1
        assert len(list(ledger.claims())) == 1
        assert ledger.seen(sha("input")) == next(ledger.runs())
        assert ledger.seen(sha("another")) is None


@pytest.mark.parametrize("part", ["received", "released", "held"])
def test_claims_that_are_not_those_of_the_run_are_refused(where, part):
    claims = [claim(1), claim(2, "CLM2", held=True)]
    wrong = replace(run_for(claims), **{part: counts(claims * 2)})
    with open_ledger(where) as ledger:
        with pytest.raises(LedgerError, match="nothing was recorded"):
            record(ledger, wrong, claims)
        assert list(ledger.runs()) == list(ledger.claims()) == list(ledger.holds()) == []
        record(ledger, run_for(claims), claims)


def test_what_fails_in_the_middle_leaves_nothing(where):
    def breaking():
        for number in range(1, 1500):
            yield claim(number, f"CLM{number}", held=number % 3 == 0)
        raise KeyboardInterrupt

    with open_ledger(where) as ledger:
        with pytest.raises(KeyboardInterrupt):
            record(ledger, run_for([]), breaking())
        assert list(ledger.runs()) == list(ledger.claims()) == list(ledger.holds()) == []
        record(ledger, run_for([claim()]), [claim()])


KILLED = """
import sys
from ledgercases import claim, record, run_for
from scrubber.ledger import open_ledger

def claims():
    for number in range(1, 1800):
        yield claim(number, f"CLM{number}", held=number % 3 == 0)
    print("in the middle", flush=True)
    sys.stdin.read()

with open_ledger(sys.argv[1]) as ledger:
    record(ledger, run_for([]), claims())
"""


def test_a_process_that_is_killed_in_the_middle_leaves_nothing(where):
    with open_ledger(where) as ledger:
        record(ledger, run_for([claim()], "before"), [claim()])
    victim = process(KILLED, where)
    assert victim.stdout is not None
    assert victim.stdout.readline() == "in the middle\n"
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    with open_ledger(where) as ledger:
        assert [run.sha256 for run in ledger.runs()] == [sha("before")]
        assert len(list(ledger.claims())) == 1
        assert list(ledger.holds()) == []
        assert ledger.seen(sha("input")) is None
        claims = [claim(2, "CLM2", held=True)]
        record(ledger, run_for(claims), claims)


WRITER = """
import sys
from ledgercases import claim, record, run_for
from scrubber.ledger import AlreadyRecorded, open_ledger

where, me = sys.argv[1:]
sys.stdin.readline()
done = []
with open_ledger(where, patience=120) as ledger:
    for number in range(4):
        mine = number % 2
        claims = [claim(n, f"CLM{number}.{n}", held=n % 2 == 0) for n in range(1, 100)]
        try:
            record(ledger, run_for(claims, f"{me if mine else 'all'}-{number}"), claims)
            done.append(str(number))
        except AlreadyRecorded:
            pass
print(*done)
"""


def test_of_several_writers_each_input_has_one(where):
    """They open the same new ledger at once too."""
    writers = [process(WRITER, where, str(number)) for number in range(3)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    results = [writer.communicate(timeout=300) for writer in writers]
    assert [error for _, error in results if error] == []
    done = sorted(number for output, _ in results for number in output.split())
    assert done == sorted(["0", "2", *(["1", "3"] * 3)])
    with open_ledger(where) as ledger:
        assert len(list(ledger.runs())) == len(done)
        assert len(list(ledger.claims())) == 99 * len(done)
        assert len(list(ledger.holds())) == 49 * 4  # the same claims in each run


def test_claims_are_not_gathered(where):
    alive: weakref.WeakSet[Token] = weakref.WeakSet()
    most = 0

    def claims():
        nonlocal most
        for number in range(1, 4001):
            token = Token(f"CLM{number}")
            alive.add(token)
            yield claim(number, token)
            most = max(most, len(alive))

    run = replace(run_for([]), received=counts([claim()] * 4000), released=counts([claim()] * 4000))
    with open_ledger(where) as ledger:
        gc.disable()  # nothing may hang in circles either
        try:
            record(ledger, run, claims())
        finally:
            gc.enable()
        assert 0 < most < 1500
        assert sum(1 for _ in ledger.claims()) == 4000


class Token(str):
    """A text that a weak reference can watch."""

    __slots__ = ("__weakref__",)


def test_transactions_have_their_counts(where):
    claims = [claim(1), claim(2, "CLM2", held=True), claim(3, "CLM3", st02="0002")]
    with open_ledger(where) as ledger:
        record(ledger, run_for(claims), claims)
        with ledger._database.reading() as connection:
            found = connection.exec_driver_sql(
                "SELECT st02, received_claims, received_lines, received_cents, held_claims, held_lines,"
                " held_cents FROM ledger_transactions ORDER BY number"
            ).all()
    assert [tuple(row) for row in found] == [("0001", 2, 2, 5000, 1, 1, 2500), ("0002", 1, 1, 2500, 0, 0, 0)]


def test_names_from_outside_are_recorded_in_plain_text(where):
    claims = [claim()]
    run = replace(
        run_for(claims), name="a\0b\n\udce9\x1b[31m.837", artefacts=(Artefact("released/\udce9", sha("x")),)
    )
    with open_ledger(where) as ledger:
        record(ledger, run, claims)
        found = next(ledger.runs())
    assert found.name == "a b \\udce9 [31m.837"
    assert found.artefacts[0].name == "released/\\udce9"


def test_a_time_without_zone_is_refused(where):
    claims = [claim()]
    with open_ledger(where) as ledger, pytest.raises((LedgerError, ValueError)):
        record(ledger, replace(run_for(claims), at=datetime(2026, 1, 1)), claims)  # noqa: DTZ001


def test_runs_come_by_time_too(where):
    with open_ledger(where) as ledger:
        for days in range(3):
            record(ledger, run_for([], f"input {days}", later(days)), [])
        assert [run.at for run in ledger.runs()] == [AT, later(1), later(2)]
        assert [run.at for run in ledger.runs(since=later(1), until=later(2))] == [later(1)]
        assert all(run.at.tzinfo is not None for run in ledger.runs())


def test_reading_goes_on_while_another_writes(where):
    """A stream shows one state: that of its beginning."""
    with open_ledger(where) as ledger, open_ledger(where) as other:
        claims = [claim(number, f"CLM{number}") for number in range(1, 1200)]
        record(ledger, run_for(claims), claims)
        stream = ledger.claims()
        first = next(stream)
        record(other, run_for(claims, "second"), claims)
        record(ledger, run_for(claims, "third"), claims)
        assert len([first, *stream]) == len(claims)
        assert sum(1 for _ in ledger.claims()) == 3 * len(claims)
