"""The walk against pyx12's: the same place for every segment, on clean, public and mutilated batches."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import pyx12.error_handler
import pyx12.params
from pyx12.x12context import X12ContextReader

import loops

from .mutants import MUTATIONS, mutants
from .pyx12_walk import CannotWalkError, difference, labelled, our_walk, parts, pyx12_walk

# The map sends PWK*CT to the wrong place, see test_differences_from_pyx12.
PWK_CT = (
    "erratum-pwk-ct.837",
    "__837P-all-fields.dat",
    "__wheelchair.dat",
    "__oxygen.edi",
    "__wheelchair.edi",
)
# pyx12 does not know an id that follows a tab, see there.
TABS = ("__InstitutionalClaim5010.txt", "__ProfessionalClaim1.txt")


def comparable(path: Path) -> list[bytes]:
    """The interchanges of a file in the form that pyx12 can read; none where it cannot."""
    try:
        found = [labelled(part) for part in parts(path.read_bytes())]
        for part in found:
            pyx12_walk(part)
    except (loops.NotX12Error, CannotWalkError):
        return []
    return found


@cache
def bases(folder: Path, pattern: str) -> tuple[bytes, ...]:
    """What mutants are made of: every file of the folder on which the walks agree."""
    found = [part for path in sorted(folder.glob(pattern)) for part in comparable(path)]
    return tuple(part for part in found if b"PWK*CT" not in part and not difference(part))


def test_fixtures(fixture_file):
    found = comparable(fixture_file)
    assert found or fixture_file.name.startswith("broken-")
    for part in found:
        assert bool(difference(part)) == fixture_file.name.endswith(PWK_CT)


def test_most_fixtures_are_compared(fixtures):
    assert len(bases(fixtures, "*.837")) > 60


@pytest.mark.shared
def test_public_files(shared):
    compared, differ = 0, []
    with (shared / "corpus" / "INDEX.csv").open(newline="") as index:
        files = [row["file"] for row in csv.DictReader(index) if row["kind"] == "837p"]
    for name in files:
        for part in comparable(shared / "corpus" / name):
            compared += 1
            if fault := difference(part):
                differ.append((name, fault))
    assert compared > 110
    assert [(name, fault) for name, fault in differ if not name.endswith(PWK_CT + TABS)] == []
    assert len(differ) == len(PWK_CT) - 1 + len(TABS)  # each listed file is one that differs


@pytest.mark.shared
@pytest.mark.parametrize("seed", range(20))
def test_generated_batches(shared, tmp_path, seed):
    made = tmp_path / "made.837"
    tool = shared / "tools" / "gen837p.py"
    options = ["-n", "40", "-s", str(seed), "-p", str(seed / 20), "--st", "15", "-o", str(made)]
    subprocess.run([sys.executable, str(tool), *options, *(["--nl"] if seed % 2 else [])], check=True)
    data = made.read_bytes()
    assert difference(data) == ""
    assert all(one.path for one in our_walk(data))


@pytest.mark.parametrize("name", MUTATIONS)
def test_mutants_of_fixtures(fixtures, name):
    made = mutants(bases(fixtures, "*.837"), 60, seed=7, names=(name,))
    assert compare(made) > 30


def test_mutants_of_fixtures_with_several_faults(fixtures):
    made = mutants(bases(fixtures, "*.837"), 200, seed=11, names=tuple(MUTATIONS))
    assert compare(made) > 150


@pytest.mark.shared
def test_mutants_of_public_files(shared):
    made = mutants(bases(shared / "corpus" / "837p", "*"), 600, seed=5, names=tuple(MUTATIONS))
    assert compare(made) > 500


def compare(made: list[bytes]) -> int:
    """Compare the walks of batches and return of how many there is something to compare."""
    compared = 0
    for data in made:
        try:
            fault = difference(data)
        except CannotWalkError:
            continue
        if "PWK[CT]" not in fault:
            assert fault == ""
            compared += 1
    return compared


def test_the_oracle_walks_as_the_context_reader_does(fixtures):
    """`pyx12_walk` drives pyx12's walker itself; its context reader must stand at the same places."""
    data = (fixtures / "clean-many-loops.837").read_bytes()
    reader = X12ContextReader(
        pyx12.params.ParamsBase(),
        pyx12.error_handler.errh_null(),
        io.StringIO(data.decode("ascii"), newline=""),
    )
    standing = [node.x12_map_node.get_path() for node in reader.iter_segments()]
    assert standing == [one.path for one in pyx12_walk(data)]
