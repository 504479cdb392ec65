"""The quarter, program and part of a file, from its first rows or its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_files import ASP, MUE, PFS, PTP, Site, csv, tsv, zipped

from scrubber.tables.importers.layout import Line
from scrubber.tables.importers.vintage import part_of, program_of, quarter_of
from scrubber.tables.store import Quarter

NAMES = {
    "ccipra-v322r0-f1.txt": "2026Q3",
    "ccipra-v302r0-f2.TXT": "2024Q3",
    "ccipra-v313r0-f4.xlsx": "2025Q4",
    "ccipra-v324r0-f1.txt": None,
    "medicare-ncci-2026-q3-practitioner-services-ptp-edits.zip": "2026Q3",
    "medicaid-ncci-q1-2026-ptp-edits-practitioner-services.zip": "2026Q1",
    "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv": "2026Q3",
    "HCPC2026_OCT_ANWEB.csv": "2026Q4",
    "HCPC2026_JAN_ANWEB_v2.txt": "2026Q1",
    "january-2026-alpha-numeric-hcpcs-file.zip": "2026Q1",
    "PPRRVU24_APR.csv": "2024Q2",
    "PPRRVU2026_Jul_nonQPP.csv": "2026Q3",
    "carc_rarc_2024-06.csv": "2024Q2",
    "2026-07-01.csv": "2026Q3",
    "2026-13.csv": None,
    "ptp.txt": None,
    "96372-codes-1999.txt": None,
    "marchers-of-2026.csv": None,
}


@pytest.mark.parametrize(("name", "quarter"), NAMES.items())
def test_names(name: str, quarter: str | None) -> None:
    found = quarter_of([], [name], "ptp")
    assert (str(found) if found else None) == quarter


@pytest.mark.parametrize(
    ("table", "names", "quarter"),
    [
        ("icd10cm", ["icd10cm_order_2026.txt"], "2025Q4"),
        ("icd10cm", ["icd10cm-order-April-2026.txt"], "2026Q2"),
        ("icd10cm", ["icd10cm_order_2026.txt", "april-1-2026-code-descriptions-tabular-order.zip"], "2026Q2"),
        ("taxonomy", ["nucc_taxonomy_240.csv"], "2024Q1"),
        ("taxonomy", ["nucc_taxonomy_251.csv"], "2025Q3"),
        ("pfs", ["PPRRVU.csv", "RVU26C.zip"], "2026Q3"),
        ("ptp", ["RVU26C.zip"], None),
    ],
)
def test_editions(table: str, names: list[str], quarter: str | None) -> None:
    found = quarter_of([], names, table)
    assert (str(found) if found else None) == quarter


def test_what_the_file_says_counts_before_its_name(site: Site) -> None:
    outcome = site.load(("crosswalk_2025q1.csv", csv(ASP)), ("PPRRVU_2025q1.csv", csv(PFS)))
    assert [str(load.quarter) for load in outcome.loaded] == ["2026Q1", "2026Q3"]


def test_a_copyright_year_is_no_vintage() -> None:
    title = [Line(1, ("CPT only copyright 2025 American Medical Association, January 1 2025",))]
    assert quarter_of(title, ["ccipra-v322r0-f1.txt"], "ptp") == Quarter(2026, 3)


def test_the_user_has_the_last_word(site: Site) -> None:
    (load,) = site.load(("ccipra-v322r0-f1.txt", tsv(PTP)), quarter="2025q4", program="medicaid").loaded
    assert (str(load.quarter), load.program, load.part) == ("2025Q4", "medicaid", 1)


def test_the_name_of_the_archive_tells_when_the_member_does_not(site: Site) -> None:
    (load,) = site.load(("medicaid-ncci-q1-2026.zip", zipped({"practitioner.csv": csv(MUE)}))).loaded
    assert (str(load.quarter), load.program) == ("2026Q1", "medicaid")


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("ccipra-v322r0-f1.txt", 1),
        ("ccipra-v322r0-f4.xlsx", 4),
        ("part 2.txt", 2),
        ("ptp.txt", 0),
        ("off1.txt", 0),
    ],
)
def test_parts(name: str, part: int) -> None:
    assert part_of(name) == part


@pytest.mark.parametrize(
    ("name", "program"),
    [("MCR_MUE.csv", "medicare"), ("MCD_MUE.csv", "medicaid"), ("ccipra.txt", "medicare"), ("mue.csv", None)],
)
def test_programs(name: str, program: str | None) -> None:
    assert program_of([], [name]) == program


@given(st.dates())
def test_a_day_lies_in_its_quarter(day) -> None:  # type: ignore[no-untyped-def]
    quarter = Quarter.of(day)
    assert quarter.first_day <= day
    if day.year < 9999:
        assert day <= quarter.last_day
        assert quarter < quarter.next
    if 2000 <= day.year < 2100:
        assert Quarter.read(str(quarter)) == quarter


@given(st.text(max_size=60))
def test_no_name_is_too_odd(name: str) -> None:
    quarter_of([], [name], "icd10cm")
    part_of(name)
    program_of([], [name])
