"""What becomes of a claim with a finding: by rule, severity, payer; fixes, notes, approvals."""

from __future__ import annotations

import json
import tomllib
from datetime import date

import pytest
from batches import AT, FAULTY, RIGHT, Heard, check_outbox, claims, go, tree
from commands import run

import loops
from scrubber.batch.policy import Action, Policy, Wishes, read_policy
from scrubber.errors import ConfigError
from scrubber.finding import Finding, Outcome, Severity
from scrubber.ledger import open_ledger
from scrubber.rewrite.approvals import open_approvals

FIXABLE = """
    SV1*HC:99213:25*100*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*0143-9619-01
    CTP****1*ML
"""
BOTH = FIXABLE.replace("99213:25", "99213")  # one fault that can be mended, and one that cannot
CODES = ("INJ-E01", "INJ-E02", "INJ-D05", "X12-NPI", "X12-ZIP")
PAYERS = ("medicare", "commercial", "aetna")


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def policy(text: str, name: str | None = None) -> Policy:
    return read_policy(tomllib.loads(text), name, CODES, PAYERS)


def finding(rule="INJ-E02", severity="deny", outcome="fail", payer="commercial"):
    return Finding(
        rule=rule, name="", severity=Severity(severity), outcome=Outcome(outcome), message="", file="", isa13="",
        gs06="", st02="", claim="A", claim_index=1, line=None, lines=(), place="", segment=None, byte_start=0,
        byte_end=0, service_date=date(2026, 1, 1), payer_class=payer,
    )  # fmt: skip


# --- the policy as it is told ---


def test_without_a_word():
    plain = policy("")
    assert plain.action(finding()) == "hold"
    assert plain.action(finding(severity="reject")) == "hold"
    assert plain.action(finding(severity="advise")) == "release"
    assert plain.action(finding(outcome="no_data")) == "release"
    assert plain.action(finding(outcome="bypassed")) == "release"


@pytest.mark.parametrize("name", ["hold", "annotate", "rewrite"])
def test_a_fault_of_the_guide_is_held_whatever_the_policy(name):
    assert policy("", name).action(finding("X12-NPI", "reject")) == "hold"
    assert policy("severities.reject = 'release'", name).action(finding("X12-NPI", "reject")) == "hold"
    assert policy("rules.X12-NPI = 'release'", name).action(finding("X12-NPI", "reject")) == "release"
    assert policy("", name).action(finding(severity="deny")) == name


def test_what_is_nearer_decides():
    told = policy(
        """
        policy = "hold"
        [severities]
        deny = "annotate"
        no_data = "hold"
        [rules]
        INJ-E = "release"
        INJ-E02 = "hold"
        [payers.medicare]
        policy = "rewrite"
        [payers.medicare.rules]
        INJ-E0 = "annotate"
        [payers.aetna.severities]
        deny = "release"
        """
    )
    assert told.action(finding("INJ-E02")) == "hold"
    assert told.action(finding("INJ-E01")) == "release"
    assert told.action(finding("INJ-D05")) == "annotate"
    assert told.action(finding("INJ-D05", "reject")) == "hold"
    assert told.action(finding("INJ-D05", outcome="no_data")) == "hold"
    assert told.action(finding("INJ-E02", payer="medicare")) == "annotate"
    assert told.action(finding("INJ-D05", payer="medicare")) == "rewrite"
    assert told.action(finding("INJ-D05"), "aetna") == "release"
    assert told.action(finding("INJ-E02"), "aetna") == "hold"
    assert Policy(Wishes(Action.HOLD), told.payers).as_dict()["payers"]["aetna"] == {
        "severities": {"deny": "release"}
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("policy = 'holt'", "batch.policy must be one of hold, annotate, rewrite: did you mean hold?"),
        ("policy = 'release'", "batch.policy must be one of"),
        ("severities.denie = 'hold'", 'batch.severities: "denie" is none: did you mean deny?'),
        ("rules.INJ-E99 = 'hold'", 'batch.rules: no rule begins with "INJ-E99"'),
        ("rules.INJ-E02 = 'stop'", "batch.rules.INJ-E02 must be one of"),
        ("rules = 'hold'", "batch.rules must be a table"),
        ("payers.medicar.policy = 'hold'", 'payer "medicar" is unknown: did you mean medicare?'),
        ("payers.medicare.rule = 'hold'", 'batch.payers.medicare: key "rule" is unknown'),
    ],
)
def test_what_cannot_be_used(text, says):
    with pytest.raises(ConfigError) as fault:
        policy(text)
    assert says in str(fault.value)


