"""Measure the walk and the check against pyx12 on one batch, in one run, and what memory they take.

    python tests/bench/bench_walk.py
    python tests/bench/bench_walk.py --file batch.837 --memory-claims 0

Times are seconds of the processor, so that other work on the machine distorts
them little; the ratios are what counts. Our part is measured three times and
the best is taken, pyx12's once. Exit code 1 when a ratio or the memory misses
what the project asks for.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import claims

import loops

WALK_RATIO = 100
# What is asked of `check --no-guide`, by the rules that are on: those of the first release, the
# four families of the second, and all that there are now.
FIRST = "A03 A05 A08 A11 A12 B01 B06 B07 D01 D05 D11 E01 E02 E05 M01 M03 N02 P02 S01 S02 X02"
CHECKS = (
    ("the first 21 rules", ",".join(f"INJ-{code}" for code in FIRST.split()), 50),
    ("families A, B, D, M", "INJ-A,INJ-B,INJ-D,INJ-M", 40),
    ("all rules", "INJ", 0),
)
MOST_MEBIBYTES = 150
WHERE = {**os.environ, "PYTHONPATH": str(Path(loops.__file__).parents[1])}

PYX12 = (
    "import sys; from pyx12.params import ParamsBase; from pyx12.x12n_document import x12n_document;"
    "x12n_document(ParamsBase(), sys.argv[1], None, None)"
)
READ = "import sys, loops; batch = loops.read(sys.argv[1], codes=frozenset({'96372'})); print(len(batch))"
CLAIMS = READ + "; print(sum(len(claim.lines) for claim in batch.claims()))"
WALK = READ + "; print(sum(len(stretch.steps) for _, stretch in batch.walk()))"


def seconds(work: Callable[[], int], times: int = 1) -> tuple[float, int]:
    """The least processor time that `work` takes in this process, and what it gives."""
    best, result = float("inf"), 0
    for _ in range(times):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def run(command: list[str]) -> tuple[float, float]:
    """Run a command to its end: the processor seconds it took, and the most memory it had in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=WHERE)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    with process.stderr:
        if process.returncode not in (0, 1):
            raise SystemExit(
                f"{command[0]} ended with {process.returncode}: {process.stderr.read().decode()}"
            )
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def walk_with_pyx12(path: Path) -> int:
    from pyx12.error_handler import errh_null  # noqa: PLC0415 - a process begins with its parent's peak
    from pyx12.params import ParamsBase  # noqa: PLC0415
    from pyx12.x12context import X12ContextReader  # noqa: PLC0415

    reader = X12ContextReader(ParamsBase(), errh_null(), io.StringIO(path.read_text("latin-1"), newline=""))
    return sum(1 for _ in reader.iter_segments())


def walk_with_loops(path: Path) -> int:
    with loops.read(path) as batch:
        return sum(len(stretch.steps) for _, stretch in batch.walk())


def scrubber_command() -> list[str]:
    """The command line of ``scrubber check``; empty where it is not to be had."""
    beside = Path(sys.executable).with_name("scrubber")
    if beside.exists():
        return [str(beside)]
    found = shutil.which("scrubber")
    if found:
        return [found]
    module = [sys.executable, "-m", "scrubber"]
    done = subprocess.run([*module, "--help"], capture_output=True, check=False, env=WHERE)
    return [] if done.returncode else module


def compare_walks(path: Path) -> bool:
    ours, segments = seconds(lambda: walk_with_loops(path), times=3)
    theirs, read = seconds(lambda: walk_with_pyx12(path))
    print(f"walk: {segments:,} segments ({read:,} in pyx12)")
    print(f"  X12ContextReader  {theirs:9.3f} s  {read / theirs:12,.0f} segments/s")
    print(f"  loops             {ours:9.3f} s  {segments / ours:12,.0f} segments/s")
    return ratio(theirs, ours, WALK_RATIO) and segments == read


def compare_checks(path: Path) -> bool:
    command = scrubber_command()
    if not command:
        print("check: there is no scrubber command here")
        return True
    theirs, _ = run([sys.executable, "-c", PYX12, str(path)])
    print("check, whole processes, the findings as text")
    print(f"  pyx12, full validation                         {theirs:9.3f} s")
    kept = True
    for name, select, wanted in CHECKS:
        check = [*command, "check", str(path), "--no-guide", "--fail-on", "never", "--select", select]
        ours = min(run(check)[0] for _ in range(5))
        print(f"  scrubber check --no-guide, {name:19} {ours:9.3f} s")
        kept = ratio(theirs, ours, wanted) and kept
    return kept


def ratio(theirs: float, ours: float, wanted: int) -> bool:
    print(f"  ratio {theirs / ours:,.0f}" + (f" (asked: {wanted})" if wanted else ""))
    return theirs / ours >= wanted


def measure_memory(path: Path) -> bool:
    print(f"memory, {path.stat().st_size / 2**20:,.0f} MiB of claims (asked: at most {MOST_MEBIBYTES} MiB)")
    python = [sys.executable, "-c"]
    programs = {
        "python alone": [*python, ""],
        "loops.read": [*python, READ, str(path)],
        "loops.read, every claim built": [*python, CLAIMS, str(path)],
        "loops.read, every segment walked": [*python, WALK, str(path)],
    }
    if command := scrubber_command():
        check = ["check", str(path), "--no-guide", "--fail-on", "never", "--quiet", "--format", "jsonl"]
        programs["scrubber check --no-guide"] = [*command, *check]
    kept = True
    for name, program in programs.items():
        taken, peak = run(program)
        kept = kept and peak <= MOST_MEBIBYTES
        print(f"  {name:33} {peak:6.0f} MiB  {taken:7.2f} s")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=10_000, help="claims of the batch for the times")
    parser.add_argument(
        "--memory-claims", type=int, default=200_000, help="claims of the batch for the memory; 0: none"
    )
    parser.add_argument("--file", type=Path, help="a batch of your own for the times")
    asked = parser.parse_args()
    kept = []
    with tempfile.TemporaryDirectory() as folder:
        if asked.memory_claims:  # first: what this process takes counts as taken by those it starts
            large = Path(folder) / "large.837"
            claims.write(large, asked.memory_claims)
            kept.append(measure_memory(large))
        batch = asked.file or Path(folder) / "batch.837"
        if not asked.file:
            claims.write(batch, asked.claims)
        kept += [compare_walks(batch), compare_checks(batch)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
