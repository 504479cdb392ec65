"""The shipped tables against the CMS files they were made from."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from scrubber.tables import Row, load_tables

pytestmark = pytest.mark.shared
TABLES = load_tables()
JULY_2024 = date(2024, 7, 1)


@pytest.fixture
def reference(shared: Path) -> Path:
    return shared / "data"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_active_pair_with_96372_is_shipped_with_its_indicator(reference: Path) -> None:
    rows = read(reference / "ncci_ptp" / "ncci_ptp_96372.csv")
    active = {
        (r["column1"], r["column2"]): r["modifier_indicator"] for r in rows if r["active_2024q3"] == "Y"
    }
    assert len(active) == 6553
    shipped = {
        (row["column1"], row["column2"]): row["indicator"]
        for row in TABLES.table("ptp").rows()
        if "96372" in row.cells[:2]
    }
    assert shipped == active


def test_pairs_beside_96372_agree_with_the_family_file(reference: Path) -> None:
    rows = read(reference / "ncci_ptp" / "ncci_ptp_admin_family_2024q3.csv")
    active = {(r["column1"], r["column2"]): r["modifier_indicator"] for r in rows if not r["deletion_date"]}
    others = [row for row in TABLES.table("ptp").rows() if "96372" not in row.cells[:2]]
    assert len(others) > 1000
    assert all(active[row["column1"], row["column2"]] == row["indicator"] for row in others)


def test_unit_limits_of_july_2024(reference: Path) -> None:
    for r in read(reference / "ncci_mue" / "mue_admin_and_drugs.csv"):
        found = TABLES.table("mue").lookup((r["hcpcs"], "medicare"), JULY_2024)
        units = found["units"] if isinstance(found, Row) else ""
        assert units == r["medicare_2024q3_units"], r["hcpcs"]


def test_every_drug_code_of_the_reference_is_shipped(reference: Path) -> None:
    drugs = {row["code"] for row in TABLES.table("drugs").rows()}
    codes = {r["hcpcs"] for r in read(reference / "drugs.csv")}
    services_and_ranges = {"90476-90759", "91300-91323", "95115", "95117", "95144-95170"}
    assert codes - drugs == services_and_ranges


def test_dates_and_up_to_agree_with_the_code_file(reference: Path) -> None:
    codes = {r["hcpcs"]: r for r in read(reference / "hcpcs" / "hcpcs_level2_2024-07.csv")}
    for row in TABLES.table("drugs").rows():
        known = codes.get(row["code"])
        if known is None:
            assert row["date_confidence"] == "general"
            continue
        assert row.from_.isoformat() == known["date_added"]
        if known["date_term"]:
            assert row.thru == date.fromisoformat(known["date_term"])
        says_up_to = (
            "up to" in known["long_description"] and "per 1 usp unit" not in known["long_description"]
        )
        if row["unit_measure"] not in {"dose", "injection"} and row["noc"] == "no":
            assert (row["up_to"] == "yes") == says_up_to, row["code"]


def test_the_diagnosis_prefixes_exist(reference: Path) -> None:
    codes = (reference / "icd10cm" / "icd10cm_codes_fy2026_apr.txt").read_text("utf-8").split("\n")
    billable = [line.split()[0] for line in codes if line.strip()]
    beginnings = {code[:size] for code in billable for size in range(1, 8)}
    assert {row["dx"] for row in TABLES.table("dx_policy").rows()} <= beginnings


def test_every_crosswalk_package_is_shipped(reference: Path) -> None:
    with (reference / "asp" / "asp_ndc_hcpcs_crosswalk_2026-01.csv").open(
        encoding="cp1252", newline=""
    ) as lines:
        rows = [
            row
            for row in csv.reader(lines)
            if len(row) > 9 and row[3].count("-") == 2 and row[3][:5].isdigit()
        ]
    table = TABLES.table("ndc_hcpcs")
    assert len(rows) == len(table.rows()) == 7124
    for row in rows:
        found = table.lookup((row[3].strip().replace("-", ""), row[0].strip()), date(2026, 2, 1))
        assert isinstance(found, Row)
        assert (found["units_container"], found["units_package"]) == (row[8].strip(), row[9].strip())


def test_every_diagnosis_code_of_the_edition_is_shipped_and_no_other(reference: Path) -> None:
    lines = (reference / "icd10cm" / "icd10cm_codes_fy2026_apr.txt").read_text("ascii").split()
    shipped = set()
    for row in TABLES.table("icd10cm_categories").rows():
        category, groups = row["category"], row["codes"]
        if groups == "-":
            shipped.add(category)
            continue
        for group in groups.split():
            stem, ends = group.split("/")
            shipped |= {category + stem + end for end in ends}
    assert shipped == set(lines)
