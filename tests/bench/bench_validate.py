"""How fast guide validation is, beside pyx12 and, where it is installed, x12sdk's typed model.

    python tests/bench/bench_validate.py [--generator PROGRAM] [--claims 10000] [--large 100000] [--million] [--rounds 3]

Each figure is CPU time of a fresh process that has its modules loaded, unless
it says "whole process"; medians of `--rounds`, and of the cost per claim by
size the best of `--best`, lest noise decide. The generator is a program that
writes a clean batch: ``GENERATOR -n CLAIMS -o FILE``.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from claims import write

ROOT = Path(__file__).resolve().parent.parent.parent

OURS = """
import sys, time
sys.path.insert(0, {root!r})
from loops.validate import validate
import loops.guide
loops.guide.load()
start = time.process_time()
validation = validate({file!r}, beyond={beyond})
problems = sum(1 for _ in validation)
first = time.process_time() - start
start = time.process_time()
if {again}:
    sum(1 for _ in validate({file!r}, beyond={beyond}))
again = time.process_time() - start
import json
with open("/proc/self/status") as status:  # not ru_maxrss: that remembers the process it was forked from
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps([first, again, problems, peak / 1024]))
"""
PYX12 = """
import sys, time, logging, json
logging.disable(logging.CRITICAL)
import pyx12.map_if, pyx12.params, pyx12.x12n_document
param = pyx12.params.params()
maps = {{}}
load = pyx12.map_if.load_map_file
def kept(name, param, path=None):
    if name not in maps:
        maps[name] = load(name, param, path)
    return maps[name]
pyx12.map_if.load_map_file = kept
for name in ("x12.control.00501.xml", "837.5010.X222.A1.xml"):
    kept(name, param)
with open({file!r}, encoding="latin-1", newline="") as stream:
    start = time.process_time()
    valid = pyx12.x12n_document.x12n_document(param, stream, None, None)
    print(json.dumps([time.process_time() - start, valid]))
"""
X12SDK = """
import json, time
from x12sdk.io import X12ModelReader
start = time.process_time()
with X12ModelReader({file!r}) as reader:
    models = sum(1 for _ in reader.models())
