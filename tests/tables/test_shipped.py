"""The shipped tables are sound in form, and hold what the rules were written against."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest

from scrubber.tables import CONFIDENCES, NoData, Row, check_table, load_tables
from scrubber.tables.meta import read_cite, read_cites

TABLES = load_tables()
DATA = files("scrubber.tables") / "data"
TODAY = date(2026, 11, 1)

VOCABULARY = {
    ("drugs", "up_to"): {"yes", "no"},
    ("drugs", "noc"): {"yes", "no"},
    ("drugs", "single_dose"): {"yes", "no", "varies", "unknown"},
    ("drugs", "class"): {
        "none",
        "biologic",
        "antineoplastic",
        "antineoplastic-grey",
        "hormonal",
        "hormonal-by-dx",
        "esa",
        "esa-dialysis",
        "undecided",
    },
    ("admin_codes", "initial"): {"yes", "no"},
    ("admin_codes", "add_on"): {"yes", "no"},
    ("em_codes", "ncci_column"): {"", "1", "2"},
    ("em_codes", "ncci_indicator"): {"", "0", "1"},
    ("em_codes", "takes_25"): {"yes", "no"},
    ("modifiers", "ncci"): {"yes", "no"},
    ("modifiers", "on_injection"): {"allowed", "refused", "review"},
    ("ptp", "indicator"): {"0", "1"},
    ("ptp", "program"): {"medicare"},
    ("mue", "program"): {"medicare", "medicaid"},
    ("mue", "mai"): {"", "1", "2", "3"},
    ("retired_codes", "replacement_confidence"): {"", *CONFIDENCES},
    ("dx_policy", "kind"): {"covered", "non-covered"},
    ("dx_policy", "strength"): {"policy", "label", "usual"},
    ("mac_lists", "strength"): {"deny", "advise"},
    ("taxonomy_scope", "renders"): {"yes", "no", "by-state", "outside"},
    ("drug_limits", "limit"): {"min-months", "max-months", "sex", "interval"},
    ("pos", "rate"): {"facility", "nonfacility"},
    ("products", "kind"): {"vaccine", "immune-globulin", "antitoxin", "rsv-antibody", "bcg-intravesical"},
}


@pytest.mark.parametrize("name", TABLES.names())
def test_every_table_passes_the_strict_check(name: str) -> None:
    check_table(name)


def test_every_file_has_an_entry_and_every_entry_a_file() -> None:
    names = {path.name[:-4] for path in DATA.iterdir() if path.name.endswith(".csv")}
    assert names == set(TABLES.names())


def test_every_citation_is_used_and_dated() -> None:
    used = {ident for name in TABLES.names() for row in TABLES.table(name).rows() for ident in row.cite}
    listed = set(re.findall(r"^\[(.+)\]$", (DATA / "cites.toml").read_text("utf-8"), re.MULTILINE))
    assert used == listed
    for ident in used:
        citation = TABLES.citation(ident)
        assert citation.title
        assert date(2026, 1, 1) <= citation.checked_on


def test_what_is_confirmed_names_a_source_with_an_address() -> None:
    for name in TABLES.names():
        for row in TABLES.table(name).rows():
            if row.confidence != "general":
                assert any(TABLES.citation(ident).url for ident in row.cite), (name, row.cells)


@pytest.mark.parametrize(("name", "column"), VOCABULARY)
def test_words_are_of_the_vocabulary(name: str, column: str) -> None:
    assert {row[column] for row in TABLES.table(name).rows()} <= VOCABULARY[name, column]


def test_the_confidence_of_a_drug_is_the_weaker_of_the_facts_that_decide() -> None:
    for row in TABLES.table("drugs").rows():
        parts = ("route", "admin", "class", "container", "date")
        assert {row[f"{part}_confidence"] for part in parts} <= set(CONFIDENCES)
        weaker = max(row["admin_confidence"], row["class_confidence"], key=CONFIDENCES.index)
        assert row.confidence == weaker, row.cells


def test_diagnosis_prefixes_are_written_as_on_the_claim() -> None:
    assert all(
        re.fullmatch(r"[A-Z]([0-9][0-9A-Z]{0,5})?", row["dx"]) for row in TABLES.table("dx_policy").rows()
    )


def test_ndc_are_eleven_digits_and_units_are_numbers() -> None:
    for row in TABLES.table("ndc_hcpcs").rows():
        assert re.fullmatch(r"\d{11}", row["ndc"])
        assert re.fullmatch(r"\d+(\.\d+)?", row["units_package"]), row.cells


def value(name: str, key: str | tuple[str, ...], column: str, on: date = TODAY) -> str | None:
    row = TABLES.table(name).lookup(key, on)
    return row[column] if isinstance(row, Row) else None


@pytest.mark.parametrize(
    ("name", "key", "column", "expected"),
    [
        ("admin_codes", "96372", "kind", "injection"),
        ("admin_codes", "96372", "initial", "no"),
        ("admin_codes", "96372", "pc_tc", "5"),
        ("admin_codes", "96372", "facility_na", "yes"),
        ("admin_codes", "96374", "initial", "yes"),
        ("admin_codes", "96375", "add_on", "yes"),
        ("admin_codes", "90480", "kind", "vaccine-admin"),
        ("products", "90480", "kind", None),
        ("products", "90686", "target", "influenza"),
        ("products", "90378", "kind", "rsv-antibody"),
        ("drugs", "J1200", "up_to", "yes"),
        ("drugs", "J1560", "unit_measure", "dose"),
        ("drugs", "Q9992", "unit_measure", "injection"),
        ("drugs", "J3420", "up_to", "yes"),
        ("drugs", "J9217", "class", "hormonal-by-dx"),
        ("drugs", "J1100", "route_confidence", "confirmed"),
        ("drugs", "J9144", "admin", "96401"),
        ("drugs", "J9260", "class", "antineoplastic-grey"),
        ("drugs", "J0897", "class", "biologic"),
        ("drugs", "J0585", "admin", "chemodenervation"),
        ("drugs", "J0739", "admin", "G0012"),
        ("drugs", "J3490", "noc", "yes"),
        ("em_codes", "99213", "ncci_column", "2"),
        ("em_codes", "99213", "ncci_indicator", "1"),
        ("em_codes", "99211", "ncci_indicator", "0"),
        ("em_codes", "99283", "ncci_column", "1"),
        ("em_codes", "99232", "ncci_indicator", "0"),
        ("em_codes", "99395", "ncci_column", ""),
        ("ptp", ("96372", "99211", "medicare"), "indicator", "0"),
        ("ptp", ("96372", "99213", "medicare"), "indicator", "1"),
        ("ptp", ("96413", "96372", "medicare"), "indicator", "1"),
        ("ptp", ("96372", "36591", "medicare"), "indicator", "0"),
        ("ptp", ("90471", "96372", "medicare"), "indicator", None),
        ("mue", ("96372", "medicare"), "units", "4"),
        ("mue", ("96372", "medicare"), "mai", "3"),
        ("mue", ("96372", "medicaid"), "units", "4"),
        ("mue", ("J3420", "medicare"), "units", "1"),
        ("modifiers", "25", "on_injection", "refused"),
        ("modifiers", "59", "ncci", "yes"),
        ("modifiers", "JZ", "kind", "drug"),
        ("modifiers", "RT", "on_injection", "review"),
        ("modifiers", "QZ", "kind", "anaesthesia"),
        ("modifiers", "!!", "kind", None),
        ("pos", "02", "kind", "telehealth"),
        ("pos", "10", "kind", "telehealth"),
        ("pos", "22", "rate", "facility"),
        ("pos_lists", ("priority-health", "24"), "effect", None),
        ("pos_lists", ("regence-109", "24"), "effect", "no-payment"),
        ("retired_codes", "J1030", "replacement", "J1010"),
        ("retired_codes", "J1030", "ratio", "40"),
        ("dx_policy", ("J3420", "E66"), "kind", "non-covered"),
        ("taxonomy_scope", "163W", "renders", "no"),
        ("drug_limits", ("J0897", "interval", "60"), "value", "167"),
        ("drug_limits", ("J0897", "interval", "120"), "value", "26"),
        ("drug_limits", ("J2790", "sex", "any"), "value", None),
    ],
)
def test_a_fact(name: str, key: str | tuple[str, ...], column: str, expected: str | None) -> None:
    assert value(name, key, column) == expected


@pytest.mark.parametrize(
    ("name", "key", "day", "kind"),
    [
        ("drugs", "J1010", date(2024, 3, 31), type(None)),
        ("drugs", "J1010", date(2024, 4, 1), Row),
        ("drugs", "J1030", date(2024, 3, 31), Row),
        ("drugs", "J1030", date(2024, 4, 1), type(None)),
        ("retired_codes", "J1030", date(2024, 3, 31), type(None)),
        ("retired_codes", "J1030", date(2024, 4, 1), Row),
        ("ptp", ("96372", "99213", "medicare"), date(2024, 6, 30), NoData),
        ("ptp", ("96372", "99213", "medicare"), date(2024, 7, 1), Row),
        ("ptp", ("96372", "99213", "medicaid"), date(2026, 7, 1), NoData),
        ("ptp", ("20610", "99213", "medicare"), date(2026, 7, 1), NoData),
        ("mue", ("96372", "medicaid"), date(2025, 12, 31), NoData),
        ("mue", ("96372", "medicaid"), date(2026, 1, 1), Row),
        ("mue", ("J3490", "medicare"), date(2026, 1, 1), type(None)),
        ("pos", "10", date(2021, 12, 31), type(None)),
        ("pos", "10", date(2022, 1, 1), Row),
        ("admin_codes", "96380", date(2023, 10, 5), type(None)),
        ("admin_codes", "96380", date(2023, 10, 6), Row),
        ("admin_codes", "96372", date(2008, 12, 31), NoData),
        ("icd10cm_categories", "I10", date(2025, 9, 30), NoData),
        ("icd10cm_categories", "I10", date(2025, 10, 1), Row),
        ("icd10cm_categories", "I10", date(2026, 9, 30), Row),
        ("icd10cm_categories", "I10", date(2026, 10, 1), NoData),
    ],
)
def test_the_day_a_fact_begins_or_ends(name: str, key: str | tuple[str, ...], day: date, kind: type) -> None:
    assert type(TABLES.table(name).lookup(key, day)) is kind


@pytest.mark.parametrize(("category", "codes"), [("I10", "-"), ("A00", "/019"), ("E11", None), ("E99", "")])
def test_diagnoses_by_category(category: str, codes: str | None) -> None:
    found = value("icd10cm_categories", category, "codes", date(2026, 3, 2))
    assert (found or "") == codes if codes is not None else found


def test_the_contractor_list_softens_when_cms_told_it_to() -> None:
    key = ("ngs-a58620", "J0897")
    assert value("mac_lists", key, "strength", date(2023, 12, 20)) == "deny"
    assert value("mac_lists", key, "strength", date(2023, 12, 21)) == "advise"


def test_a_value_between_two_files_is_the_larger_and_only_secondary() -> None:
    row = TABLES.table("mue").lookup(("J0585", "medicare"), date(2025, 6, 1))
    assert isinstance(row, Row)
    assert (row["units"], row.confidence) == ("800", "secondary")
    assert value("mue", ("J0585", "medicare"), "units", date(2024, 9, 30)) == "600"


def test_the_visits_agree_with_the_pairs() -> None:
    pairs = TABLES.table("ptp")
    for row in TABLES.table("em_codes").rows():
        code, side = row["code"], row["ncci_column"]
        as_second = value("ptp", ("96372", code, "medicare"), "indicator")
        as_first = value("ptp", (code, "96372", "medicare"), "indicator")
        assert {"": None, "2": as_second, "1": as_first}[side] == (row["ncci_indicator"] or None)
        assert (as_second is not None) + (as_first is not None) == (side != "")
    assert pairs.covers(TODAY) is None


def test_lists_of_modifiers_and_drugs_do_not_claim_to_be_complete() -> None:
    assert not TABLES.table("modifiers").meta.complete
    assert not TABLES.table("sad_lists").meta.complete


def test_what_only_general_knowledge_says_is_not_called_confirmed() -> None:
    """A fact that decides may name the general citation beside a source, never in place of one."""
    for name in ("drugs", "products", "mac_lists", "sad_lists", "ptp", "mue", "dx_policy", "pos_lists"):
        for row in TABLES.table(name).rows():
            if row.confidence == "confirmed":
                assert row.cite[0] != "general-coding", (name, row.cells)


def test_no_text_of_a_licensed_code_set_is_shipped() -> None:
    """Titles of procedures would need a licence; the tables hold codes and short words of ours."""
    for name in ("admin_codes", "em_codes", "ptp", "mue", "injection_procedures", "products", "modifiers"):
        for row in TABLES.table(name).rows():
            assert all(len(cell) <= 40 for cell in row.cells[:-2]), (name, row.cells)


def test_a_citation_read_alone_is_the_one_of_the_whole_list() -> None:
    raw = (DATA / "cites.toml").read_bytes()
    whole = read_cites(raw, "cites.toml")
    assert {ident: read_cite(raw, ident, "cites.toml") for ident in whole} == whole
    assert read_cite(raw, "no-such", "cites.toml") is None
