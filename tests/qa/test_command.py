"""``scrubber qa``: sources of claims, forms, exit codes, and nothing of persons in anything."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from commands import run

from scrubber.finding import Outcome
from scrubber.ledger import open_ledger
from scrubber.qa.result import COUNTED
from scrubber.sample.fragment import batch

from .answered import denied, noted, paid, remittance, reversal, status

FORMS = ("text", "json", "csv", "xlsx", "html")


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with claims and answers of a small month."""
    folder = tmp_path_factory.mktemp("exchange")
    ran = run("sample", "-n", 300, "--days", 15, "-o", folder / "claims", "--answers", folder / "answers")
    assert ran.code == 0
    return folder


@pytest.fixture(scope="session")
def outboxes(exchange: Path) -> dict[str, Path]:
    """Outboxes of the batch step: claims with a fault held, and sent with a note."""
    made = {}
    for policy in ("hold", "annotate"):
        made[policy] = exchange / f"out-{policy}"
        ran = run("batch", exchange / "claims", "-o", made[policy], "--policy", policy, "--settle", 0, "-q")
        assert ran.code in (0, 1)
    return made


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """One claim with a fault (a visit without 25) and its answers."""
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "few.837").write_text(CLAIM, encoding="ascii")
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "x.277").write_bytes(status(noted("A7:453*20261009*U*135")))
    return tmp_path


CLAIM = batch(
    """
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    """,
    "20261005",
)


def qa(*args: object):
    return run("qa", *args)