def test_from_the_configuration(inbox, tmp_path):
    (inbox / "a.837").write_bytes(claims(FAULTY, RIGHT))
    config = tmp_path / "scrubber.toml"

    def batch(text, *args):
        config.write_text(text)
        out = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        ran = run("batch", inbox, "-o", out, "--config", config, *args)
        return ran, sorted(tree(out / "held")) if out.exists() else None

    assert batch("[batch]\nsettle = 0")[1] == ["a.837"]
    assert batch('[batch]\nsettle = 0\npolicy = "annotate"')[1] == []
    assert batch('[batch]\nsettle = 0\npolicy = "annotate"', "--policy", "hold")[1] == ["a.837"]
    assert batch('[batch]\nsettle = 0\n[batch.rules]\nINJ-E02 = "release"')[1] == []
    assert batch('[batch]\nsettle = 0\n[batch.payers.commercial.rules]\nINJ-E02 = "release"')[1] == []
    assert batch('[batch]\nsettle = 0\n[batch.payers.medicare.rules]\nINJ-E02 = "release"')[1] == ["a.837"]
    ran, held = batch("[batch]\nsettel = 0")
    assert (ran.code, held) == (2, None)
    assert 'batch: key "settel" is unknown: did you mean settle?' in ran.err
    assert run("check", inbox, "--config", config).code == 1  # the table is of the batch step alone
    config.write_text('batch = "hold"')
    assert "batch must be a table" in run("batch", inbox, "-o", tmp_path / "o", "--config", config).err


# --- what they do ---


def findings(outbox):
    lines = (outbox / "reports/a.837.findings.jsonl").read_bytes().splitlines()
    return {(row["claim"], row["rule"]): row["disposition"] for row in map(json.loads, lines)}


def dispositions(outbox):
    with open_ledger(outbox / "ledger.sqlite") as book:
        return {claim.id: str(claim.disposition) for claim in book.claims()}


def test_rewrite(inbox, tmp_path):
    """What can be mended is, and released; the rest is held as it came."""
    outbox, data = tmp_path / "out", claims(FIXABLE, BOTH, RIGHT)
    (inbox / "a.837").write_bytes(data)
    go(inbox, outbox, policy=policy("", "rewrite"))
    check_outbox(inbox, outbox)
    assert dispositions(outbox) == {"CLAIM1": "fixed", "CLAIM2": "held", "CLAIM3": "released"}
    found = findings(outbox)
    assert found["CLAIM1", "INJ-D05"] == "fixed"
    assert found["CLAIM2", "INJ-E02"] == "hold"
    released, held = (loops.read(outbox / kind / "a.837") for kind in ("released", "held"))
    assert [claim.lines[-1].drug.ndc for claim in released.claims()] == ["00143961901", "00143961901"]
    came = loops.read(data)
    start, end = came.index.claim_start[1], came.index.claim_end[1]
    assert data[start:end] in bytes(held.source.data), "what is held is as it came"
    record = [json.loads(line) for line in (outbox / "reports/a.837.edits.jsonl").read_bytes().splitlines()]
    assert [(one["claim"], one["rule"]) for one in record] == [("CLAIM1", "INJ-D05")]


def test_nothing_to_mend(inbox, tmp_path):
    (inbox / "a.837").write_bytes(claims(RIGHT))
    go(inbox, tmp_path / "out", policy=policy("", "rewrite"))
    assert (tmp_path / "out/released/a.837").read_bytes() == claims(RIGHT)
    assert not list((tmp_path / "out/reports").glob("*.edits.jsonl"))


def test_only_the_rules_that_are_named_mend(inbox, tmp_path):
    (inbox / "a.837").write_bytes(claims(FIXABLE))
    go(inbox, tmp_path / "out", policy=policy("rules.INJ-D05 = 'hold'", "rewrite"))
    assert dispositions(tmp_path / "out") == {"CLAIM1": "held"}
    go(inbox, tmp_path / "out2", policy=policy("rules.INJ-D05 = 'rewrite'"))
    assert dispositions(tmp_path / "out2") == {"CLAIM1": "fixed"}


def test_annotate(inbox, tmp_path):
    outbox, data = tmp_path / "out", claims(FAULTY, RIGHT)
    (inbox / "a.837").write_bytes(data)
    go(inbox, outbox, policy=policy("", "annotate"))
    check_outbox(inbox, outbox)
    assert dispositions(outbox) == {"CLAIM1": "annotated", "CLAIM2": "released"}
    assert findings(outbox)["CLAIM1", "INJ-E02"] == "annotated"
    released = (outbox / "released/a.837").read_bytes()
    note = b"NTE*TPO*SCRUB E02 DENY~"
    assert released.count(note) == 1
    segments = data.count(b"~", data.index(b"~ST*") + 1, data.index(b"~GE*") + 1)
    assert released.replace(note, b"").replace(b"SE*%d*" % (segments + 1), b"SE*%d*" % segments) == data


