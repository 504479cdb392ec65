"""``scrubber ledger``: what it lists, what it decides, what it says when it cannot."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from commands import run
from ledgercases import claim, record, run_for

from scrubber.ledger import Alarm, Artefact, HoldState, open_ledger

NOW = datetime.now(UTC)
HELD_AT = NOW - timedelta(days=3, hours=5)
FORMS = ("text", "json", "csv")


@pytest.fixture
def outbox(tmp_path):
    """An outbox whose ledger has a run with a claim that is held, and one of nothing."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    fill(folder / "ledger.sqlite")
    return folder


def fill(where):
    alarm = Alarm("INJ-E02", "deny", "fail", ("1",), "2400/SV101-03", 2500, {"visit": "99213"}, "hold")
    held = claim(2, "=CLM\x1b2", held=True, at=HELD_AT, alarms=(alarm,))
    claims = [claim(1, at=HELD_AT), replace(held, timely=(NOW + timedelta(days=9)).date())]
    first = replace(
        run_for(claims, at=HELD_AT), tables=(("mue", "2026-10"),),
        artefacts=(Artefact("released/sample.837", "ab" * 32),),
    )  # fmt: skip
    with open_ledger(where) as ledger:
        record(ledger, first, claims)
        record(ledger, replace(run_for([], "empty", NOW), name="empty.837"), [])


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_runs_are_listed(outbox):
    done = run("ledger", "runs", outbox)
    assert done.code == 0
    first, second, last = done.text.splitlines()
    assert first.split()[0] == "1"
    assert "sample.837" in first
    assert "held 1 25.00" in first
    assert "empty.837" in second
    assert last == "2 runs, 2 claims, 1 held"
    data = json.loads(run("ledger", "runs", outbox, "--format", "json").text)
    assert (data["schema"], data["ledger"]) == ("scrubber.ledger.runs/1", str(outbox / "ledger.sqlite"))
    assert [one["run"] for one in data["runs"]] == [1, 2]
    assert data["runs"][0]["held_charge"] == "25.00"
    assert data["runs"][0]["tables"] == {"mue": "2026-10"}
    assert data["runs"][0]["artefacts"] == {"released/sample.837": "ab" * 32}
    found = rows(run("ledger", "runs", outbox, "--format", "csv").text)
    assert [(one["run"], one["received_claims"], one["received_charge"]) for one in found] == [
        ("1", "2", "50.00"), ("2", "0", "0.00"),
    ]  # fmt: skip


def test_runs_and_claims_of_some_days_only(outbox):
    today = NOW.date().isoformat()
    for what, count in (("runs", 1), ("claims", 0)):
        data = json.loads(run("ledger", what, outbox, "--since", today, "--format", "json").text)
        assert len(data[what]) == count
        data = json.loads(run("ledger", what, outbox, "--until", today, "--format", "json").text)
        assert len(data[what]) == (1 if what == "runs" else 2)


def test_claims_are_listed_with_lines_and_findings(outbox):
    data = json.loads(run("ledger", "claims", outbox, "--format", "json").text)["claims"]
    assert [(one["claim"], one["disposition"], one["charge"]) for one in data] == [
        ("CLM1", "released", "25.00"), ("=CLM\x1b2", "held", "25.00"),
    ]  # fmt: skip
    assert data[0]["lines"][0]["code"] == "96372"
    assert data[0]["lines"][0]["modifiers"] == ["59"]
    assert data[1]["findings"][0]["rule"] == "INJ-E02"
    assert data[1]["findings"][0]["evidence"] == {"visit": "99213"}
    assert {"person", "member"} & set(data[0]) == set()
    text = run("ledger", "claims", outbox).text
    assert "96372:59" in text
    assert "INJ-E02" in text
    assert text.splitlines()[-1] == "2 claims, 50.00 dollars"
    for more, ids in (
        (("--run", "1"), ["CLM1", "=CLM\x1b2"]), (("--run", "2"), []), (("--claim", "CLM1"), ["CLM1"]),
        (("--disposition", "held"), ["=CLM\x1b2"]), (("--disposition", "fixed", "--disposition", "released"), ["CLM1"]),
    ):  # fmt: skip
        found = json.loads(run("ledger", "claims", outbox, "--format", "json", *more).text)["claims"]
        assert [one["claim"] for one in found] == ids


def test_holds_are_listed_with_their_age_and_the_end_of_timely_filing(outbox):
    lines = run("ledger", "holds", outbox).text.splitlines()
    assert "3 d 5 h" in lines[0]
    assert "(9 days)" in lines[0]
    assert "INJ-E02" in lines[1]
    assert lines[-1] == "1 hold, 25.00 dollars, the oldest 3 d 5 h"
    (hold,) = json.loads(run("ledger", "holds", outbox, "--format", "json").text)["holds"]
    assert (hold["hold"], hold["state"], hold["age_hours"], hold["days_left"]) == (1, "new", 77, 9)
    assert (hold["rules"], hold["file"], hold["run"]) == (["INJ-E02"], "sample.837", 1)