def result(*args: object):
    ran = qa(*args, "--format", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def truth(exchange: Path):
    return json.loads((exchange / "answers.truth.json").read_text())


def test_claims_scrubbed_on_the_fly(exchange):
    told, meant = result("--claims", exchange / "claims", "--answers", exchange / "answers"), truth(exchange)
    assert told["schema"] == "scrubber.qa/1"
    for key in (*COUNTED, "dollars", "match_rate", "answers"):
        assert told[key] == meant[key], key
    assert (told["about"]["mode"], len(told["claims"])) == ("scrubbed", meant["submitted"])


def test_the_keys_of_the_contract(few):
    told = result("--claims", few / "claims", "--answers", few / "answers")
    assert {
        *COUNTED,
        "match_rate",
        "unmatched",
        "dollars",
        "by_rule",
        "missed_groups",
        "by_payer",
        "by_cause",
        "by_week",
    } <= set(told)
    assert set(told["dollars"]) == set(COUNTED)
    assert all(re.fullmatch(r"\d+\.\d\d", value) for value in told["dollars"].values())
    (rule,) = [one for one in told["by_rule"] if one["rule"] == "INJ-E02"]
    assert {
        "rule",
        "alarms",
        "caught",
        "false_alarms",
        "precision",
        "precision_low",
        "precision_high",
        "dollars",
    } <= set(rule)
    assert (rule["alarms"], rule["caught"], rule["precision"], rule["dollars"]) == (1, 1, 1.0, "135.00")
    (claim,) = told["claims"]
    assert (claim["verdict"], claim["rules"], claim["dollars"], claim["corrects"]) == (
        "caught",
        ["INJ-E02"],
        "135.00",
        None,
    )


def test_several_processes_give_the_same(exchange):
    args = ("--claims", exchange / "claims", "--answers", exchange / "answers", "--format", "json")
    assert qa(*args, "--jobs", 2).out == qa(*args).out


def test_by_the_ledger(exchange, outboxes):
    """The batches were run long after they were made, and after their answers: the day they were made counts."""
    told, meant = result(outboxes["annotate"], "--answers", exchange / "answers"), truth(exchange)
    for key in (*COUNTED, "dollars", "match_rate"):
        assert told[key] == meant[key], key
    scrubbed = result("--claims", exchange / "claims", "--answers", exchange / "answers")
    assert told["by_week"] == scrubbed["by_week"]
    assert told["by_rule"] == scrubbed["by_rule"]
    assert told["corrections"] == scrubbed["corrections"]
    assert {one["how"] for one in told["overridden"]} == {"bypassed", "policy"}
    assert told["about"]["mode"] == "ledger"


def test_held_claims_are_in_held_alone(exchange, outboxes):
    told, meant = result(outboxes["hold"], "--answers", exchange / "answers"), truth(exchange)
    assert told["held"] == meant["caught"] + meant["false_alarms"] + _alarmed(exchange, "open", "elsewhere")
    assert told["submitted"] + told["held"] == meant["submitted"]
    assert told["caught"] == told["false_alarms"] == 0
    assert told["missed"] == meant["missed"]
    assert {claim["state"] for claim in told["claims"] if claim["rules"]} == {"held"}
    reasons = {one["reason"] for one in told["unmatched"]}
    assert "the claim with this number was held: it was not sent" in reasons


def _alarmed(exchange: Path, *what: str) -> int:
    rows = [json.loads(row) for row in (exchange / "answers.truth.jsonl").read_text().splitlines()]
    elsewhere = [row for row in rows if row["state"] in ("rejected", "denied") and not row["in_scope"]]
    opened = [row for row in rows if row["state"] == "open"]
    return sum(bool(row["alarms"]) for row in (*elsewhere, *opened))


def test_what_a_person_released(tmp_path):
    inbox, outbox, answers = tmp_path / "in", tmp_path / "out", tmp_path / "answers"
    inbox.mkdir()
    answers.mkdir()
    (inbox / "few.837").write_text(CLAIM, encoding="ascii")
    (answers / "x.835").write_bytes(remittance(paid(charge="135", amount="90")))
    assert run("batch", inbox, "-o", outbox, "--settle", 0, "-q").code == 1
    assert result(outbox, "--answers", answers)["held"] == 1
    (held,) = (outbox / "held").iterdir()
    with open_ledger(outbox / "ledger.sqlite", create=False) as ledger:
        (hold,) = ledger.holds()
    run("ledger", "release", outbox, hold.id, "--user", "tester", "--reason", "the payer pays it")
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(held, again / "few-again.837")
    run("batch", again, "-o", outbox, "--settle", 0, "-q")
    told = result(outbox, "--answers", answers)
    assert (told["submitted"], told["held"], told["false_alarms"]) == (1, 0, 1)
    assert [(one["how"], one["rule"], one["claims"], one["paid"]) for one in told["overridden"]] == [
        ("approved", "INJ-E02", 1, 1)
    ]


def test_as_if_by_other_rules(exchange, outboxes, tmp_path):
    config = tmp_path / "other.toml"
    config.write_text('select = ["INJ-E02"]\nguide = false\n')
    told = result(outboxes["annotate"], "--answers", exchange / "answers", "--as-if", config)
    plain = result(outboxes["annotate"], "--answers", exchange / "answers")
    assert {one["rule"] for one in told["by_rule"]} == {"INJ-E02"}
    e02 = [one for one in plain["by_rule"] if one["rule"] == "INJ-E02"]
    assert told["by_rule"] == e02
    assert (told["in_scope"], told["caught"]) == (plain["in_scope"], e02[0]["caught"])
    assert told["about"] | {"tables": 0} == {
        "claims": str(outboxes["annotate"]), "mode": "as-if", "rules": ["INJ-E02"], "select": ["INJ-E02"], "ignore": [],
        "config": str(config), "tables": 0,
    }  # fmt: skip
    held = result(outboxes["hold"], "--answers", exchange / "answers", "--as-if", config)
    assert held["held"] == result(outboxes["hold"], "--answers", exchange / "answers")["held"]
    scrubbed = result("--claims", exchange / "claims", "--answers", exchange / "answers", "--as-if", config)
    assert scrubbed["by_rule"] == told["by_rule"]


def test_as_if_a_waiver_had_been_there(few):
    (few / "waivers.toml").write_text(
        '[[waiver]]\nrule = "INJ-E02"\nclaim = "CLAIM1"\nreason = "the payer pays it"\nuntil = 2099-12-31\n'
    )
    (few / "other.toml").write_text('waivers = "waivers.toml"\n')
    told = result("--claims", few / "claims", "--answers", few / "answers", "--as-if", few / "other.toml")
    assert (told["caught"], told["missed"], told["missed_groups"]) == (0, 1, [])
    assert [(one["how"], one["rule"]) for one in told["overridden"]] == [("waived", "INJ-E02")]
    assert Outcome.WAIVED.value in {one["outcome"] for one in told["claims"][0]["alarms"]}


def test_claims_and_answers_in_one_folder(exchange, tmp_path):
    mixed = tmp_path / "mixed"
    shutil.copytree(exchange / "claims", mixed)
    shutil.copytree(exchange / "answers", mixed, dirs_exist_ok=True)
    ran = qa("--claims", mixed, "--answers", mixed, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["dollars"] == truth(exchange)["dollars"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "missing option '--answers'"),
        (("--answers", "answers"), "name an outbox"),
        (("out", "--claims", "claims", "--answers", "answers"), "name an outbox"),
        (("out", "--answers", "answers", "--select", "INJ-E"), "--as-if CONFIG judges them again"),
        (("--claims", "claims", "--answers", "nowhere"), "nowhere"),
        (("--claims", "claims", "--answers", "empty"), "no X12 file found"),
        (("claims", "--answers", "answers"), "there is no ledger"),
        (("empty", "--answers", "answers", "--as-if", "other.toml"), "no released or held files"),
        (("--ledger", "sqlite:///out/ledger.sqlite", "--answers", "answers", "--as-if", "other.toml"), "--as-if needs the outbox"),
        (("--claims", "claims", "--answers", "answers", "--as-if", "bad.toml"), 'key "selekt" is unknown'),
        (("--claims", "claims", "--answers", "answers", "--select", "XYZ"), "XYZ"),
        (("--claims", "claims", "--answers", "answers", "--codes", "empty"), "index.toml"),
        (("--claims", "claims", "--answers", "answers", "-o", "claims/few.837"), "no command changes its input"),
        (("--claims", "claims", "--answers", "answers", "-o", "answers/x.277"), "no command changes its input"),
    ],
)  # fmt: skip
def test_wrong_usage_in_one_line(args, says, few, monkeypatch):
    monkeypatch.chdir(few)
    (few / "empty").mkdir()
    (few / "out").mkdir()
    (few / "other.toml").write_text("guide = false\n")
    (few / "bad.toml").write_text('selekt = ["INJ"]\n')
    ran = qa(*args)
    assert says in ran.err
    assert ran.code in (2, 3)
    assert (len(ran.lines), ran.out) == (1, b"")


