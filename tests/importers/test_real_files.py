"""Real files of CMS, X12 and NUCC, where they stand beside the checkout."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from table_files import PTP_HEAD, Site, tsv

from scrubber.tables import Row, load_tables

pytestmark = pytest.mark.shared


def test_the_crosswalk_gives_the_shipped_table(site: Site, shared: Path) -> None:
    outcome = site.load(shared / "data/asp/asp_ndc_hcpcs_crosswalk_2026-01.csv")
    assert [(str(load.quarter), load.rows) for load in outcome.loaded] == [("2026Q1", 7124)]
    assert len(outcome.passed_over) == 1, "CMS wrote one NDC with twelve digits"
    day = date(2026, 2, 1)
    shipped, loaded = load_tables().table("ndc_hcpcs"), site.tables.table("ndc_hcpcs")
    columns = (*shipped.meta.key, *shipped.meta.values)
    for row in shipped.rows(on=day):
        found = loaded.lookup((row["ndc"], row["hcpcs"]), day)
        assert isinstance(found, Row)
        assert [found[column] for column in columns] == [row[column] for column in columns]


def test_reason_codes(site: Site, shared: Path) -> None:
    outcome = site.load(shared / "data/carc_rarc/carc_rarc_2024-06.csv")
    assert {load.table: load.rows for load in outcome.loaded} == {"carc": 405, "rarc": 1171}
    assert site.ask("carc", "97", "2024-06-18") == {}
    assert site.ask("carc", "15", "2018-05-01") is None


def test_taxonomy(site: Site, shared: Path) -> None:
    (load,) = site.load(shared / "data/taxonomy/nucc_taxonomy_240.csv").loaded
    assert (str(load.quarter), load.rows) == ("2024Q1", 874)
    assert site.ask("taxonomy", "207Q00000X", "2024-07-01") == {"section": "individual"}


@pytest.mark.parametrize(
    "name",
    [
        "asp/asp_payment_limit_2026-01.csv",
        "hcpcs/hcpcs_level2_codes_2026q3.txt",
        "ncci_mue/mue_admin_and_drugs.csv",
        "README.md",
    ],
)
def test_a_file_of_another_layout_is_not_taken_for_one_of_these(site: Site, shared: Path, name: str) -> None:
    with pytest.raises(Exception, match="none of the tables that can be imported"):
        site.load(shared / "data" / name)


def test_the_real_pairs_with_96372_in_the_layout_of_cms(site: Site, shared: Path) -> None:
    """Every active pair of the file of 2024Q3, put back into its layout, answers as the shipped table does."""
    with (shared / "data/ncci_ptp/ncci_ptp_96372.csv").open(encoding="utf-8", newline="") as stream:
        facts = [row for row in csv.DictReader(stream) if row["active_2024q3"] in "YN"]
    rows = []
    for fact in facts:
        deleted = fact["deletion_date"].replace("-", "") or "*"
        rows.append(
            [fact["column1"], fact["column2"], "", "20090101", deleted, fact["modifier_indicator"], "x"]
        )
    site.load(("ccipra-v302r0.txt", tsv([*PTP_HEAD, *rows])))
    day = date(2024, 7, 15)
    shipped = load_tables().table("ptp")
    active = [fact for fact in facts if fact["active_2024q3"] == "Y"]
    assert len(active) > 6_000
    loaded = site.tables.table("ptp")
    for fact in active:
        key = (fact["column1"], fact["column2"], "medicare")
        expected = shipped.lookup(key, day)
        assert isinstance(expected, Row)
        found = loaded.lookup(key, day)
        assert isinstance(found, Row)
        assert found["indicator"] == expected["indicator"]
