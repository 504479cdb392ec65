"""Each layout in each of its forms is recognised by its content and gives the rows that are in it."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from openpyxl import load_workbook
from table_files import (
    ASP,
    CARC,
    HCPCS,
    MEDICAID_MUE,
    MUE,
    NUCC,
    PFS,
    PTP,
    RARC,
    SHEETS,
    TEXTS,
    Site,
    csv,
    hcpcs_fixed,
    icd10cm,
    tsv,
    xlsx,
    zipped,
)

from scrubber.tables.importers.load import Outcome


def counts(outcome: Outcome) -> dict[str, int]:
    return {load.table: load.rows for load in outcome.loaded}


@pytest.mark.parametrize(("name", "data", "rows"), TEXTS, ids=[name for name, *_ in TEXTS])
def test_text(site: Site, name: str, data: bytes, rows: dict[str, int]) -> None:
    assert counts(site.load((name, data))) == rows


@pytest.mark.parametrize(("name", "cells", "rows"), SHEETS, ids=[name for name, *_ in SHEETS])
def test_spreadsheet(site: Site, name: str, cells: list[list[str]], rows: dict[str, int]) -> None:
    assert counts(site.load((name, xlsx(cells)))) == rows


@pytest.mark.parametrize(("name", "data", "rows"), TEXTS, ids=[name for name, *_ in TEXTS])
def test_the_name_does_not_matter(site: Site, name: str, data: bytes, rows: dict[str, int]) -> None:
    assert counts(site.load(("download (3).bin", data), quarter="2026Q3")) == rows


@pytest.mark.parametrize(("name", "data", "rows"), TEXTS, ids=[name for name, *_ in TEXTS])
def test_line_ends_do_not_matter(site: Site, name: str, data: bytes, rows: dict[str, int]) -> None:
    assert counts(site.load((name, data.replace(b"\r\n", b"\n")))) == rows


@pytest.mark.parametrize(("name", "data", "rows"), TEXTS, ids=[name for name, *_ in TEXTS])
def test_the_end_of_the_last_line_may_be_missing(
    site: Site, name: str, data: bytes, rows: dict[str, int]
) -> None:
    assert counts(site.load((name, data.removesuffix(b"\r\n")))) == rows


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("name", "data", "rows"), TEXTS, ids=[name for name, *_ in TEXTS])
def test_encodings(site: Site, name: str, data: bytes, rows: dict[str, int], encoding: str) -> None:
    assert counts(site.load((name, data.decode().encode(encoding)))) == rows


@pytest.mark.parametrize("rows", [PTP, MUE, ASP, PFS, CARC, NUCC, HCPCS], ids=lambda rows: rows[-1][0])
def test_more_or_fewer_rows_above_the_header(site: Site, rows: list[list[str]]) -> None:
    head = [["Some notice of a publisher"], [], ["Another, in Zürich"]]
    above = csv(head + rows).decode().encode("cp1252")
    assert counts(site.load(("a.csv", above), quarter="2026Q3")) == counts(
        site.load(("b.csv", csv(rows)), quarter="2026Q2")
    )


def test_ptp(site: Site) -> None:
    site.load(("ccipra-v322r0-f1.txt", tsv(PTP)))
    pair = ("96372", "99213", "medicare")
    assert site.ask("ptp", pair, "2017-12-31") is None
    assert site.ask("ptp", pair, "2018-01-01") == {"indicator": "0"}
    assert site.ask("ptp", pair, "2019-12-31") == {"indicator": "0"}
    assert site.ask("ptp", pair, "2020-01-01") == {"indicator": "1"}
    assert site.ask("ptp", pair, "2026-11-20") == {"indicator": "1"}
    row = site.row("ptp", pair, "2019-06-01")
    assert (row.from_.isoformat(), str(row.thru), row.confidence) == ("2018-01-01", "2019-12-31", "confirmed")
    assert site.tables.citation(row.cite[0]).title.endswith("Medicare, 2026Q3")


def test_a_pair_that_was_withdrawn_is_in_force_on_no_day(site: Site) -> None:
    site.load(("ccipra-v322r0-f1.txt", tsv(PTP)))
    assert site.ask("ptp", ("96372", "99214", "medicare"), "2022-01-01") is None


def test_ptp_with_its_header_in_one_row(site: Site) -> None:
    wrapped = PTP[2:6]
    header = ["\n".join(row[place] for row in wrapped if row[place]) for place in range(7)]
    site.load(("v322r0.xlsx", xlsx([PTP[0], header, *PTP[6:]])))
    assert site.ask("ptp", ("G0008", "96372", "medicare"), "2026-01-01") == {"indicator": "0"}


def test_numbers_and_dates_of_a_spreadsheet(site: Site) -> None:
    typed = [[int(cell) if cell.isdigit() else cell for cell in row] for row in PTP]
    typed[6][4] = datetime(2026, 3, 31)  # noqa: DTZ001 - as a spreadsheet has it
    site.load(("v322r0.xlsx", xlsx(typed)))
    assert site.ask("ptp", ("11111", "22222", "medicare"), "2026-03-31") == {"indicator": "0"}
    assert site.ask("ptp", ("11111", "22222", "medicare"), "2026-04-01") is None


def test_a_notice_in_a_sheet_of_its_own(site: Site) -> None:
    book = load_workbook(io.BytesIO(xlsx(PTP)))
    notice = book.create_sheet("notice", 0)
    notice.append(["I have read the licence of the publisher"])
    stream = io.BytesIO()
    book.save(stream)
    assert counts(site.load(("v322r0.xlsx", stream.getvalue()))) == {"ptp": 6}


def test_mue(site: Site) -> None:
    site.load(("MUE_Eff_07-01-2026.csv", csv(MUE)))
    assert site.ask("mue", ("96372", "medicare"), "2026-07-01") == {"units": "4", "mai": "3"}
    assert site.ask("mue", ("J0001", "medicare"), "2026-09-30") == {"units": "120", "mai": "1"}


def test_mue_of_medicaid(site: Site) -> None:
    site.load(("MCR_2026q3.csv", csv(MUE)), ("medicaid-ncci-q3-2026-mue-practitioner.csv", csv(MEDICAID_MUE)))
    assert site.ask("mue", ("96372", "medicaid"), "2026-07-01") == {"units": "5", "mai": ""}
    assert site.ask("mue", ("96372", "medicare"), "2026-07-01") == {"units": "4", "mai": "3"}


@pytest.mark.parametrize("data", [csv(HCPCS), hcpcs_fixed().encode()], ids=["csv", "fixed"])
def test_hcpcs(site: Site, data: bytes) -> None:
    site.load(("HCPC2026_JUL.txt", data))
    assert site.ask("hcpcs", "J0001", "2024-06-30") == {"action": "D"}
    assert site.ask("hcpcs", "J0001", "2024-07-01") is None
    assert site.ask("hcpcs", "J0002", "2024-06-30") is None
    assert site.ask("hcpcs", "J0002", "2024-07-01") == {"action": "A"}
    assert site.ask("hcpcs", "J0001", "2009-12-31") is None
    assert site.ask("hcpcs_modifiers", "ZY", "2026-07-01") == {"action": "N"}
    assert site.ask("hcpcs_modifiers", "ZX", "2026-07-01") is None


def test_crosswalk(site: Site) -> None:
    outcome = site.load(("crosswalk.csv", csv(ASP)))
    assert site.ask("ndc_hcpcs", ("00001000203", "J0001"), "2026-01-01") == {
        "dose": "1000",
        "measure": "MCG",
        "size": "1.5",
        "containers": "10",
        "units_container": "1.5",
        "units_package": "15",
    }
    found = site.ask("ndc_hcpcs", ("00001000204", "J0002"), "2026-01-01")
    assert isinstance(found, dict)
    assert (found["dose"], found["measure"]) == ("", "UP TO 80 MG")
    assert len(outcome.passed_over) == 1
    assert "000017-0002-04" in outcome.passed_over[0]


def test_relative_value_file(site: Site) -> None:
    site.load(("anything.csv", csv(PFS)))
    assert site.ask("pfs", ("96372", ""), "2026-07-01") == {
        "status": "A",
        "nonfacility_na": "",
        "facility_na": "NA",
        "pc_tc": "5",
        "global_days": "XXX",
        "multiple": "0",
        "bilateral": "0",
        "assistant": "0",
        "co_surgeons": "0",
        "team": "0",
    }
    found = site.ask("pfs", ("11111", "26"), "2026-07-01")
    assert isinstance(found, dict)
    assert (found["nonfacility_na"], found["pc_tc"], found["global_days"]) == ("NA", "1", "XXX")


def test_icd10cm(site: Site) -> None:
    site.load(("icd10cm_order_2026.txt", icd10cm().encode()))
    assert site.ask("icd10cm", "E119", "2025-10-01") == {"billable": "yes"}
    assert site.ask("icd10cm", "E11", "2025-10-01") == {"billable": "no"}
    assert site.ask("icd10cm", "QA00101", "2025-10-01") == {"billable": "yes"}
    assert site.ask("icd10cm", "E118", "2025-10-01") is None
    assert site.ask("icd10cm", "Z9", "2025-10-01") is None
    assert site.ask("icd10cm", "E119", "2025-09-30") == "no data"


def test_reason_and_remark_codes(site: Site) -> None:
    site.load(("carc_2026-03.csv", csv(CARC)), ("rarc_2026-03.csv", csv(RARC)))
    assert site.ask("carc", "15", "2018-04-30") == {}
    assert site.ask("carc", "15", "2018-05-01") is None
    assert site.ask("carc", "999", "2026-01-01") is None
    assert site.ask("rarc", "MA4", "2010-03-31") == {}
    assert site.ask("rarc", "N822", "2017-02-28") is None
    assert site.ask("rarc", "N822", "2017-03-01") == {}


def test_both_lists_in_one_file(site: Site) -> None:
    rows = [["adj_code", "adj_type", "adj_start_date", "adj_end_date"], ["CO", "Group", "", ""]]
    rows += [["16", "CARC", "1995-01-01", ""], ["N1", "RARC", "2000-01-01", "2020-01-01"]]
    assert counts(site.load(("lists_2026-03.csv", csv(rows)))) == {"carc": 1, "rarc": 1}


def test_taxonomy(site: Site) -> None:
    site.load(("nucc_taxonomy_261.csv", csv(NUCC)))
    assert site.ask("taxonomy", "207Q00000X", "2007-06-30") is None
    assert site.ask("taxonomy", "207Q00000X", "2026-07-01") == {"section": "individual"}
    assert site.ask("taxonomy", "390200000X", "2022-12-31") == {"section": "individual"}
    assert site.ask("taxonomy", "390200000X", "2023-01-01") is None
    assert site.ask("taxonomy", "1234567890", "2026-07-01") is None
    assert site.ask("taxonomy", "1234567890", "2026-06-30") == "no data"


def test_an_archive_of_text_spreadsheet_and_papers(site: Site) -> None:
    members = {
        "ccipra-v322r0-f1.TXT": tsv(PTP),
        "ccipra-v322r0-f1.xlsx": xlsx(PTP),
        "read me.pdf": b"%PDF-1.7 ...",
    }
    outcome = site.load(("medicare-ncci.zip", zipped(members)))
    assert counts(outcome) == {"ptp": 6}
    (load,) = outcome.loaded
    assert (load.source.file, load.source.member, load.part) == (
        "medicare-ncci.zip",
        "ccipra-v322r0-f1.TXT",
        1,
    )
    assert any("read me.pdf" in note for note in outcome.passed_over)


def test_an_archive_with_a_spreadsheet_only(site: Site) -> None:
    assert counts(site.load(("ccipra-v322r0-f1.zip", zipped({"x.xlsx": xlsx(PTP)})))) == {"ptp": 6}


def test_two_members_with_the_same_rows_count_once(site: Site) -> None:
    members = {"PPRRVU2026_Jul_QPP.csv": csv(PFS), "PPRRVU2026_Jul_nonQPP.csv": csv(PFS)}
    assert counts(site.load(("RVU26C.zip", zipped(members)))) == {"pfs": 3}
