"""``scrubber rules``, ``explain``, ``tables``."""

from __future__ import annotations

import json

import pytest
from commands import process, run

from scrubber.registry import all_rules
from scrubber.tables import load_tables


def test_rules_lists_every_rule():
    text = run("rules").text
    assert all(f"{one.code}  " in text and one.name in text for one in all_rules())
    markdown = run("rules", "--format", "md").text.splitlines()
    assert len(markdown) == len(all_rules()) + 2
    assert {line.count(" | ") for line in markdown[2:]} == {3}


def test_rules_as_json():
    document = json.loads(run("rules", "--format", "json").text)
    assert document["schema"] == "scrubber.rules/1"
    assert [one["rule"] for one in document["rules"]] == [one.code for one in all_rules()]
    for one in document["rules"]:
        assert one["why"], one["rule"]
        assert one["citations"], one["rule"]
        assert one["message"], f"{one['rule']}: its bad example shows no fault"


def test_rules_can_be_chosen():
    assert process("rules", "--select", "INJ-E02", "--format", "md").text.count("INJ-") == 1
    assert run("rules", "--select", "Q").code == 2


@pytest.mark.parametrize("code", ["INJ-D05", "d05", "ndc-format", "INJ-d05"])
def test_explain_finds_a_rule_by_code_or_name(code):
    rule = next(one for one in all_rules() if one.code == "INJ-D05")
    ran = run("explain", rule.name if code == "ndc-format" else code)
    assert ran.code == 0
    assert ran.text.startswith("INJ-D05  ")


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_explain_tells_all_of_a_rule(rule):
    text = " ".join(run("explain", rule.code).text.split())
    for head in ("Why", "Bad", "Good", "Fix", "Expected answer", "Authority"):
        assert f" {head} " in text
    assert rule.why in text
    assert rule.citations[0].title in text
    data = json.loads(run("explain", rule.code, "--format", "json").text)
    assert all(f"{one['name']} ({one['vintage']})" in text for one in data["tables"])
    assert data["fix"] in text


def test_explain_tells_the_nearest():
    ran = run("explain", "E22")
    assert ran.code == 2
    assert "did you mean INJ-E0" in ran.lines[0]
    assert "scrubber rules" in run("explain", "zzzz").lines[0]


def test_tables_status():
    tables = load_tables()
    text = run("tables", "status").text
    document = json.loads(process("tables", "status", "--format", "json").text)
    assert [one["name"] for one in document["tables"]] == list(tables.names())
    for one in document["tables"]:
        assert one["rows"] == len(tables.table(one["name"]).rows()) > 0
        assert one["vintage"] in text


def test_what_is_off_by_default_says_so():
    off = {one.code for one in all_rules() if not one.default}
    text = " ".join(run("rules").text.split())
    assert text.count("Off unless its whole code is selected.") == len(off)
    document = json.loads(run("rules", "--format", "json").text)
    assert {one["rule"] for one in document["rules"] if not one["default"]} == off


def test_a_code_of_the_guide_is_explained():
    ran = run("explain", "x12-se-count")
    assert ran.code == 0
    assert "SE01 differs from the number of segments" in ran.text
    assert "SNIP type 1" in ran.text


def test_a_wrong_code_of_the_guide_is_answered_with_the_nearest():
    ran = run("explain", "X12-SE-COUNTS")
    assert ran.code == 2
    assert "did you mean X12-SE-COUNT?" in ran.lines[0]