@pytest.mark.parametrize("what", ["runs", "claims", "holds"])
@pytest.mark.parametrize("form", FORMS)
def test_lists_do_not_steer_a_terminal_or_a_spreadsheet(outbox, what, form):
    text = run("ledger", what, outbox, "--format", form).text
    assert "\x1b" not in text or form == "csv"
    if form == "csv" and what != "runs":
        assert "'=CLM" in text


@pytest.mark.parametrize("what", ["runs", "claims", "holds"])
@pytest.mark.parametrize("form", FORMS)
def test_an_empty_ledger_is_listed_too(tmp_path, what, form):
    with open_ledger(tmp_path / "ledger.sqlite"):
        pass
    done = run("ledger", what, tmp_path, "--format", form)
    assert (done.code, done.err) == (0, "")
    if form == "json":
        assert json.loads(done.text)[what] == []
    else:
        assert len(done.text.splitlines()) == 1


def test_an_output_file_appears(outbox, tmp_path):
    path = tmp_path / "runs.csv"
    assert run("ledger", "runs", outbox, "--format", "csv", "-o", path).text == ""
    assert len(rows(path.read_text())) == 2


def test_a_hold_is_released_and_cancelled(outbox):
    done = run("ledger", "release", outbox, "1", "--user", "ann", "--reason", "chart seen")
    assert (done.code, done.text) == (0, "hold 1 (claim =CLM?2) is released\n")
    assert run("ledger", "holds", outbox).text == "0 holds, 0.00 dollars\n"
    assert "released by ann on " in run("ledger", "holds", outbox, "--state", "released").text
    (hold,) = json.loads(run("ledger", "holds", outbox, "--state", "all", "--format", "json").text)["holds"]
    event = hold["history"][-1]
    assert (event["user"], event["reason"], event["state"]) == ("ann", "chart seen", "released")
    assert abs(datetime.fromisoformat(event["at"]) - datetime.now(UTC)) < timedelta(minutes=5)
    again = run("ledger", "release", outbox, "1", "--user", "bob", "--reason", "me too")
    assert (again.code, again.err) == (2, "scrubber: hold 1: is released already\n")
    assert run("ledger", "cancel", outbox, "1", "--user", "bob", "--reason", "no").code == 0
    with open_ledger(outbox / "ledger.sqlite") as ledger:
        assert next(ledger.holds()).state is HoldState.CANCELLED


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("release", "{outbox}", "1"), "missing option"),
        (("release", "{outbox}", "1", "--user", "ann"), "missing option"),
        (("release", "{outbox}", "--user", "ann", "--reason", "x"), "name a hold"),
        (
            ("release", "{outbox}", "one", "--user", "ann", "--reason", "x"),
            '"one" is not the number of a hold',
        ),
        (("cancel", "{outbox}", "7", "--user", "ann", "--reason", "x"), "hold 7: there is none"),
        (("cancel", "{outbox}", "1", "--user", "ann", "--reason", " "), "name the user and the reason"),
        (("runs",), "name the outbox, or a ledger with --ledger"),
        (("runs", "{outbox}", "--ledger", "x"), "name the outbox, or a ledger with --ledger"),
        (("runs", "{outbox}/nowhere"), "there is no ledger"),
        (("holds", "--ledger", "oracle://x"), "no database for a ledger"),
        (("hold", "{outbox}"), "no such command"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(outbox, arguments, says):
    done = run("ledger", *(one.format(outbox=outbox) for one in arguments))
    assert done.code == 2
    assert says in done.err.lower() or says in done.err
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err


def test_a_ledger_of_a_server_is_named_by_its_url(postgres):
    url = postgres.url()
    fill(url)
    assert run("ledger", "runs", "--ledger", url).text.endswith("2 runs, 2 claims, 1 held\n")
    data = json.loads(run("ledger", "runs", "--ledger", url, "--format", "json").text)
    assert data["ledger"] == "postgresql://tester@/postgres"
    assert run("ledger", "release", "1", "--ledger", url, "--user", "ann", "--reason", "seen").code == 0
    assert "released by ann" in run("ledger", "holds", "--ledger", url, "--state", "all").text


def test_help_says_what_a_release_does():
    text = " ".join(run("ledger", "release", "--help").text.split())
    assert "the next time that the claim comes in" in text
    assert "Nothing is sent by this" in text


def test_a_day_of_service_may_be_missing(tmp_path):
    held = replace(claim(held=True), first_day=None, last_day=None, cents=None, timely=date(2020, 1, 1))
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        record(ledger, run_for([held]), [held])
    text = run("ledger", "holds", tmp_path).text
    assert "no date" in text
    assert "?" in text
    assert "days)" in text
