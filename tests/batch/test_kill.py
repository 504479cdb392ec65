"""Killed at any moment: every input is untouched or completely processed after the next run, never both or twice.

At each deed on the disk and each named step, and at random moments. SCRUBBER_KILLS sets how many random ones
there are; ``tests/bench/kill_batch.py`` does 2,000.
"""

from __future__ import annotations

import math
import os
import random
import signal

import pytest
from batches import (
    FAULTY,
    RIGHT,
    Counting,
    Dying,
    Heard,
    check_outbox,
    checker,
    claims,
    go,
    in_child,
    in_child_until,
    published,
    tree,
)

from scrubber.batch import run as runner
from scrubber.batch.policy import Action, Policy, Wishes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
RANDOM = int(os.environ.get("SCRUBBER_KILLS", "80"))
HOLD = Policy()
EDI = ("released/", "held/", "bad/")


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.837").write_bytes(claims(FAULTY, RIGHT))
    (folder / "b.837").write_bytes(claims(RIGHT, control=2))
    (folder / "c.txt").write_bytes(b"no X12")
    (folder / "d.837").write_bytes(claims(RIGHT, control=2))
    checker()  # the children need not make it
    return folder


class Downstream:
    """Takes away what is released as soon as it sees it, as an uplink does; counts how often it saw a batch."""

    def __init__(self, outbox):
        self._outbox = outbox
        self.sent: list[bytes] = []

    def look(self):
        for name, data in tree(self._outbox / "released").items():
            if not name.endswith(".part"):
                self.sent.append(data)


def killed(inbox, outbox, kill, expected, policy=HOLD):
    """Kill a run, look what is there, run again, and hold it against what an undisturbed run gives.

    Returns whether the kill came in time.
    """
    before = tree(inbox)
    status = kill()
    assert status in {0, -signal.SIGKILL}
    assert tree(inbox) == before
    half = {
        name: data for name, data in published(outbox).items() if not name.rpartition("/")[2].startswith(".")
    }
    for name, data in half.items():
        if name.startswith(EDI) and not name.endswith(".json"):
            assert data == expected[name], "what is there is complete"
    assert in_child(lambda: go(inbox, outbox, policy=policy)) == 0
    check_outbox(inbox, outbox)
    after = published(outbox)
    assert set(after) == set(expected)
    for name, data in after.items():
        if name.startswith(EDI) and not name.endswith(".json"):
            assert data == expected[name]
        if name in half and not name.startswith("reports/"):
            assert data == half[name], "an answer that was given is not given otherwise"
    return status != 0


@pytest.mark.parametrize("policy", [Action.HOLD, Action.REWRITE], ids=lambda one: one.value)
def test_killed_before_each_deed(policy, inbox, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "_LOT_FILES", 2)
    monkeypatch.setattr(runner, "_LOT_SECONDS", 1e9)  # the same deeds every time, also on a slow machine
    policy = Policy(Wishes(policy))
    disk = Counting()
    go(inbox, tmp_path / "whole", disk=disk, policy=policy)
    expected, deeds = published(tmp_path / "whole"), len(disk.deeds)
    named = {deed.removeprefix("step ") for deed in disk.deeds if deed.startswith("step ")}
    assert named == {"begun", "proved", "written down", "in the ledger", "named", "complete", "forgotten"}
    for last in (
        range(1, deeds + 1) if policy.name == "hold" else random.Random(1).sample(range(1, deeds + 1), 20)
    ):
        outbox = tmp_path / f"out{last}"
        dying = lambda: in_child(lambda: go(inbox, outbox, disk=Dying(last), policy=policy))  # noqa: B023, E731
        assert killed(inbox, outbox, dying, expected, policy)


def test_killed_at_random_moments(inbox, tmp_path):
    chance = random.Random(20261120)
    whole = tmp_path / "whole"
    go(inbox, whole)
    expected = published(whole)
    status, lasts = in_child_until(math.inf, lambda: go(inbox, tmp_path / "timed"))
    assert status == 0
    deaths = tries = 0
    while deaths < RANDOM:
        tries += 1
        assert tries <= 20 * RANDOM, "hardly a kill comes in time"
        outbox = tmp_path / f"out{tries}"

        def at_random(outbox=outbox):
            nonlocal lasts
            # A machine's pace changes: of the runs some outlive their moment, and tell how long one lasts now.
            status, lasted = in_child_until(chance.random() * lasts * 1.25, lambda: go(inbox, outbox))
            if status == 0:
                lasts = lasted
            return status

        deaths += killed(inbox, outbox, at_random, expected)


def test_killed_again_and_again(inbox, tmp_path, monkeypatch):
    """The run that mends is killed too."""
    monkeypatch.setattr(runner, "_LOT_SECONDS", 1e9)
    whole, outbox = tmp_path / "whole", tmp_path / "out"
    go(inbox, whole)
    expected = published(whole)
    last = 1
    while in_child(lambda: go(inbox, outbox, disk=Dying(last))):  # noqa: B023
        last += 1
    check_outbox(inbox, outbox)
    for name, data in published(outbox).items():
        if name.startswith(EDI) and not name.endswith(".json"):
            assert data == expected[name]


def test_what_was_released_before_the_kill_is_not_released_again(inbox, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "_LOT_SECONDS", 1e9)
    disk = Counting()
    go(inbox, tmp_path / "whole", disk=disk)
    expected = [data for name, data in published(tmp_path / "whole").items() if name.startswith("released/")]
    names = [n for n, deed in enumerate(disk.deeds, 1) if deed == "step named"]
    for last in names:
        outbox = tmp_path / f"out{last}"
        downstream = Downstream(outbox)
        in_child(lambda: go(inbox, outbox, disk=Dying(last)))  # noqa: B023
        downstream.look()
        for path in (outbox / "released").glob("*.837"):
            path.unlink()
        go(inbox, outbox)
        downstream.look()
        assert sorted(downstream.sent) == sorted(expected)


def test_another_ledger_does_not_undo_what_was_named(inbox, tmp_path, monkeypatch):
    """The ledger was changed between two runs: what is out is not taken back, and it is said."""
    monkeypatch.setattr(runner, "_LOT_SECONDS", 1e9)
    disk = Counting()
    go(inbox, tmp_path / "whole", disk=disk)
    last = disk.deeds.index("step named") + 2
    outbox = tmp_path / "out"
    assert in_child(lambda: go(inbox, outbox, disk=Dying(last))) == -signal.SIGKILL
    (outbox / "ledger.sqlite").unlink()
    log = Heard()
    go(inbox, outbox, log=log)
    assert any("is it another ledger?" in line for line in log.lines)
    assert not list(outbox.rglob("*.part"))