def test_annotated_and_held(inbox, tmp_path):
    """A claim with a note of one rule and a hold of another is held, without the note."""
    outbox, data = tmp_path / "out", claims(BOTH, FAULTY)
    (inbox / "a.837").write_bytes(data)
    go(inbox, outbox, policy=policy("rules.INJ-D05 = 'hold'", "annotate"))
    check_outbox(inbox, outbox)
    assert dispositions(outbox) == {"CLAIM1": "held", "CLAIM2": "annotated"}
    assert b"NTE*" not in (outbox / "held/a.837").read_bytes()
    assert findings(outbox)["CLAIM1", "INJ-E02"] == "pass"


def test_mended_and_annotated(inbox, tmp_path):
    outbox = tmp_path / "out"
    (inbox / "a.837").write_bytes(claims(BOTH, FIXABLE))
    go(inbox, outbox, policy=policy("rules.INJ-D05 = 'rewrite'", "annotate"))
    check_outbox(inbox, outbox)
    assert dispositions(outbox) == {"CLAIM1": "annotated", "CLAIM2": "fixed"}
    batch = loops.read(outbox / "released/a.837")
    assert [claim.lines[2].drug.ndc for claim in batch.claims()] == ["00143961901"] * 2
    record = [json.loads(line) for line in (outbox / "reports/a.837.edits.jsonl").read_bytes().splitlines()]
    assert [one["rule"] for one in record] == ["INJ-D05", "INJ-D05", "INJ-E02", "RECOUNT"]
    assert record[1]["sha256_after"] == record[2]["sha256_before"]


def test_approvals_change_what_is_billed_and_the_account_says_so(inbox, tmp_path, fixtures):
    """A nurse visit beside the injection (INJ-E01) is left out, by a named approval."""
    outbox = tmp_path / "out"
    (inbox / "a.837").write_bytes((fixtures / "inj-e01.837").read_bytes())
    file = tmp_path / "approvals.toml"
    file.write_text(
        '[[approval]]\nrule = "INJ-E01"\napprover = "A. Example, CPC"\nreason = "documented"\nuntil = 2026-12-31\n'
    )
    ran = run(
        "batch", inbox, "-o", outbox, "--settle", "0", "--policy", "rewrite", "--approvals", file, "--quiet"
    )
    assert ran.code == 0, ran.err
    check_outbox(inbox, outbox)
    told = json.loads((outbox / "reports/a.837.run.json").read_bytes())
    assert told["changes"]["billed_claims"] > 0
    totals = told["totals"]
    assert totals["received"]["claims"] == totals["released"]["claims"] + totals["held"]["claims"]
    assert (
        totals["received"]["lines"]
        == totals["released"]["lines"] + totals["held"]["lines"] + told["changes"]["billed_claims"]
    )
    assert open_approvals(file, AT.date()).entries


def test_what_is_put_off_is_told(inbox, tmp_path, fixtures):
    (inbox / "a.837").write_bytes((fixtures / "inj-e01.837").read_bytes())
    go(inbox, tmp_path / "out", policy=policy("", "rewrite"), log=Heard())
    told = json.loads((tmp_path / "out/reports/a.837.run.json").read_bytes())["changes"]
    assert {"rule": "INJ-E01", "reason": "it changes what is billed: it needs a named approval"}.items() <= {
        key: value for one in told["put_off"] if one["rule"] == "INJ-E01" for key, value in one.items()
    }.items()


def test_waivers(inbox, tmp_path):
    """A fault that the site puts up with holds nothing; a waiver that has ended is told."""
    (inbox / "a.837").write_bytes(claims(FAULTY, FAULTY))
    file = tmp_path / "waivers.toml"
    row = '[[waiver]]\nrule = "INJ-E02"\nclaim = "CLAIM{}"\nreason = "agreed"\nuntil = {}\n'
    file.write_text(row.format(1, "2999-12-31") + row.format(2, "2020-01-01"))
    ran = run("batch", inbox, "-o", tmp_path / "out", "--settle", "0", "--waivers", file)
    assert ran.code == 1
    check_outbox(inbox, tmp_path / "out")
    assert dispositions(tmp_path / "out") == {"CLAIM1": "released", "CLAIM2": "held"}
    notes = [one["text"] for one in map(json.loads, ran.err.splitlines()) if one["event"] == "note"]
    assert len(notes) == 1
    assert "ended on 2020-01-01" in notes[0]