def test_broken_answers_are_told_and_the_others_go_on(few):
    answers = few / "answers"
    (answers / "broken.835").write_bytes(b"ISA*garbage")
    (answers / "cut.835").write_bytes(remittance(paid("OTHER"))[:-60])
    (answers / "notes.txt").write_bytes(b"nothing of X12")
    (answers / "claims.837").write_text(CLAIM)
    ran = qa("--claims", few / "claims", "--answers", answers, "--format", "json")
    assert ran.code == 4
    told = json.loads(ran.out)
    assert told["caught"] == 1
    said = {line.split(": ")[1]: line for line in ran.lines}
    assert set(said) == {"broken.835", "cut.835", "claims.837", str(answers)}
    assert "passed over 1 file that is not X12" in said[str(answers)]
    assert len(ran.lines) == 4
    files = {one["name"]: one for one in told["files"]}
    assert files["broken.835"]["fault"]
    assert files["cut.835"]["fault"]
    assert files["claims.837"]["problems"] == ["837 professional is no answer to a claim: it is not read"]
    assert files["x.277"] == {
        "name": "x.277",
        "claims": {"277CA": 1},
        "problems": [],
        "copy_of": None,
        "fault": None,
    }
    quiet = qa("--claims", few / "claims", "--answers", answers, "-q")
    assert sorted(line.split(": ")[1] for line in quiet.lines) == ["broken.835", "cut.835"]


def test_nothing_that_can_be_read(few):
    (few / "answers" / "x.277").write_bytes(b"ISA*garbage")
    assert qa("--claims", few / "claims", "--answers", few / "answers").code == 3
    (few / "claims" / "few.837").write_bytes(b"ISA*garbage")
    (few / "answers" / "x.277").write_bytes(status(noted("A7:453*20261009*U*135")))
    assert qa("--claims", few / "claims", "--answers", few / "answers").code == 3


def test_claims_that_cannot_be_read_are_told(few):
    (few / "claims" / "broken.837").write_bytes(b"ISA*garbage")
    ran = qa("--claims", few / "claims", "--answers", few / "answers", "--format", "json")
    assert (ran.code, json.loads(ran.out)["caught"], len(ran.lines)) == (4, 1, 1)


def test_the_text_tells_what_matters(exchange):
    ran = qa("--claims", exchange / "claims", "--answers", exchange / "answers")
    meant = truth(exchange)
    assert ran.code == 0
    text = ran.text
    assert f"caught {meant['caught']:,} (" in text
    assert f"missed {meant['missed']:,} (" in text
    for title in ("Rules:", "Rules to write next:", "Payers:", "Weeks:", "Causes:", "Changes:", "Unmatched:"):
        assert title in text
    assert max(map(len, text.splitlines())) <= 100
    assert "INJ-E02" in text
    assert "\x1b" not in text


def test_the_csv_has_a_row_a_claim(exchange):
    ran = qa("--claims", exchange / "claims", "--answers", exchange / "answers", "--format", "csv")
    rows = [*csv.DictReader(io.StringIO(ran.text))]
    meant = truth(exchange)
    assert len(rows) == meant["submitted"]
    for verdict, key in (
        ("caught", "caught"),
        ("missed", "missed"),
        ("false alarm", "false_alarms"),
        ("clean paid", "clean_paid"),
    ):
        assert sum(row["verdict"] == verdict for row in rows) == meant[key]
    assert {row["row"] for row in rows} == {str(number) for number in range(1, len(rows) + 1)}


