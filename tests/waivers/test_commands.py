"""``--waivers FILE`` of the commands, and ``explain`` of the codes that are about no claim."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from commands import FAULTY, RIGHT, run

import scrubber
from scrubber.enginefaults import CATALOGUE
from scrubber.sample.fragment import batch

LONG_AGO, FAR_AWAY = "2020-01-31", "2999-12-31"
FORM = batch(
    """
    HI*ABK:D510
    SV1*HC:96372*30*UN*1***1
    REF*6R*L1
    SV1*HC:J3420*5*UN*1***1
    REF*6R*L2
    LIN**N4*00143-9619-01
    CTP****1*ML
    """
).encode()  # INJ-D05, whose fix changes the form only


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "faulty.837").write_bytes(FAULTY)
    (tmp_path / "in" / "right.837").write_bytes(RIGHT)
    (tmp_path / "in" / "form.837").write_bytes(FORM)
    return tmp_path


def waivers(folder: Path, *entries: str, until: str = FAR_AWAY) -> Path:
    """A file of waivers; an entry is the rule, then what it names (``claim=CLAIM1``)."""
    path = folder / "waivers.toml"
    rows = []
    for entry in entries:
        rule, *whose = entry.split()
        named = "\n".join(f'{key} = "{value}"' for key, _, value in (one.partition("=") for one in whose))
        rows.append(f'[[waiver]]\nrule = "{rule}"\n{named}\nreason = "a test"\nuntil = {until}\n')
    path.write_text("\n".join(rows))
    return path


def test_check_counts_what_is_waived_and_does_not_fail_for_it(folder):
    path = folder / "in" / "faulty.837"
    assert run("check", path).code == 1
    ran = run("check", path, "--waivers", waivers(folder, "INJ-E02 claim=CLAIM1"))
    assert ran.code == 0
    assert "INJ-E02" not in ran.text
    assert "Not shown: 1 waived; --all-outcomes shows them." in ran.text
    assert "ENG-" not in ran.text
    shown = run("check", path, "--waivers", folder / "waivers.toml", "--all-outcomes").text
    assert "  waived  INJ-E02" in shown
    assert "waived until 2999-12-31: a test" in shown


def test_every_form_lists_what_is_waived(folder):
    path, file = folder / "in" / "faulty.837", waivers(folder, "INJ-E02 claim=CLAIM1")

    def told(form: str) -> str:
        ran = run("check", path, "--waivers", file, "--format", form)
        assert (ran.code, ran.err) == (0, "")
        return ran.text

    rows = [json.loads(line) for line in told("jsonl").splitlines()]
    assert [(row["rule"], row["disposition"]) for row in rows if row["outcome"] == "waived"] == [
        ("INJ-E02", "pass")
    ]
    document = json.loads(told("json"))
    assert document["summary"]["outcomes"]["waived"] == 1
    assert document["summary"]["severities"]["deny"] == 0
    assert [
        row["outcome"] for row in csv.DictReader(io.StringIO(told("csv"))) if row["rule"] == "INJ-E02"
    ] == ["waived"]
    (result,) = [one for one in json.loads(told("sarif"))["runs"][0]["results"] if one["ruleId"] == "INJ-E02"]
    assert (result["kind"], result["level"]) == ("fail", "warning")
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "a test (waiver 1, until 2999-12-31)"}
    ]
    assert "waived: deny INJ-E02" in told("junit")
    assert 'failures="0"' in told("junit")
    assert "Not shown: 1 waived" in told("html")


@pytest.mark.parametrize("jobs", [1, 2])
def test_waivers_that_expired_or_met_nothing_are_findings_of_the_run(folder, jobs):
    file = waivers(folder, "INJ-E02 claim=CLAIM1", "INJ-D05 claim=CLAIM1", "INJ-E02 claim=GONE")
    ran = run("check", folder / "in", "--waivers", file, "--jobs", jobs, "--format", "jsonl")
    rows = [json.loads(line) for line in ran.text.splitlines()]
    assert [(row["rule"], row["file"], row["place"]) for row in rows if row["rule"].startswith("ENG")] == [
        ("ENG-05", "waivers.toml", "waiver 3")
    ]
    assert {row["file"] for row in rows if row["outcome"] == "waived"} == {"faulty.837", "form.837"}
    assert ran.code == 0
    assert (
        run(
            "check",
            folder / "in",
            "--waivers",
            file,
            "--jobs",
            jobs,
            "--fail-on",
            "advise",
            "--ignore",
            "INJ-A07,X12",
        ).code
        == 1
    )


@pytest.mark.parametrize("form", ["text", "jsonl", "json", "csv", "sarif", "html", "junit"])
def test_every_form_tells_of_an_expired_waiver(folder, form):
    file = waivers(folder, "INJ-E02 claim=CLAIM1", until=LONG_AGO)
    ran = run("check", folder / "in" / "faulty.837", "--waivers", file, "--format", form)
    assert ran.code == 1, "the fault counts again"
    says = "waiver 1 (INJ-E02, claim CLAIM1) ended on 2020-01-31: renew it, or take it out"
    assert says in " ".join(ran.text.split())


def test_text_has_one_heading_for_all_that_is_said_of_waivers(folder):
    file = waivers(folder, "INJ-D05 claim=A", "INJ-D05 claim=B")
    text = run("check", folder / "in" / "right.837", "--waivers", file).text
    assert text.count("waivers.toml\n") == 1
    assert text.count("met no finding") == 2


def test_rewrite_leaves_what_is_waived_alone(folder):
    path, out = folder / "in" / "form.837", folder / "out.837"
    assert run("rewrite", path, "-o", out).code == 0
    assert out.read_bytes() != FORM
    ran = run(
        "rewrite", path, "-o", out, "--waivers", waivers(folder, "INJ-D05 claim=CLAIM1", "INJ-E02 claim=GONE")
    )
    assert out.read_bytes() == FORM
    assert ran.lines[-2:] == [
        "scrubber: 1 finding waived",
        "scrubber: waivers.toml: waiver 2 (INJ-E02, claim GONE) met no finding: take it out, or mend what it names",
    ]


def test_annotate_puts_no_note_for_what_is_waived(folder):
    path, out = folder / "in" / "faulty.837", folder / "out.837"
    assert run("annotate", path, "-o", out, "--as", "nte").code == 1
    assert b"E02 DENY" in out.read_bytes()
    ran = run(
        "annotate", path, "-o", out, "--as", "nte", "--waivers", waivers(folder, "INJ-E02 claim=CLAIM1")
    )
    assert ran.code == 0
    assert b"E02" not in out.read_bytes()
    assert "scrubber: 1 finding waived" in ran.lines


def test_the_configuration_names_the_file_beside_it(folder, monkeypatch):
    waivers(folder, "INJ-E02 claim=CLAIM1")
    (folder / "scrubber.toml").write_text('waivers = "waivers.toml"\n')
    assert run("check", folder / "in" / "faulty.837", "--config", folder / "scrubber.toml").code == 0


def test_a_wrong_file_ends_the_run_before_it_begins(folder):
    file = waivers(folder, "INJ-E99 claim=CLAIM1")
    for args in (("check",), ("rewrite", "--diff"), ("annotate", "--as", "nte", "-o", folder / "out.837")):
        ran = run(*args, folder / "in" / "faulty.837", "--waivers", file)
        assert (ran.code, ran.text, len(ran.lines)) == (2, "", 1)
        assert 'waiver 1: rule "INJ-E99" is unknown: did you mean INJ-E' in ran.lines[0]


@pytest.mark.parametrize("code", CATALOGUE)
def test_explain_knows_the_codes_that_are_about_no_claim(code):
    ran = run("explain", code.lower())
    fault = CATALOGUE[code]
    assert ran.code == 0
    assert ran.text.startswith(f"{code}  {fault.name}  {fault.severity}\n")
    words = " ".join(ran.text.split())
    assert fault.meaning in words
    assert fault.cure in words
    told = json.loads(run("explain", code, "--format", "json").text)
    assert told == {
        "code": code,
        "name": fault.name,
        "severity": fault.severity,
        "meaning": fault.meaning,
        "cure": fault.cure,
    }


def test_explain_of_a_code_that_is_none():
    ran = run("explain", "ENG-99")
    assert (ran.code, ran.lines) == (
        2,
        [f'scrubber: no code "ENG-99": those that begin with ENG- are {", ".join(CATALOGUE)}'],
    )


def test_every_code_in_the_source_is_in_the_catalogue():
    sources = Path(scrubber.__file__).parent.rglob("*.py")
    used = {code for path in sources for code in re.findall(r"\bENG-\d\d\b", path.read_text("utf-8"))}
    assert used == set(CATALOGUE)
