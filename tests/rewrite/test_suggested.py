"""Every rule that suggests a fix: refused without approval, made with it, recorded, gone after it, undone whole."""

import json
from datetime import UTC, datetime
from inspect import getsourcefile
from pathlib import Path

import pytest
from fixing import approving, text
from rulecases import SPELLINGS

import scrubber
from loops.source import open_source
from scrubber.finding import Safety
from scrubber.payers import Habit, Profile
from scrubber.registry import all_rules
from scrubber.rewrite import record
from scrubber.rule import Rule

CENT = Profile(habits=(Habit("drug_line", "required_0.01", None, None, "payer", "", "payer"),))
COLUMN2 = Profile(habits=(Habit("x_column", "col2", None, None, "payer", "", "payer"),))
MEDICARE = "SBR*P*18*******MB\n"
INJECTION = "SV1*HC:96372*30*UN*1***1\n"
DRUG = "SV1*HC:J3420*5*UN*1***1\n"


def vaccine(code):
    return f"SV1*HC:{code}*60*UN*1***1\n" + INJECTION


# Rule: a claim at fault, the day, the payer, the service segments after the fix, CLM02 after it.
CASES = {
    "INJ-A01": ("SV1*HC:90772*30*UN*1***1\n" + DRUG, {}, ["HC:96372*30*UN*1", "HC:J3420*5*UN*1"], "35"),
    "INJ-A02": ("SV1*HC:96372*30*MJ*1***1\n" + DRUG, {}, ["HC:96372*30*UN*1", "HC:J3420*5*UN*1"], "35"),
    "INJ-B01": (vaccine("90715"), {}, ["HC:90715*60*UN*1", "HC:90471*30*UN*1"], "90"),
    "INJ-B01 flu": (MEDICARE + vaccine("90686"), {}, ["HC:90686*60*UN*1", "HC:G0008*30*UN*1"], "90"),
    "INJ-B01 pneumococcal": (MEDICARE + vaccine("90677"), {}, ["HC:90677*60*UN*1", "HC:G0009*30*UN*1"], "90"),
    "INJ-B01 hepatitis B": (MEDICARE + vaccine("90739"), {}, ["HC:90739*60*UN*1", "HC:G0010*30*UN*1"], "90"),
    "INJ-B01 COVID": (vaccine("91320"), {}, ["HC:91320*60*UN*1", "HC:90480*30*UN*1"], "90"),
    "INJ-B02": (
        "SV1*HC:90471*30*UN*1***1\nSV1*HC:J2315*1500*UN*380***1\n",
        {},
        ["HC:96372*30*UN*1", "HC:J2315*1500*UN*380"],
        "1530",
    ),
    "INJ-B09": (
        MEDICARE + INJECTION + "SV1*HC:J0739*4000*UN*600***1\n",
        {},
        ["HC:G0012*30*UN*1", "HC:J0739*4000*UN*600"],
        "4030",
    ),
    "INJ-B10": (
        INJECTION + "SV1*HC:Q0221*0.01*UN*1***1\n",
        {"day": "20220601"},
        ["HC:M0220*30*UN*1", "HC:Q0221*0.01*UN*1"],
        "30.01",
    ),
    "INJ-B22": (
        INJECTION + "SV1*HC:A4208*2.50*UN*1***1\n" + DRUG,
        {},
        ["HC:96372*30*UN*1", "HC:J3420*5*UN*1"],
        "35.00",
    ),
    "INJ-D02": (
        INJECTION + "SV1*HC:J3420*0*UN*1***1\n",
        {"profile": CENT},
        ["HC:96372*30*UN*1", "HC:J3420*0.01*UN*1"],
        "30.01",
    ),
    "INJ-E01": (
        MEDICARE + "SV1*HC:99211:25*20*UN*1***1\n" + INJECTION + DRUG,
        {},
        ["HC:96372*30*UN*1", "HC:J3420*5*UN*1"],
        "35",
    ),
    "INJ-E05": (
        "SV1*HC:99213*100*UN*1***1\nSV1*HC:96372:25*30*UN*1***1\n" + DRUG,
        {},
        ["HC:99213:25*100*UN*1", "HC:96372*30*UN*1", "HC:J3420*5*UN*1"],
        "135",
    ),
    "INJ-E05 removed": ("SV1*HC:96372:25*30*UN*1***1\n", {}, ["HC:96372*30*UN*1"], "30"),
    "INJ-P03": (
        INJECTION + DRUG + "SV1*HC:96523:59*20*UN*1***1\n",
        {},
        ["HC:96372*30*UN*1", "HC:J3420*5*UN*1"],
        "35",
    ),
    "INJ-P10": (
        "SV1*HC:96374:59*80*UN*1***1\n" + INJECTION + "SV1*HC:J2405*5*UN*4***1\n",
        {"profile": COLUMN2},
        ["HC:96374*80*UN*1", "HC:96372:59*30*UN*1", "HC:J2405*5*UN*4"],
        "115",
    ),
    "INJ-S02": ("SV1*HC:96372:95*30*UN*1***1\n" + DRUG, {}, ["HC:96372*30*UN*1", "HC:J3420*5*UN*1"], "35"),
    **{
        f"INJ-X02 {one}": (
            f"SV1*HC:96372:{one}*30*UN*1***1\n" + DRUG,
            {},
            ["HC:96372*30*UN*1", "HC:J3420*5*UN*1"],
            "35",
        )
        for one in ("26", "TC", "50", "51", "LT", "RT")
    },
}
TIME = datetime(2026, 11, 23, 12, tzinfo=UTC)


