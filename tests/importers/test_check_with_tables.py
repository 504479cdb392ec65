"""A scrub sees the imported tables: the same claim on both sides of a quarter's change, and the program."""

from __future__ import annotations

import json

import pytest
from rulecases import batch
from table_files import MUE_HEAD, PTP_HEAD, Site, csv, tsv

from scrubber.cli.main import cli

CLAIM = "SBR*P*18*******{filing}\nSV1*HC:94060*60*UN*1***1\nSV1*HC:96372*30*UN*{units}***1\nSV1*HC:J3420*5*UN*1***1\n"


def pairs(*rows: str) -> bytes:
    return tsv([*PTP_HEAD, *([one, two, "", *rest, "x"] for one, two, *rest in map(str.split, rows))])


@pytest.fixture
def told(site: Site, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Rule, severity, outcome and tables of each finding on a claim of a day."""

    def check(rule: str, day: str, filing: str = "MB", units: int = 1) -> list[tuple[str, str]]:
        path = site.write("claim.837", batch(CLAIM.format(filing=filing, units=units), day).encode())
        arguments = ["check", str(path), "--tables", str(site.store), "--select", rule, "--no-guide"]
        cli.main([*arguments, "--format", "jsonl"], standalone_mode=False)
        return [
            (
                found["severity"],
                " + ".join(table["vintage"] for table in found["tables"] if table["name"] in ("ptp", "mue")),
            )
            for found in map(json.loads, capsys.readouterr().out.splitlines())
            if found["outcome"] == "fail"
        ]

    return check


def test_a_pair_begins_with_a_quarter(site: Site, told) -> None:  # type: ignore[no-untyped-def]
    site.load(("v321r0.txt", pairs("94060 11111 20200101 * 1", "94060 99999 20200101 * 1")))
    site.load(("v322r0.txt", pairs("94060 11111 20200101 * 1", "94060 96372 20260701 * 1")))
    assert told("INJ-P01", "20260630") == []
    ((severity, vintage),) = told("INJ-P01", "20260701")
    assert severity in ("deny", "reject")
    assert "medicare 2026Q3" in vintage


def test_a_pair_ends_with_a_quarter(site: Site, told) -> None:  # type: ignore[no-untyped-def]
    site.load(("v321r0.txt", pairs("94060 96372 20200101 * 0")))
    site.load(("v322r0.txt", pairs("94060 96372 20200101 20260630 0")))
    assert len(told("INJ-P01", "20260630")) == 1
    assert told("INJ-P01", "20260701") == []


def test_medicaid_has_pairs_of_its_own(site: Site, told) -> None:  # type: ignore[no-untyped-def]
    site.load(("v322r0.txt", pairs("94060 11111 20200101 * 1", "94060 99999 20200101 * 1")))
    site.load(("v322r0.txt", pairs("94060 96372 20200101 * 0")), program="medicaid")
    assert told("INJ-P01", "20260701", "MB") == []
    assert len(told("INJ-P01", "20260701", "MC")) == 1


def test_units_change_with_a_quarter(site: Site, told) -> None:  # type: ignore[no-untyped-def]
    for quarter, units in (("2026q2", "2"), ("2026q3", "9")):
        site.load((f"mue_{quarter}.csv", csv([*MUE_HEAD, ["96372", units, "3 Clinical", ""]])))
    assert len(told("INJ-M01", "20260630", units=5)) == 1
    assert told("INJ-M01", "20260701", units=5) == []
