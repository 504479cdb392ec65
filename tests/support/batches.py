"""Runs of the batch step, and what must be true of an outbox afterwards."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from scrubber.batch.files import Disk
from scrubber.batch.intake import Intake
from scrubber.batch.policy import Policy
from scrubber.batch.run import Totals
from scrubber.batch.setting import Setting, session
from scrubber.checker import Checker
from scrubber.ledger import open_ledger
from scrubber.sample.fragment import batch

HOLD = Policy()
AT = datetime(2026, 11, 20, 12, 30, 15, tzinfo=UTC)
FAULTY = """
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00143961901
    CTP****1*ML
"""
RIGHT = """
    HI*ABK:D510
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00143961901
    CTP****1*ML
"""


def claims(*texts: str, control: int = 1) -> bytes:
    """A batch of claims, each in the short form of `scrubber.sample.fragment`, with an ISA13 of its own."""
    parts = (f"=== TEST{number:04}\n{one}" if number > 1 else one for number, one in enumerate(texts, 1))
    text = batch("".join(parts)).replace("*000000001*", f"*{control:09}*")
    return text.replace("IEA*1*000000001", f"IEA*1*{control:09}").encode()


@cache
def checker() -> Checker:
    """One checker for all runs of this process."""
    return Checker()


class Heard:
    """A log that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.events: Counter[str] = Counter()

    def begin(self, files, size):
        self.events["begin"] += 1

    def done(self, done):
        self.events["done"] += 1
        if done.trouble or done.left_out:
            self.lines.append(f"{done.order.arrival.name}: {done.trouble or done.left_out}")

    def again(self, name, size, run):
        self.events["again"] += 1
        self.lines.append(f"{name}: done before")

    def failed(self, name, size, reason):
        self.events["failed"] += 1
        self.lines.append(f"{name}: {reason}")

    def say(self, line):
        self.lines.append(line)


def go(
    inbox: Path,
    outbox: Path,
    *,
    disk: Disk | None = None,
    policy: Policy = HOLD,
    log: Heard | None = None,
    jobs: int = 1,
    make: Callable[[], Checker] = checker,
    at: datetime = AT,
    **more: Any,
) -> Totals:
    """One run in this process."""
    setting = Setting(outbox, make, policy, jobs=jobs, disk=disk, **more)
    log = log or Heard()
    with session(setting, log, at) as work:
        work.run(Intake(inbox, settle=0).arrivals(log.say), at)
    return work.totals


class Counting(Disk):
    """Counts what is done, by kind, and tells `before` and `after` of each deed."""

    def __init__(self) -> None:
        self.deeds: list[str] = []

    def _deed(self, kind: str) -> None:
        self.deeds.append(kind)

    def step(self, name: str) -> None:
        self._deed(f"step {name}")

    def create(self, path: Path, mode: int) -> BinaryIO:
        self._deed("create")
        return super().create(path, mode)

    def write(self, stream: BinaryIO, data: bytes | bytearray) -> None:
        self._deed("write")
        super().write(stream, data)

    def sync(self, stream: BinaryIO) -> None:
        self._deed("sync")
        super().sync(stream)

    def rename(self, part: Path, target: Path) -> None:
        self._deed("rename")
        super().rename(part, target)

    def sync_folder(self, folder: Path) -> None:
        self._deed("sync folder")
        super().sync_folder(folder)

    def make_folder(self, folder: Path) -> None:
        self._deed("make folder")
        super().make_folder(folder)

    def remove(self, path: Path) -> None:
        self._deed("remove")
        super().remove(path)


class Failing(Counting):
    """Fails at deed number `last` (from 1) of a kind, or of every kind (empty)."""

    def __init__(self, kind: str, last: int, error: int = errno.ENOSPC) -> None:
        super().__init__()
        self.kind, self.last, self.error = kind, last, error
        self.failed = False

    def _deed(self, kind: str) -> None:
        super()._deed(kind)
        if kind == self.kind and self.deeds.count(kind) == self.last:
            self.failed = True
            raise OSError(self.error, os.strerror(self.error))


class Dying(Counting):
    """Ends the process by SIGKILL before deed number `last` (from 1), whatever it is."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self.last = last

    def _deed(self, kind: str) -> None:
        super()._deed(kind)
        if len(self.deeds) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def in_child(run: Callable[[], object]) -> int:
    """Run something in a forked process; returns its status as `os.waitstatus_to_exitcode`."""
    return os.waitstatus_to_exitcode(os.waitpid(fork(run), 0)[1])


def in_child_until(moment: float, run: Callable[[], object]) -> tuple[int, float]:
    """Run something in a forked process and kill that after so many seconds; its status and how long it lasted."""
    began = time.monotonic()
    child = fork(run)
    while (lasted := time.monotonic() - began) < moment:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), lasted
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), lasted


def fork(run: Callable[[], object]) -> int:
    """Start something in a forked process, and return its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        run()
        code = 0
    except BaseException as fault:  # noqa: BLE001 - the child must not go on as the test
        os.write(2, f"{type(fault).__name__}: {fault}\n".encode())
    finally:
        os._exit(code)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


_TIMINGS = re.compile(rb'"timings": \{[^}]*\}')


def published(outbox: Path) -> dict[str, bytes]:
    """What users see of an outbox, without the timings of the manifests."""
    return {
        name: _TIMINGS.sub(b"", data)
        for name, data in tree(outbox).items()
        if name.split("/")[0] in ("released", "held", "ack", "reports", "bad")
    }


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check_outbox(inbox: Path, outbox: Path, ledger: str = "") -> None:
    """Every input is completely processed, once; nothing else is there."""
    files, inputs = tree(outbox), tree(inbox)
    own = sorted(name for name in files if name.startswith(".scrubber/"))
    assert set(own) <= {".scrubber/lock", ".scrubber/control"}, own
    assert not [name for name in files if name.endswith(".part")]
    manifests = {name: json.loads(data) for name, data in files.items() if name.endswith(".run.json")}
    assert sorted(one["name"] for one in manifests.values()) == sorted(inputs)
    told = set(manifests)
    with open_ledger(ledger or outbox / "ledger.sqlite") as book:
        runs = list(book.runs())
        assert sorted({sha256(data) for data in inputs.values()}) == sorted(run.sha256 for run in runs)
        for run in runs:
            for one in run.artefacts:
                assert sha256(files[one.name]) == one.sha256, one.name
                told.add(one.name)
            kept = Counter(claim.disposition == "held" for claim in book.claims(run=run.id))
            assert (kept[False], kept[True]) == (run.released.claims, run.held.claims)
            assert run.received.claims == run.released.claims + run.held.claims
    again = [one for one in manifests.values() if one["outcome"] == "again"]
    told |= {f"ack/{one['name']}.{kind}" for one in again for kind in ("999", "277")}
    assert set(published(outbox)) - told == set(), "a file that no run and no manifest knows"