print(json.dumps([time.process_time() - start, models]))
"""
WHOLE = """
import sys
sys.path.insert(0, {root!r})
from loops.validate import validate
sum(1 for _ in validate({file!r}))
"""


def run(program: str, **values: object) -> list[float]:
    """Run a program in a process of its own and read its last line."""
    text = program.format(root=str(ROOT), **values)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else []


def whole(file: Path, rounds: int) -> float:
    """CPU seconds of a whole process, start-up included."""
    taken = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run(WHOLE, file=str(file))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)


def ours(
    file: Path, rounds: int, *, beyond: bool = True, again: bool = False, best: bool = False
) -> tuple[float, float, int, float]:
    """First use, second use (medians, or the best), problems, peak memory in MiB."""
    runs = [run(OURS, file=str(file), beyond=beyond, again=again) for _ in range(rounds)]
    first, second = ((min if best else statistics.median)(r[n] for r in runs) for n in (0, 1))
    return first, second, runs[0][2], max(r[3] for r in runs)


def pyx12(file: Path, rounds: int) -> float:
    """CPU seconds of pyx12, maps loaded before, no 999 and no HTML."""
    return statistics.median(run(PYX12, file=str(file))[0] for _ in range(rounds))


def generate(generator: Path | None, claims: int, folder: Path) -> Path:
    """A clean batch of `claims`."""
    file = folder / f"clean-{claims}.837"
    if generator is None:
        write(file, claims)
    else:
        subprocess.run([sys.executable, str(generator), "-n", str(claims), "-o", str(file)], check=True)
    return file


def spoil(clean: Path, folder: Path) -> Path:
    """The same batch with one faulty segment in each claim: its first SV1 has a unit that is none."""
    out, fresh = [], False
    for segment in clean.read_bytes().split(b"~"):
        id_ = segment.lstrip()[:4]
        fresh = fresh or id_ == b"CLM*"
        if fresh and id_ == b"SV1*":
            out.append(segment.replace(b"*UN*", b"*QQ*"))
            fresh = False
        else:
            out.append(segment)
    file = folder / ("spoilt-" + clean.name)
    file.write_bytes(b"~".join(out))
    return file


def say(text: str) -> None:
    """A line at once."""
    print(text, flush=True)


def compare(clean: Path, claims: int, rounds: int, folder: Path) -> float:
    """The figures against pyx12 at `claims`; its seconds."""
    reference = pyx12(clean, rounds)
    say(f"pyx12, {claims} clean claims: {reference:.2f} s")
    for beyond in (True, False):
        first, again, problems, memory = ours(clean, rounds, beyond=beyond, again=True)
        what = "everything" if beyond else "the guide alone"
        say(
            f"  ours, {what}: first use {first:.3f} s = {reference / first:.0f} times, "
            f"again {again:.3f} s = {reference / again:.0f} times, {problems} problems, {memory:.0f} MiB"
        )
    taken = whole(clean, rounds)
    say(f"  ours, whole process: {taken:.3f} s = {reference / taken:.0f} times")
    bad = spoil(clean, folder)
    slow = pyx12(bad, 1)
    first, _, problems, _ = ours(bad, rounds)
    say(
        f"pyx12, a fault in each claim: {slow:.2f} s; ours {first:.3f} s = {slow / first:.0f} times, {problems} problems"
    )
    return reference


def slope(sizes: list[int], reference: float, options: argparse.Namespace, folder: Path) -> None:
    """The cost of a claim at each size against the first size; `reference` is pyx12's there.

    On first use what is learned once in a process is among it, afterwards it is not.
    """
    base: list[float] = []
    for claims in sizes:
        file = generate(options.generator, claims, folder)
        rounds = options.best if claims < 1_000_000 else 2
        first, again, problems, memory = ours(file, rounds, again=True, best=True)
        each = [taken / claims * 1e6 for taken in (first, again)]
        base = base or each
        scaled = reference * claims / sizes[0]
        say(
            f"{claims:>9} claims: first use {each[0]:.1f} us a claim ({each[0] / base[0] - 1:+.0%}), "
            f"again {each[1]:.1f} ({each[1] / base[1] - 1:+.0%}), {memory:.0f} MiB, "
            f"{scaled / first:.0f} and {scaled / again:.0f} times pyx12 scaled up, {problems} problems"
        )
        file.unlink()


def compare_typed(few: Path, folder: Path, python: str) -> None:
    """The figures against x12sdk's typed model, where the interpreter `python` has it."""
    relabelled = folder / ("x222a2-" + few.name)  # the only guide it knows
    relabelled.write_bytes(few.read_bytes().replace(b"005010X222A1", b"005010X222A2"))
    text = X12SDK.format(file=str(relabelled))
    done = subprocess.run([python, "-c", text], capture_output=True, text=True, check=False)
    if done.returncode:
        say("x12sdk is not installed: no typed model to compare with")
        return
    typed = json.loads(done.stdout.splitlines()[-1])[0]
    mine = ours(few, 3, again=True)[1]
    say(
        f"x12sdk's typed model, {few.stem}: {typed:.2f} s; pyx12 {pyx12(few, 1):.2f} s; ours, again {mine:.4f} s"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--generator", type=Path, help="instead of the batches of claims.py")
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--large", type=int, nargs="*", default=[100_000])
    parser.add_argument("--million", action="store_true", help="the cost of a claim at 1,000,000 too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--best", type=int, default=5)
    parser.add_argument("--peer", default=sys.executable, help="a Python that has x12sdk")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean = generate(options.generator, options.claims, folder)
        few = generate(options.generator, 500, folder)
        reference = compare(clean, options.claims, options.rounds, folder)
        compare_typed(few, folder, options.peer)
        million = [1_000_000] if options.million else []
        slope([options.claims, *options.large, *million], reference, options, folder)


if __name__ == "__main__":
    main()
