"""Approvals: which fix they let pass, until when; what is unused or expired is told; broken files are one line."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from fixing import approving, replacing, settled, text

from scrubber.cli.main import cli
from scrubber.errors import ConfigError
from scrubber.finding import Safety
from scrubber.rewrite.approvals import Approval, Approvals, Named, open_approvals

TODAY = date(2026, 11, 23)
SECOND, THIRD = Named("2", "A4208"), Named("3", "A4215")
SUPPLIES = """
    SV1*HC:96372*30*UN*1***1
    SV1*HC:A4208*2*UN*1***1
    SV1*HC:A4215*1*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    === TEST0002
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    SV1*HC:A4208*2*UN*1***1
"""
ROW = """[[approval]]
rule = "INJ-B22"
claim = "CLAIM1"
line = "2"
code = "A4208"
approver = "A. EXAMPLE, CPC"
reason = "billed by mistake"
until = 2099-12-31
"""
OTHER = ROW.replace('"2"', '"3"').replace("A4208", "A4215")
CLAIM = ROW.replace('line = "2"\ncode = "A4208"\n', "")


def approval(number=1, **more):
    known = {"rule": "INJ-B22", "approver": "A. EXAMPLE", "reason": "seen", "until": date(2099, 1, 1)}
    return Approval(number, **(known | more))


def only(*entries):
    return Approvals(entries, TODAY)


@pytest.fixture
def batch(tmp_path):
    path = tmp_path / "in.837"
    path.write_bytes(text(SUPPLIES))
    return path


def run(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def rewritten(folder, approvals, *more):
    """Run the command on the batch with a file of approvals; give what it did, its output, its record."""
    (folder / "approvals.toml").write_text(approvals)
    args = ["--approvals", folder / "approvals.toml", "--select", "INJ-B22", *more]
    done = run("rewrite", folder / "in.837", "-o", folder / "out.837", "--edits", folder / "edits", *args)
    rows = [json.loads(line) for line in (folder / "edits").read_text().splitlines()]
    return done, (folder / "out.837").read_bytes(), [row for row in rows if row["rule"]]


def test_an_approval_of_one_line_leaves_out_that_line_alone(batch, tmp_path):
    done, out, rows = rewritten(tmp_path, ROW)
    assert done.exit_code == 1, done.output  # findings are left
    assert out.count(b"HC:A4208") == 1
    assert out.count(b"HC:A4215") == 1
    assert out.index(b"HC:A4215") < out.index(b"CLM*CLAIM2") < out.index(b"HC:A4208")
    assert b"CLM*CLAIM1*36*" in out
    assert {row["approver"] for row in rows if row["claim"]} == {"A. EXAMPLE, CPC"}
    assert {row["reason"] for row in rows if row["claim"]} == {"billed by mistake"}
    assert "2 fixes of INJ-B22 put off: it changes what is billed: it needs a named approval" in done.stderr
    assert "approval" not in done.stderr.replace("a named approval", "")


def test_a_line_is_meant_as_it_came_whatever_its_number_became(batch, tmp_path):
    """Line 3 is line 2 once line 2 is left out: an approval of line 2 is none of line 3."""
    _, out, _ = rewritten(tmp_path, ROW + OTHER.replace('"3"', '"4"'))
    assert out.count(b"HC:A4215") == 1
    both, out, rows = rewritten(tmp_path, ROW + OTHER.replace("mistake", "error"))
    assert b"HC:A4215" not in out
    assert "CLAIM1" not in both.stderr
    (removal,) = (row for row in rows if row["before"].startswith("LX*"))  # the two stand side by side
    assert [(one["line"], one["reason"]) for one in removal["by"]] == [
        ("2", "billed by mistake"),
        ("3", "billed by error"),
    ]
    assert removal["reason"] == "billed by mistake; billed by error"


def test_an_approval_of_a_line_is_none_of_the_line_that_has_its_number_in_the_outcome(batch, tmp_path):
    _, out, _ = rewritten(tmp_path, ROW)
    batch.write_bytes(out)  # line 2 is what was line 3
    done, again, _ = rewritten(tmp_path, ROW)
    assert again == out
    assert "approval 1 (INJ-B22, claim CLAIM1, line 2) was not used" in done.stderr


def test_an_approval_of_a_claim_or_of_a_rule_covers_what_is_in_it(batch, tmp_path):
    _, out, _ = rewritten(tmp_path, CLAIM)
    assert out.count(b"HC:A4") == 1
    _, out, _ = rewritten(tmp_path, CLAIM.replace('claim = "CLAIM1"\n', ""))
    assert b"HC:A4" not in out


def test_what_is_unused_and_what_has_expired_is_told(batch, tmp_path):
    old = OTHER.replace("2099-12-31", "2020-01-01")
    other = CLAIM.replace("INJ-B22", "INJ-E01")
    done, out, _ = rewritten(tmp_path, ROW + old + other)
    assert b"HC:A4215" in out
    told = done.stderr.splitlines()
    assert (
        "scrubber: approvals.toml: approval 2 (INJ-B22, claim CLAIM1, line 3) expired on 2020-01-01: take it out, or have it renewed"
        in told
    )
    assert (
        "scrubber: approvals.toml: approval 3 (INJ-E01, claim CLAIM1) was not used: no fix that it covers was made"
        in told
    )
    assert any(
        "put off: approval 2 (INJ-B22, claim CLAIM1, line 3) expired on 2020-01-01: it needs a new one"
        in line
        for line in told
    )
    assert not any("approval 1" in line for line in told)


def test_over_a_folder_an_approval_is_used_when_one_file_used_it(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.837").write_bytes(text("SV1*HC:96372*30*UN*1***1"))
    (folder / "b.837").write_bytes(text(SUPPLIES))
    (tmp_path / "approvals.toml").write_text(ROW)
    done = run(
        "rewrite",
        folder,
        *_to(tmp_path),
        "--approvals",
        tmp_path / "approvals.toml",
        "--select",
        "INJ-B22",
    )
    assert "was not used" not in done.stderr
    assert b"A4208*2*UN*1***1~DTP*472*D8*20260302~LX*3" not in (tmp_path / "out" / "b.837").read_bytes()


def test_the_last_day_counts():
    finding = settled(text(SUPPLIES), *_rules())[0].findings[0]
    one = approval(until=TODAY)
    assert Approvals((one,), TODAY).grant(finding, SECOND) == one
    assert Approvals((one,), date(2026, 11, 24)).grant(finding, SECOND) is None


def test_the_narrowest_approval_answers():
    finding = settled(text(SUPPLIES), *_rules())[0].findings[0]
    wide, claim, line = (
        approval(1),
        approval(2, claim="CLAIM1"),
        approval(3, claim="CLAIM1", line="2", code="A4208"),
    )
    assert only(wide, claim, line).grant(finding, SECOND) == line
    assert only(wide, claim, line).grant(finding, THIRD) == claim
    assert only(wide, claim, line).grant(finding, Named("2", "A4215")) == claim
    assert only(wide, approval(2, claim="CLAIM2")).grant(finding, SECOND) == wide
    assert only(approval(1, rule="INJ-E01")).grant(finding, SECOND) is None
    assert only(approval(7), approval(8)).grant(finding, SECOND).number == 7


def _rules():
    return (replacing("INJ-B22", b"A4208", b"A4208:KX", Safety.SUGGESTED),)


def test_a_refused_fix_uses_no_approval():
    rule = replacing("T01", b"96372*", b"96372:59*", Safety.SUGGESTED)
    given = approving("T01")
    outcome, out = settled(text(), rule, approvals=given)
    assert out == text()
    assert not outcome.used
    assert ["not used" in line for line in given.told(outcome.used)] == [True]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff", "not readable as TOML in UTF-8"),
        ("[[approval]", "not readable as TOML"),
        ("approval = 3", "under [[approval]]"),
        ("approval = [3]", "under [[approval]]"),
        ('[approval]\nrule = "INJ-B22"', "under [[approval]]"),
        ("other = 1", 'key "other" is unknown'),
        (ROW.replace("reason", "raison"), 'approval 1: key "raison" is unknown: did you mean reason?'),
        (ROW.replace('reason = "billed by mistake"', 'reason = " "'), "reason must be a text in quotes"),
        (ROW.replace('"CLAIM1"', "17"), "claim must be a text in quotes"),
        (ROW.replace('approver = "A. EXAMPLE, CPC"\n', ""), "approver is missing"),
        (ROW.replace("until = 2099-12-31\n", ""), "until is missing"),
        (ROW.replace("2099-12-31", '"2099-12-31"'), "until must be a date without quotes"),
        (ROW.replace("2099-12-31", "2099-12-31T00:00:00"), "until must be a date without quotes"),
        (ROW + ROW.replace("INJ-B22", "INJ-B"), 'approval 2: rule "INJ-B" is unknown'),
        (ROW.replace("INJ-B22", "INJ-b22"), "did you mean INJ-B22?"),
        (ROW.replace('claim = "CLAIM1"\n', ""), "a line needs the claim"),
        (ROW.replace('line = "2"\n', ""), "a line needs the claim"),
        (ROW.replace('code = "A4208"\n', ""), "and the code that stands on it"),
    ],
)
def test_a_broken_file_is_one_clear_line_and_exit_2(batch, tmp_path, content, says):
    path = tmp_path / "approvals.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError):
        open_approvals(path, TODAY)
    done = run("rewrite", batch, *_to(tmp_path), "--approvals", path)
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"scrubber: {path}: ")
    assert says in line
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_and_one_that_would_be_overwritten(batch, tmp_path):
    path = tmp_path / "approvals.toml"
    done = run("rewrite", batch, *_to(tmp_path), "--approvals", path)
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr
    path.write_text(ROW)
    for args in (_to(tmp_path, out=path), _to(tmp_path, edits=path)):
        done = run("rewrite", batch, "--approvals", path, *args)
        assert done.exit_code == 2
        assert "is an input" in done.stderr
        assert path.read_text() == ROW
    assert not (tmp_path / "out").exists()


def _to(folder, out=None, edits=None):
    return "-o", out or folder / "out", "--edits", edits or folder / "edits.jsonl"


def test_a_change_of_what_is_billed_is_always_recorded(batch, tmp_path):
    path = tmp_path / "approvals.toml"
    path.write_text(ROW)
    done = run("rewrite", batch, "-o", tmp_path / "out", "--approvals", path)
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("must be on record: add --edits FILE")
    assert not (tmp_path / "out").exists()
    assert run("rewrite", batch, "--diff", "--approvals", path, "--fail-on", "never").exit_code == 0
    assert run("rewrite", batch, *_to(tmp_path), "--approvals", path, "--fail-on", "never").exit_code == 0


def test_an_empty_file_approves_nothing(batch, tmp_path):
    done, out, rows = rewritten(tmp_path, "# none yet\n")
    assert out == batch.read_bytes()
    assert rows == []
    assert "needs a named approval" in done.stderr


def test_the_help_documents_the_file():
    told = run("rewrite", "--help").output
    assert "this takes --edits" in " ".join(told.split())
    for key in ("[[approval]]", "rule =", "claim =", "line =", "approver =", "reason =", "until ="):
        assert key in told


def test_the_difference_shows_a_line_that_is_left_out(batch, tmp_path):
    (tmp_path / "approvals.toml").write_text(ROW)
    done = run(
        "rewrite", batch, "--diff", "--approvals", tmp_path / "approvals.toml", "--select", "INJ-B22", "-q"
    )
    assert done.stdout.splitlines() == [
        "in.837: claim CLAIM1 line 2 2400/SV101-02: INJ-B22 leave out A4208, a supply",
        "- CLM*CLAIM1*38***11:B:1*Y*A*Y*Y~",
        "+ CLM*CLAIM1*36***11:B:1*Y*A*Y*Y~",
        "in.837: claim CLAIM1 line 2 2400/SV101-02: INJ-B22 leave out A4208, a supply",
        "- LX*2~",
        "- SV1*HC:A4208*2*UN*1***1~",
        "- DTP*472*D8*20260302~",
        "in.837: claim CLAIM1 line 2 2400/SV101-02: INJ-B22 leave out A4208, a supply",
        "- LX*3~",
        "+ LX*2~",
        "in.837: claim CLAIM1 line 2 2400/SV101-02: INJ-B22 leave out A4208, a supply",
        "- LX*4~",
        "+ LX*3~",
        "in.837: ST_LOOP/SE01: RECOUNT count the segments anew",
        "- SE*55*0001~",
        "+ SE*52*0001~",
    ]
