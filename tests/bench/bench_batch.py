"""What the batch step costs, and that it does what it promises on 10,000 claims.

    python tests/bench/bench_batch.py [speed] [small] [proof]

``speed``: 40 files of 5,000 claims with one and with two processes, beside pyx12's validation of two of
them, and the memory of the largest process. ``small``: 10,000 files, the pace of each thousand. ``proof``:
10,000 claims with a share of faulty ones, balanced per transaction; pyx12 finds nothing in either output
that was not in the input; each held claim has its reasons in findings and 277CA. All three when none is named.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parent / "batch")]

from claims import segments, write  # noqa: E402
from pyx12_verdict import verdict  # noqa: E402
from test_run import check_generated, sampled  # noqa: E402


def batch(inbox: Path, outbox: Path, jobs: int, *, wait: bool = True) -> subprocess.Popen[bytes]:
    """Start the step as a process of its own."""
    command = [sys.executable, "-m", "scrubber", "batch", inbox, "-o", outbox, "--settle", "0"]
    with (outbox.parent / f"{outbox.name}.log").open("wb") as log:
        child = subprocess.Popen(
            [*map(str, command), "--jobs", str(jobs)], stdout=subprocess.DEVNULL, stderr=log
        )
    if wait:
        child.wait()
    return child


def speed(folder: Path, files: int = 40, each: int = 5000) -> None:
    """Wall-clock time of the whole step, and of pyx12 on the same claims.

    A machine's pace drifts: the step is timed before and after pyx12, in the opposite order.
    """
    inbox = folder / "in"
    inbox.mkdir()
    for number in range(files):
        write(inbox / f"{number:02}.837", each, number + 1)
    before = {jobs: _timed(inbox, folder / f"out{jobs}", jobs) for jobs in (1, 2)}
    # Now already: a child's figure begins at what this process has, and with pyx12 that is more.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    began = time.perf_counter()
    for number in (0, files - 1):
        verdict((inbox / f"{number:02}.837").read_bytes())
    pyx12 = (time.perf_counter() - began) * files / 2
    after = {jobs: _timed(inbox, folder / f"again{jobs}", jobs) for jobs in (2, 1)}
    told = {jobs: (before[jobs] + after[jobs]) / 2 for jobs in before}
    claims = files * each
    for jobs, seconds in told.items():
        print(
            f"--jobs {jobs}: {claims:,} claims in {seconds:.1f} s, {seconds / claims * 1e6:.0f} µs a claim;"
            f" pyx12's validation alone: {pyx12 / claims * 1e6:,.0f} µs, {pyx12 / seconds:.1f} times as long"
        )
    print(f"two processes are {told[1] / told[2]:.2f} times as fast as one")
    print(f"the largest process had {peak:.0f} MiB")


def _timed(inbox: Path, outbox: Path, jobs: int) -> float:
    began = time.perf_counter()
    batch(inbox, outbox, jobs)
    return time.perf_counter() - began


def small(folder: Path, files: int = 10_000) -> None:
    """How the pace of a run over many small files holds."""
    inbox = folder / "small"
    inbox.mkdir()
    for number in range(1, files + 1):
        text = "~".join(segments(2, random.Random(number))) + "~"
        text = text.replace("*000000001*", f"*{number:09}*").replace("IEA*1*000000001", f"IEA*1*{number:09}")
        (inbox / f"{number:05}.837").write_text(text)
    outbox = folder / "small-out"
    batch(inbox, outbox, 2)
    with (folder / "small-out.log").open() as log:
        events = [json.loads(line) for line in log]
    times = [
        datetime.fromisoformat(one["at"]).timestamp() for one in events if one["event"] in ("begin", "done")
    ]
    for first in range(0, len(times) - 1, 1000):
        last = min(first + 1000, len(times) - 1)
        print(
            f"files {first + 1:,} to {last:,}: {(times[last] - times[first]) / (last - first) * 1e3:.1f} ms each"
        )


def proof(folder: Path, count: int = 10_000) -> None:
    """The promises on many claims, by the test of the suite."""
    inbox, outbox = folder / "proof", folder / "proof-out"
    inbox.mkdir()
    data = sampled(count)
    (inbox / "a.837").write_bytes(data)
    batch(inbox, outbox, 1)
    check_generated(outbox, data)
    totals = json.loads((outbox / "reports/a.837.run.json").read_bytes())["totals"]
    print(
        f"{count:,} claims: {totals['released']['claims']:,} released, {totals['held']['claims']:,} held; all holds"
    )


if __name__ == "__main__":
    os.environ["SCRUBBER_TABLES"] = "no-imported-tables"
    wanted = sys.argv[1:] or ["speed", "small", "proof"]
    with tempfile.TemporaryDirectory() as name:
        for one in (speed, small, proof):
            if one.__name__ in wanted:
                one(Path(name))
