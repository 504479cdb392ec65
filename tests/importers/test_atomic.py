"""An import happens whole or not at all, whoever kills it, and whoever reads or imports meanwhile."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from table_files import MUE, PTP_HEAD, Site, csv, tsv

from scrubber.tables import TableError, load_tables
from scrubber.tables.store import writer

DYING = Path(__file__).parents[1] / "support" / "dying_import.py"
PAIR = ("10000", "20000", "medicare")
DAY = date(2026, 8, 1)


def ptp(indicator: str, rows: int = 40) -> bytes:
    pairs = [["10000", f"{20000 + n}", "", "20200101", "*", indicator, "why"] for n in range(rows)]
    return tsv([*PTP_HEAD, *pairs])


def dying(last: int, site: Site, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DYING), str(last), str(site.store), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answers(site: Site) -> tuple[object, object]:
    return site.ask("ptp", PAIR, "2026-08-01"), site.ask("mue", ("J0001", "medicare"), "2026-08-01")


BEFORE = ({"indicator": "0"}, {"units": "120", "mai": "1"})
AFTER = ({"indicator": "1"}, {"units": "7", "mai": "1"})


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_killed_at_any_call_the_old_tables_stand_or_the_new_ones_do(site: Site) -> None:
    old = [site.write("v322r0.txt", ptp("0")), site.write("mue_2026q3.csv", csv(MUE))]
    new = [
        site.write("v322r1.txt", ptp("1")),
        site.write("mue_2026q3b.csv", csv(MUE).replace(b"J0001,120", b"J0001,7")),
    ]
    trial = Site(site.folder / "trial")
    trial.folder.mkdir()
    trial.load(*old)
    calls = int(dying(0, trial, *new).stdout)
    assert answers(trial) == AFTER
    chance = random.Random(20261120)
    outcomes = []
    # The last calls are those that publish: they get half of the deaths.
    points = [chance.randrange(1, calls) for _ in range(12)] + [
        calls - chance.randrange(1, 160) for _ in range(12)
    ]
    for point in points:
        site.load(*old, force=True)
        assert answers(site) == BEFORE
        assert dying(point, site, *new).returncode == -signal.SIGKILL
        outcomes.append(answers(site))
        assert outcomes[-1] in (BEFORE, AFTER), point
    assert BEFORE in outcomes
    site.load(*new, force=True)
    assert answers(site) == AFTER
    left = {path.name for path in site.store.iterdir()} - {"loads.json", "lock.sqlite"}
    assert len(left) == 2, "the next import sweeps away what the dead ones left"


def test_who_reads_meanwhile_goes_on_with_what_was_in_force(site: Site) -> None:
    site.load(("v322r0.txt", ptp("0")))
    reader = load_tables(store=site.store).table("ptp")
    site.load(("v322r1.txt", ptp("1")))
    row = reader.lookup(PAIR, DAY)
    assert row is not None
    assert row["indicator"] == "0"  # type: ignore[index]
    assert site.ask("ptp", PAIR, "2026-08-01") == {"indicator": "1"}


def test_who_opened_the_catalogue_before_finds_the_new_files(site: Site) -> None:
    site.load(("v322r0.txt", ptp("0")), ("mue_2026q3.csv", csv(MUE)))
    reader = load_tables(store=site.store)
    assert reader.table("mue").vintage  # the catalogue is read, the pairs are not yet open
    site.load(("v322r1.txt", ptp("1")))
    row = reader.table("ptp").lookup(PAIR, DAY)
    assert row is not None
    assert row["indicator"] == "1"  # type: ignore[index]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_the_tables_stay_open_across_a_fork(site: Site) -> None:
    site.load(("v322r0.txt", ptp("0")))
    table = load_tables(store=site.store).table("ptp")
    assert table.lookup(PAIR, DAY) is not None
    child = os.fork()
    if child == 0:
        found = table.lookup(("10000", "20001", "medicare"), DAY)
        os._exit(0 if found is not None and found["indicator"] == "0" else 1)  # type: ignore[index]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_two_imports_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.load(("v322r0.txt", ptp("0")))
    monkeypatch.setattr(writer, "_WAIT_SECONDS", 0)
    other = sqlite3.connect(site.store / "lock.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(TableError, match="another import is running"):
        site.load(("v322r1.txt", ptp("1")))
    other.close()
    site.load(("v322r1.txt", ptp("1")))
    assert site.ask("ptp", PAIR, "2026-08-01") == {"indicator": "1"}


def test_a_folder_that_cannot_be_made(site: Site) -> None:
    site.store.write_bytes(b"a file stands where the folder should be")
    with pytest.raises(TableError, match="cannot be written"):
        site.load(("v322r0.txt", ptp("0")))


def test_a_full_disk_changes_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.load(("v322r0.txt", ptp("0")))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    for module in ("rows", "catalog"):
        with monkeypatch.context() as patch:
            patch.setattr(f"scrubber.tables.store.{module}.os.fsync", full)
            with pytest.raises(TableError, match="cannot be written"):
                site.load(("v322r1.txt", ptp("1")))
    assert site.ask("ptp", PAIR, "2026-08-01") == {"indicator": "0"}
    assert len(list(site.store.glob("load-*"))) == 1


def test_interrupted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.load(("v322r0.txt", ptp("0")))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scrubber.tables.store.writer.write_catalog", interrupt)
    with pytest.raises(KeyboardInterrupt):
        site.load(("v322r1.txt", ptp("1")))
    assert site.ask("ptp", PAIR, "2026-08-01") == {"indicator": "0"}
    assert len(list(site.store.glob("load-*"))) == 1
