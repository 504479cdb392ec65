"""What each rule costs on claims with injections, and what a claim costs in all.

    python tests/bench/bench_rules.py [FILE]

Prints processor time a claim, by rule, dearest first, and the median and the
99th percentile over claims of all rules together, claim building included.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import claims

from scrubber.checker import Checker
from scrubber.engine import Engine


def main(path: Path) -> None:
    """Measure over one file."""
    checker = Checker(guide=False)
    with checker.read(path) as batch:
        _claims(checker, batch)  # first use reads tables
        total = _claims(checker, batch)
        print(f"{len(total)} claims judged by {len(checker.rules)} rules")
        print(
            f"a claim: median {statistics.median(total) * 1e6:.0f} µs, "
            f"99th percentile {sorted(total)[len(total) * 99 // 100] * 1e6:.0f} µs"
        )
        costs = defaultdict(float)
        for rule in checker.rules:
            engine = Engine(batch, (rule,), checker.tables, checker.profile)
            base = Engine(batch, (), checker.tables, checker.profile)
            numbers = list(batch.wanted())
            costs[rule.code] = _run(engine, numbers) - _run(base, numbers)
        for code, cost in sorted(costs.items(), key=lambda item: -item[1]):
            print(f"{code}  {cost / len(total) * 1e6:7.1f} µs a claim")


def _claims(checker: Checker, batch) -> list[float]:
    engine = Engine(batch, checker.rules, checker.tables, checker.profile)
    times = []
    for number in batch.wanted():
        start = time.process_time_ns()
        engine.judge(number)
        times.append((time.process_time_ns() - start) / 1e9)
    return times


def _run(engine: Engine, numbers: list[int]) -> float:
    start = time.process_time_ns()
    for number in numbers:
        engine.judge(number)
    return (time.process_time_ns() - start) / 1e9


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "batch.837"
            claims.write(made, 10_000)
            main(made)