def suggesting() -> set[str]:
    """The codes of the rules that make suggested fixes, by the names in their files."""
    makers = ("left_out(", "billed_as(", "Safety.SUGGESTED")
    return {rule.code for rule in all_rules() if any(one in _source(rule) for one in makers)}


def _source(rule: Rule) -> str:
    return Path(getsourcefile(rule.check)).read_text(encoding="utf-8")


def test_every_rule_that_suggests_a_fix_has_a_case():
    assert {name.split()[0] for name in CASES} == suggesting()


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", CASES)
def test_a_suggested_fix_waits_for_its_approval(name, spelling):
    claim, more, *_ = CASES[name]
    code = name.split()[0]
    data = text(claim, spelling, **_day(more))
    done = rewrite(data, code, more)
    assert done.data == data
    assert not done.edits
    assert {(one.by.rule, one.by.safety, one.reason) for one in done.put_off} == {
        (code, Safety.SUGGESTED, "it changes what is billed: it needs a named approval")
    }
    other = next(rule.code for rule in all_rules() if rule.code != code)
    assert rewrite(data, code, more, approving(other)).data == data


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", CASES)
def test_an_approved_fix_is_made_recorded_and_gone(name, spelling, tmp_path):
    claim, more, services, total = CASES[name]
    code = name.split()[0]
    data = text(claim, spelling, **_day(more))
    done = rewrite(data, code, more, approving(code))
    assert _services(done.data, spelling) == (services, total)
    assert not [one for one in done.left if one.rule == code and one.fix]
    assert not [one for one in done.left if one.rule.startswith(("ENG", "X12"))]
    assert rewrite(done.data, code, more, approving(code)).data == done.data
    _check_record(data, done, code, tmp_path)
    # With all rules on nothing else is put right by the way, and nothing new is wrong with the guide.
    together = scrubber.rewrite(data, more.get("profile"), approvals=approving(code))
    assert {rule for change in together.edits for rule in change.rule.split(",")} <= {code, "RECOUNT"}
    assert not [one for one in together.left if one.rule.startswith(("ENG", "X12"))]


def rewrite(data, code, more, approvals=None):
    return scrubber.rewrite(data, more.get("profile"), [code, "X12"], approvals=approvals)


def _day(more):
    return {"day": more["day"]} if "day" in more else {}


def _services(data, spelling):
    """The service segments up to SV104 and CLM02, in the usual spelling; LX must count the lines."""
    element, component, terminator, _ = SPELLINGS[spelling]
    rows = [
        row.strip().replace(element, "*").replace(component, ":") for row in data.decode().split(terminator)
    ]
    lines = [row for row in rows if row.startswith("LX*")]
    assert lines == [f"LX*{n + 1}" for n in range(len(lines))]
    body = rows[next(n for n, row in enumerate(rows) if row.startswith("ST*")) :]
    last = next(n for n, row in enumerate(body) if row.startswith("SE*"))
    assert body[last].split("*")[1] == str(last + 1)
    total = next(row.split("*")[2] for row in rows if row.startswith("CLM*"))
    return ["*".join(row.split("*")[1:5]) for row in rows if row.startswith("SV1*")], total


def _check_record(data, done, code, folder):
    hashes = (record.sha256(open_source(one)) for one in (data, done.data))
    lines = list(record.Recorder(TIME).lines("a.837", done.edits, *hashes))
    rows = [json.loads(line) for line in lines]
    billed = [row for row in rows if row["claim"]]
    assert billed
    for row in billed:
        assert (row["rule"], row["safety"], row["claim"]) == (code, "suggested", "CLAIM1")
        assert (row["approver"], row["reason"]) == ("A. EXAMPLE, CPC", "seen")
        assert row["line"]
        assert row["place"]
        assert row["time"] == "2026-11-23T12:00:00+00:00"
    assert {row["rule"] for row in rows} - {code} <= {"RECOUNT"}
    (folder / "edits").write_bytes(b"".join(lines))
    (folder / "out").write_bytes(done.data)
    record.undo(folder / "edits", folder / "out", folder / "back")
    assert (folder / "back").read_bytes() == data


def test_the_tables_that_a_rule_asked_stand_in_the_record():
    done = rewrite(text(CASES["INJ-E01"][0]), "INJ-E01", {}, approving("INJ-E01"))
    (row, *_) = (
        json.loads(line) for line in record.Recorder(TIME).lines("a", done.edits, "1" * 64, "2" * 64)
    )
    assert "ptp" in {table["name"] for table in row["tables"]}
    assert all(table["vintage"] for table in row["tables"])