def test_the_workbook_has_a_sheet_a_table(exchange, tmp_path):
    path = tmp_path / "qa.xlsx"
    assert (
        qa(
            "--claims", exchange / "claims", "--answers", exchange / "answers", "--format", "xlsx", "-o", path
        ).code
        == 0
    )
    book, meant = openpyxl.load_workbook(path), truth(exchange)
    assert {
        "Summary",
        "Rules",
        "To write",
        "To relax",
        "Payers",
        "Providers",
        "Weeks",
        "Months",
        "Causes",
        "Codes",
        "Claims",
        "Unmatched",
    } <= set(book.sheetnames)
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(min_row=2, values_only=True)}
    assert {key: summary[key.replace("_", " ")] for key in COUNTED} == {key: meant[key] for key in COUNTED}
    assert book["Claims"].max_row == meant["submitted"] + 1
    charges = [row[13] for row in book["Claims"].iter_rows(min_row=2, values_only=True)]
    assert f"{sum(charges):.2f}" == meant["dollars"]["submitted"]
    assert book["Claims"].auto_filter.ref
    assert book["Claims"].freeze_panes == "A2"


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)", "\t=1")


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_formulas_are_defused(form, formula, few):
    name = formula.strip().replace("*", "")
    (few / "claims" / "few.837").write_text(CLAIM.replace("CLM*CLAIM1", f"CLM*{name}"))
    (few / "answers" / "x.277").write_bytes(
        status(noted("A7:453*20261009*U*135", name), noted("A7:453*20261009*U*9", f"{name}X"))
    )
    (few / "answers" / "x.835").write_bytes(remittance(denied(cas=f"{name}*97*25")))
    out = few / f"out.{form}"
    assert qa("--claims", few / "claims", "--answers", few / "answers", "--format", form, "-o", out).code == 0
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(out.read_text(encoding="utf-8"))) for cell in row]
    else:
        book = openpyxl.load_workbook(out)
        every = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert {cell.data_type for cell in every} <= {"s", "n", "d"}  # no formula
        cells = [cell.value for cell in every if isinstance(cell.value, str)]
    assert "'" + name in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


CANARIES = (
    "CANARYLAST",
    "CANARYFIRST",
    "CANARYMEMBER1",
    "19770707",
    "CANARY STREET",
    "CANARYCITY",
    "CANARYNOTE",
)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_persons_in_anything(form, tmp_path):
    claims, answers = tmp_path / "claims", tmp_path / "answers"
    claims.mkdir()
    answers.mkdir()
    first = CLAIM.replace("DOE*JANE", "CANARYLAST*CANARYFIRST").replace("TEST0001", "CANARYMEMBER1")
    first = (
        first.replace("19800101", "19770707")
        .replace("N3*1 EXAMPLE ST", "N3*CANARY STREET")
        .replace("SPRINGFIELD", "CANARYCITY")
    )
    # The correction changes name, birth and address too, and the line.
    second = (
        first.replace("CLAIM1", "CLAIM2").replace("HC:99213", "HC:99213:25").replace("20261102", "20261020")
    )
    third = (
        second.replace("CANARYFIRST", "CANARYFIRST*CANARYNOTE")
        .replace("CLAIM2", "CLAIM1")
        .replace("CANARY STREET", "CANARY STREET 2")
    )
    for number, text in enumerate(
        (first.replace("20261102", "20261006"), second, third.replace("20261020", "20261021"))
    ):
        (claims / f"{number}.837").write_text(text)
    edit = ["A7:453", "20261009", "U", "135", *[""] * 7, "CANARYNOTE CANARYLAST 19770707"]
    texts = (
        status(noted("*".join(edit))),
        remittance(denied("CLAIM2"), denied("CLAIM1", "CANARYLAST*CANARYFIRST*135", ("CANARYNOTE",))),
        remittance(reversal("CLAIM2"), denied("CLAIM2").replace("SVC*HC:96372", "SVC*HC:CANARYLAST")),
        status(noted("A7:CANARYLAST:CANARYFIRST*20261012*U*135")),
        b"ISA*CANARYLAST",
    )
    for number, data in enumerate(texts):
        named = data.replace(b"DOE*JANE", b"CANARYLAST*CANARYFIRST").replace(b"TEST0001", b"CANARYMEMBER1")
        (answers / f"{number}.txt").write_bytes(named)
    out = tmp_path / f"out.{form}"
    ran = qa("--claims", claims, "--answers", answers, "--format", form, "-o", out)
    assert ran.code == 4
    told = out.read_bytes()
    if form == "xlsx":
        book = openpyxl.load_workbook(out)
        told = "\n".join(
            str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
        ).encode()
    for canary in CANARIES:
        assert canary.encode() not in told
        assert canary not in ran.err
    assert form == "text" or b"CLAIM1" in told


def test_help_is_quick_and_complete():
    ran = run("qa", "--help")
    assert ran.code == 0
    for word in ("--answers", "--claims", "--as-if", "--codes", "--format", "--jobs"):
        assert word in ran.text
