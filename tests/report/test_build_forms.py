"""Findings for machines that build and review: SARIF against its schema, JUnit XML against what servers count."""

from __future__ import annotations

import json
from urllib.parse import unquote

from commands import FAULTY, INSTITUTIONAL, RIGHT, run
from lxml import etree
from sarif_kit.validate import validation_errors

LEVELS = {"reject": "error", "deny": "warning", "advise": "note"}


def findings(path, *options):
    return [json.loads(line) for line in run("check", path, "--format", "jsonl", *options).out.splitlines()]


def sarif(*args):
    document = json.loads(run("check", *args, "--format", "sarif").out)
    assert validation_errors(document) == []
    (one_run,) = document["runs"]
    return one_run


def junit(*args):
    root = etree.fromstring(run("check", *args, "--format", "junit").out)
    for one in (root, *root.iter("testsuite")):
        cases = list(one.iter("testcase"))
        assert one.get("tests") == str(len(cases))
        for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert one.get(kind) == str(len(list(one.iter(tag))))
    return root


def test_sarif_tells_what_jsonl_tells(fixture_file):
    rows = [row for row in findings(fixture_file) if row["outcome"] == "fail"]
    results = sarif(fixture_file)["results"] if rows else []
    data = fixture_file.read_bytes()
    for row, result in zip(rows, results, strict=True):
        assert (result["ruleId"], result["message"]["text"]) == (row["rule"], row["message"])
        assert (result["kind"], result["level"]) == ("fail", LEVELS[row["severity"]])
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        assert (region["byteOffset"], region["byteLength"]) == (
            row["byte_start"],
            row["byte_end"] - row["byte_start"],
        )
        assert place["physicalLocation"]["artifactLocation"]["uri"] == fixture_file.name
        for fix in result.get("fixes", ()):
            for made, edit in zip(
                fix["artifactChanges"][0]["replacements"], row["fix"]["edits"], strict=True
            ):
                start = made["deletedRegion"]["byteOffset"]
                assert data[start : start + made["deletedRegion"]["byteLength"]].decode() == edit["before"]
                assert made["insertedContent"]["text"] == edit["after"]


def test_sarif_knows_the_rules_that_spoke(fixtures):
    one_run = sarif(fixtures / "inj-d05.837")
    rules = {rule["id"]: rule for rule in one_run["tool"]["driver"]["rules"]}
    assert set(rules) == {result["ruleId"] for result in one_run["results"]}
    assert rules["INJ-D05"]["name"] == "ndc-format"
    assert rules["INJ-D05"]["helpUri"].startswith("https://")
    assert one_run["tool"]["driver"]["version"]
    assert one_run["properties"]["summary"]["claims"] == 13


def test_what_is_no_fault_has_no_level(fixtures):
    results = sarif(fixtures / "inj-e02.837", "--all-outcomes")["results"]
    assert {result["kind"] for result in results} >= {"fail", "pass"}
    assert all((result["level"] == "none") == (result["kind"] != "fail") for result in results)


def test_a_name_with_blanks_and_signs_is_an_address(tmp_path):
    path = tmp_path / "a b#%\u00e9.837"
    path.write_bytes(FAULTY)
    (result, *_) = sarif(path)["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert unquote(uri) == path.name


def test_what_was_not_read_is_told(tmp_path):
    (tmp_path / "other.837").write_bytes(INSTITUTIONAL)
    (tmp_path / "right.837").write_bytes(RIGHT)
    (invocation,) = sarif(tmp_path)["invocations"]
    assert not invocation["executionSuccessful"]
    (told,) = invocation["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("other.837: not read: 837 institutional")
    root = junit(tmp_path)
    assert [one.get("name") for one in root.iter("testsuite")] == ["right.837", "other.837"]
    assert root.find(".//error").get("message").startswith("not read: 837 institutional")


def test_a_case_fails_where_a_claim_will_be_refused(fixture_file):
    rows = findings(fixture_file)
    bad = {row["claim"] for row in rows if row["outcome"] == "fail" and row["severity"] != "advise"}
    root = junit(fixture_file) if rows else etree.Element("none")
    failed = {
        case.get("name").partition(": ")[2] or None
        for case in root.iter("testcase")
        if case.find("failure") is not None
    }
    assert failed == bad
    told = "\n".join(one.text for one in root.iter("failure", "system-out"))
    assert all(
        row["message"] in told for row in rows if row["outcome"] == "fail" and row["message"].isascii()
    )


def test_a_claim_that_could_not_be_judged_does_not_pass(tmp_path):
    path = tmp_path / "a.837"
    path.write_bytes(RIGHT.replace(b"20260302", b"20010302"))
    select = ("--no-guide", "--select", "INJ-M")
    assert {row["outcome"] for row in findings(path, *select)} == {"no_data"}
    assert junit(path, *select).get("skipped") == "1"
