"""The forms of a report against the contract, over every batch of fixtures/edi."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest

import loops
from scrubber.checker import Checked, Checker
from scrubber.finding import Expected, Finding, Outcome, Severity
from scrubber.payers.classes import CLASSES
from scrubber.report import Tally, make
from scrubber.report.csv import COLUMNS, defused
from scrubber.report.form import FORMS, Look
from scrubber.report.mask import masked_row
from scrubber.tables import Citation

TEXT, NUMBER, LIST, OBJECT, NONE = str, int, list, dict, type(None)
SCHEMA = {
    "schema": (TEXT,), "rule": (TEXT,), "name": (TEXT,), "severity": (TEXT,), "outcome": (TEXT,), "message": (TEXT,),
    "file": (TEXT,), "isa13": (TEXT,), "gs06": (TEXT,), "st02": (TEXT,), "claim": (TEXT, NONE), "claim_index": (NUMBER, NONE),
    "line": (TEXT, NONE), "lines": (LIST,), "place": (TEXT,), "segment": (NUMBER, NONE), "byte_start": (NUMBER,),
    "byte_end": (NUMBER,), "service_date": (TEXT, NONE), "payer_class": (TEXT,), "evidence": (OBJECT,),
    "citations": (LIST,), "tables": (LIST,), "expected": (OBJECT,), "dollars": (TEXT,), "fix": (OBJECT, NONE),
    "disposition": (TEXT,),
}  # fmt: skip


EVERYTHING = Look(all_outcomes=True)


def check_finding(row: dict) -> None:
    assert list(row) == list(SCHEMA)
    for key, kinds in SCHEMA.items():
        assert type(row[key]) in kinds, (key, row[key])
    assert row["schema"] == "scrubber.finding/1"
    assert row["rule"].startswith(("INJ-", "X12-", "ENG-"))
    assert row["name"] == row["name"].lower()
    assert " " not in row["name"]
    assert row["severity"] in ("reject", "deny", "advise")
    assert row["outcome"] in ("fail", "bypassed", "no_data", "pass")
    assert row["disposition"] in ("pass", "fixed", "annotated", "hold")
    assert row["payer_class"] in CLASSES
    assert "\n" not in row["message"]
    assert row["byte_start"] <= row["byte_end"]
    assert set(row["expected"]) == {"277ca", "carc", "rarc"}
    assert all(set(one) == {"title", "section", "url", "checked_on"} for one in row["citations"])
    days = [one["checked_on"] for one in row["citations"]]
    assert all(day is None or date.fromisoformat(day) for day in days)  # None: nobody could open the page
    assert all(set(one) == {"name", "vintage"} for one in row["tables"])
    assert Decimal(row["dollars"]) == round(Decimal(row["dollars"]), 2)
    if row["line"]:
        assert row["lines"][0] == row["line"]
    if row["rule"].startswith("X12-"):
        assert {"snip", "ik3", "ik4", "element", "component"} <= set(row["evidence"]) or row["claim"] is None
    if row["fix"]:
        assert set(row["fix"]) == {"safety", "title", "edits"}
        assert row["fix"]["safety"] in ("format", "suggested")
        assert all(set(one) == {"byte_start", "byte_end", "before", "after"} for one in row["fix"]["edits"])


def written(form: str, checker: Checker, path, look: Look = EVERYTHING) -> str:
    report, tally = make(form, look), Tally()
    with checker.read(path) as batch:
        items = []
        for checked in checker.run(batch):
            tally.count(checked.findings)
            items += report.items(batch, checked)
    return report.head({"tool": "scrubber"}) + report.between.join(items) + report.tail(tally)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(passes=True)


def test_every_form_holds_every_finding(fixture_file, checker):
    try:
        lines = written("jsonl", checker, fixture_file).splitlines()
    except loops.NotX12Error:
        return
    rows = [json.loads(line) for line in lines]
    for row in rows:
        check_finding(row)
    document = json.loads(written("json", checker, fixture_file))
    assert document["findings"] == rows
    table = list(csv.reader(io.StringIO(written("csv", checker, fixture_file))))
    assert table[0] == list(COLUMNS)
    assert len(table) == len(rows) + 1
    text = written("text", checker, fixture_file)
    assert all(f" {row['rule']} " in text for row in rows)


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("colour", ["", "standard", "256", "truecolor"])
def test_text_fits_the_width(width, colour, fixtures, checker):
    look = Look(width=width, colour=colour)
    for name in ("inj-e02.837", "b12.837", "broken-short-isa.837"):
        plain = written("text", checker, fixtures / name, Look(width=width))
        coloured = written("text", checker, fixtures / name, look)
        assert ("\x1b[" in coloured) == bool(colour)
        if not colour:
            long = [line for line in plain.splitlines() if len(line) > width]
            # Only lines that are no prose: the head of a finding, and the totals.
            assert all(
                line.startswith(("  reject", "  deny", "  advise", "Totals", "Found", name)) for line in long
            ), long


def finding(**more) -> Finding:
    plain = {
        "rule": "INJ-X99", "name": "example", "severity": Severity.DENY, "outcome": Outcome.FAIL, "message": "line 1: no",
        "file": "a.837", "isa13": "1", "gs06": "1", "st02": "1", "claim": "C", "claim_index": 1, "line": "1", "lines": ("1",),
        "place": "2400/SV101", "segment": 3, "byte_start": 0, "byte_end": 1, "service_date": None, "payer_class": "other",
        "expected": Expected(),
    }  # fmt: skip
    return Finding(**{**plain, **more})


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=cmd|"/c calc"!A1'])
def test_no_cell_is_a_formula(cell):
    assert defused(cell) == "'" + cell
    report = make("csv", Look())
    (item,) = report.items(None, Checked(None, (finding(claim=cell, message=cell),)))
    (row,) = csv.DictReader(io.StringIO(report.head({}) + item, newline=""))
    assert row["claim"] == row["message"] == "'" + cell


@pytest.mark.parametrize("mask", [True, False])
def test_a_line_is_the_whole_finding_in_order(mask):
    report = make("jsonl", Look(mask=mask))
    about = Citation("A title", "s. 1", "https://example.org", None)
    tricky = {"note": ',"dollars":"1"', "modifier": "SAMPLE"}
    found = [
        finding(evidence=tricky, citations=(about,) * n, tables=(("t", "1"),) * (n % 2)) for n in (0, 1, 1, 2)
    ]
    for one, item in zip(found, report.items(None, Checked(None, tuple(found))), strict=True):
        row = masked_row(one.as_dict()) if mask else one.as_dict()
        assert item == json.dumps(row, separators=(",", ":")) + "\n"


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_controls_and_foreign_letters_survive(form):
    text = 'a\x1b[31m\x00"\u202e;,\n\xfc'
    report = make(form, Look())
    (item,) = report.items(None, Checked(None, (finding(claim=text),)))
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(report.head({}) + item, newline=""))
    else:
        assert item.isascii()
        row = json.loads(item)
    assert row["claim"] == text


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_report_is_whole(form):
    report = make(form, Look())
    text = report.head({"tool": "scrubber"}) + report.tail(Tally())
    assert form != "json" or json.loads(text)["findings"] == []
    assert form != "text" or text.strip() == ""
