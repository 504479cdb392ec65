"""What the ledger costs: a claim made ready for it, recorded, and read back, on SQLite or another database.

    python tests/bench/bench_ledger.py [CLAIMS] [URL]

Prints processor time of this process, and for recording the time on the clock too (a server's own
time is only in that one); beside them what the views of a claim cost.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import claims

import loops
from scrubber.ledger import Counts, Run, Submissions, open_ledger
from scrubber.ledger.rows import Ready
from scrubber.payers import Payers

T = TypeVar("T")
AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


def main(count: int, where: str) -> None:
    """Measure over `count` claims."""
    gc.set_threshold(100_000, 50, 100)  # as the command does
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.837"
        claims.write(path, count)
        with loops.read(path) as batch, open_ledger(where or Path(folder) / "ledger.sqlite") as ledger:
            numbers = range(len(batch))
            _timed("views of a claim", count, lambda: sum(1 for _ in map(batch.claim, numbers)))
            made = Submissions(batch, Payers(), at=AT, key=ledger.key)
            _timed("made ready", count, lambda: sum(1 for _ in map(made.ready, numbers)))
            _timed("as objects", count, lambda: sum(1 for _ in map(made.submitted, numbers)))
            found = [made.ready(number) for number in numbers]
            _timed("recorded", count, lambda: ledger.record(_run(found), found))
            _timed("read back", count, lambda: sum(1 for _ in ledger.claims()))


def _run(found: list[Ready]) -> Run:
    counts = Counts(len(found), sum(one.lines for one in found), sum(one.row.cents or 0 for one in found))
    return Run(os.urandom(32).hex(), "made.837", AT, "hold", "released", counts, counts)


def _timed(what: str, count: int, work: Callable[[], T]) -> T:
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    each = processor / count * 1e6
    print(
        f"{what:18} {count:,} claims: {processor:6.2f} s of processor, {clock:6.2f} s; {each:5.1f} µs a claim"
    )
    return result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, sys.argv[2] if len(sys.argv) > 2 else "")
