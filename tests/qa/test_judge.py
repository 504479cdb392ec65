"""What an answer says of a claim, and why: statuses, adjustments, remarks, lines."""

from __future__ import annotations

import pytest

from scrubber.finding import Severity
from scrubber.qa.codes import Codes
from scrubber.registry import all_rules
from scrubber.tables import TableError, load_tables

from .answered import denied, line, made, noted, paid, remittance, result_of, row_of, status, tables

CODES = Codes(tables())


def causes(answer, folder, claim=None):
    row = row_of([claim or made()], [answer], folder)
    return row.state, row.in_scope, [(one.name, one.scope, one.line, one.procedure) for one in row.causes]


# What is a coder's matter and what is not: agreed one by one.
IN_SCOPE_STATUS = ("453", "454", "476", "477", "218", "249", "255", "507", "306", "562")
IN_SCOPE_CARC = ("4", "5", "11", "18", "50", "97", "151", "181", "222", "236", "B15")
OUT_OF_SCOPE_CARC = ("22", "27", "29", "31", "96", "109", "197", "204")


@pytest.mark.parametrize("code", IN_SCOPE_STATUS)
def test_statuses_of_coding(code, tmp_path):
    assert causes(status(noted(f"A7:{code}*20261009*U*25")), tmp_path / "a") == (
        "rejected",
        True,
        [(f"A7:{code}", "coding", "", "")],
    )


@pytest.mark.parametrize("code", ["85", "116", "252", "496"])
def test_statuses_of_something_else(code, tmp_path):
    assert causes(status(noted(f"A3:{code}*20261009*U*25")), tmp_path / "a") == (
        "rejected",
        False,
        [(f"A3:{code}", "other", "", "")],
    )


@pytest.mark.parametrize("code", IN_SCOPE_CARC)
def test_denials_for_coding(code, tmp_path):
    assert causes(remittance(denied(cas=f"CO*{code}*25", remarks=())), tmp_path / "a") == (
        "denied", True, [(f"CO-{code}", "coding", "1", "96372")],
    )  # fmt: skip


@pytest.mark.parametrize("code", OUT_OF_SCOPE_CARC)
def test_denials_for_something_else(code, tmp_path):
    assert causes(remittance(denied(cas=f"OA*{code}*25", remarks=("N130",))), tmp_path / "a")[:2] == (
        "denied",
        False,
    )


@pytest.mark.parametrize(
    ("remarks", "scope"),
    [
        (("M51",), "coding"), (("M53",), "coding"), (("M76",), "coding"), (("M119",), "coding"), (("M123",), "coding"),
        (("N56",), "coding"), (("N382",), "other"), ((), "other"), (("N999",), "other"), (("N382", "M51"), "coding"),
        (("MA01", "MA130"), "other"),
    ],
)  # fmt: skip
def test_16_is_what_its_remark_says(remarks, scope, tmp_path):
    state, in_scope, found = causes(remittance(denied(cas="CO*16*25", remarks=remarks)), tmp_path / "a")
    told = [one for one in remarks if not one.startswith("MA")]  # alerts tell no cause
    assert (state, in_scope, found) == (
        "denied",
        scope == "coding",
        [(" ".join(["CO-16", *told]), scope, "1", "96372")],
    )


def test_remarks_of_the_claim_where_the_line_has_none(tmp_path):
    text = denied(cas="CO*16*25", remarks=()).replace("DTM*232", "MOA***MA01*M51\nDTM*232")
    assert causes(remittance(text), tmp_path / "a") == (
        "denied",
        True,
        [("CO-16 M51", "coding", "1", "96372")],
    )


@pytest.mark.parametrize(
    ("cas", "state"),
    [
        ("PR*1*25", "paid"), ("PR*2*25", "paid"), ("PR*3*25", "paid"), ("CO*45*25", "paid"), ("CO*253*25", "paid"),
        ("CO*45*5~CAS*PR*1*20", "paid"), ("OA*23*25", "paid"),
        ("CO*45*5~CAS*CO*97*20", "denied"), ("CO*97*0~CAS*CO*45*25", "paid"), ("CO*97*-25", "paid"),
    ],
)  # fmt: skip
def test_contract_and_patient_amounts_are_no_denial(cas, state, tmp_path):
    assert (
        row_of([made()], [remittance(denied(cas=cas.replace("~", "\n"), remarks=()))], tmp_path / "a").state
        == state
    )


def test_what_the_patient_pays_for_another_reason_is_no_matter_of_coding(tmp_path):
    assert causes(remittance(denied(cas="PR*50*25", remarks=())), tmp_path / "a")[:2] == ("denied", False)


def test_a_line_that_is_paid_in_part_is_not_denied(tmp_path):
    text = paid(amount="10").replace("CAS*CO*45*5", "CAS*CO*151*15")
    assert row_of([made()], [remittance(text)], tmp_path / "a").state == "paid"


def test_one_denied_line_denies_the_claim(tmp_path):
    claim = made(
        lines=(line("1", "99213", 9000, "A1"), line("2", "96372", 2500, "A2"), line("3", "J3420", 500, "A3")),
        cents=12000,
    )
    text = """
        CLP*CLAIM1*1*120*80**MB*PAYER0001*11*1
        NM1*QC*1*DOE*JANE****MI*TEST0001
        SVC*HC:99213*90*80**1
        CAS*CO*45*10
        REF*6R*A1
        SVC*HC:96372*25*0**1
        CAS*CO*97*25
        REF*6R*A2
        LQ*HE*M15
        SVC*HC:J3420*5*0**1
        CAS*CO*97*5
        REF*6R*A3
    """
    row = row_of([claim], [remittance(text)], tmp_path / "a")
    assert (row.state, [(one.name, one.line, one.procedure, one.cents) for one in row.causes]) == (
        "denied", [("CO-97 M15", "2", "96372", 2500), ("CO-97", "3", "J3420", 500)],
    )  # fmt: skip


def test_a_line_that_the_payer_recoded_is_known_by_the_code_billed(tmp_path):
    claim = made(lines=(line("1", "99214", 9000), line("2", "96372", 2500)), cents=11500)
    text = """
        CLP*CLAIM1*1*115*60**MB*PAYER0001*11*1
        NM1*QC*1*DOE*JANE****MI*TEST0001
        SVC*HC:99213*90*60**1*HC:99214
        CAS*CO*45*30
        SVC*HC:G0008*25*0**1*HC:96372
        CAS*CO*97*25
    """
    row = row_of([claim], [remittance(text)], tmp_path / "a")
    assert [(one.line, one.procedure) for one in row.causes] == [("2", "96372")]


def test_a_line_that_the_claim_has_not_is_told(tmp_path):
    text = denied().replace("SVC*HC:96372", "SVC*HC:99999").replace("DTM*472*20261005", "DTM*472*20261004")
    text = text.replace("*25*0**1", "*13*0**1").replace("CAS*CO*97*25", "CAS*CO*97*13")
    result = result_of([made()], [remittance(text)], tmp_path / "a")
    assert (result.claims[0].state, result.claims[0].causes[0].procedure, result.match_rate) == (
        "denied",
        "99999",
        1,
    )
    assert [one.reason for one in result.unmatched] == ["it has no line like the one with 99999"]


def test_a_claim_denied_at_the_claim(tmp_path):
    whole = """
        CLP*CLAIM1*4*25*0**MB*PAYER0001*11*1
        CAS*CO*16*25
        NM1*QC*1*DOE*JANE****MI*TEST0001
        MOA***N56
    """
    assert causes(remittance(whole), tmp_path / "a") == ("denied", True, [("CO-16 N56", "coding", "", "")])
    bare = "CLP*CLAIM1*4*25*0**MB*PAYER0001*11*1\nNM1*QC*1*DOE*JANE****MI*TEST0001"
    assert causes(remittance(bare), tmp_path / "b") == ("denied", False, [("CLP4", "other", "", "")])
    contract = bare + "\nCAS*CO*45*25"
    assert causes(remittance(contract), tmp_path / "c")[:2] == ("denied", False)


def test_a_code_that_no_table_knows_is_told_apart(tmp_path):
    result = result_of([made()], [remittance(denied(cas="CO*999*25", remarks=()))], tmp_path / "a")
    assert [(one.code, one.scope) for one in result.by_cause] == [("999", "unlisted")]
    assert (result.claims[0].state, result.claims[0].in_scope) == ("denied", False)


def test_statuses_at_lines(tmp_path):
    claim = made(lines=(line("1", "99213", 9000), line("2", "96372", 2500, "A2")), cents=11500)
    lines = (
        "SVC*HC:96372*25*****1\nSTC*A7:453*20261009*U\nSTC*A7:476*20261009*U\nREF*FJ*A2\nDTP*472*D8*20261005"
    )
    # A claim status that only says that lines are refused is no cause; one that repeats theirs is none either.
    for stc in ("A3:247*20261009*U*115", "A7:453*20261009*U*115******A7:476"):
        text = f"TRN*2*CLAIM1\nSTC*{stc}\nDTP*472*D8*20261005\n{lines}"
        assert causes(status(text), tmp_path / "a", claim) == (
            "rejected", True, [("A7:453", "coding", "2", "96372"), ("A7:476", "coding", "2", "96372")],
        )  # fmt: skip


def test_three_statuses_and_an_entity(tmp_path):
    assert causes(status(noted("A7:562:82*20261009*U*25******A7:21*A7:254")), tmp_path / "a") == (
        "rejected", True, [("A7:562:82", "coding", "", ""), ("A7:254", "coding", "", "")],
    )  # fmt: skip


def test_the_name_of_a_payers_edit(tmp_path):
    stc = ["A7:21", "20261009", "U", "25", *[""] * 7, "P4999mPI SmartEdit (mPI): text"]
    row = row_of([made()], [status(noted("*".join(stc)))], tmp_path / "b")
    assert (row.state, row.in_scope, row.edits) == ("rejected", True, ("mPI",))
    bare = row_of([made()], [status(noted("A7:21*20261009*U*25"))], tmp_path / "c")
    assert (bare.state, bare.in_scope, [one.code for one in bare.causes]) == ("rejected", False, ["A7:21"])


def test_an_action_decides_where_the_category_is_unknown(tmp_path):
    assert row_of([made()], [status(noted("Z9:453*20261009*U*25"))], tmp_path / "a").state == "rejected"
    assert row_of([made()], [status(noted("Z9:453*20261009*WQ*25"))], tmp_path / "b").state == "open"
    assert row_of([made()], [status(noted("A2:20*20261009*U*25"))], tmp_path / "c").state == "open"


# The table.


def test_every_code_that_a_rule_expects_is_listed():
    for rule in all_rules():
        for text in rule.expected.status:
            assert CODES.scope("status", text.split(":")[1]), (rule.code, text)
        for code in rule.expected.carc:
            assert CODES.scope("carc", code), (rule.code, code)
        for code in rule.expected.rarc:
            assert CODES.scope("rarc", code), (rule.code, code)


def test_what_serious_rules_expect_can_mostly_be_mended_by_a_coder():
    serious = [rule for rule in all_rules() if rule.severity is not Severity.ADVISE and rule.expected.carc]
    mendable = [
        rule
        for rule in serious
        if any(CODES.scope("carc", code) in ("coding", "remark") for code in rule.expected.carc)
    ]
    assert len(mendable) > 0.9 * len(serious)


def test_the_words_of_the_table():
    scopes = {
        "category": {"taken", "refused", "pending"},
        "claim": {"processed", "refused", "reversed", "pending"},
        "status": {"coding", "other", "pointer", "receipt"},
        "carc": {"coding", "other", "remark", "contractual", "patient"},
        "rarc": {"coding", "other", "alert"},
    }
    rows = tables().table("answer_codes").rows()
    found = {
        list_: {row["scope"] for row in rows if row["list"] == list_}
        for list_ in {row["list"] for row in rows}
    }
    assert found == scopes
    assert len(rows) > 500


def test_a_table_of_the_site_lies_over_the_one_shipped(tmp_path):
    (tmp_path / "index.toml").write_text(
        """
[answer_codes]
about = "Ours"
key = ["list", "code"]
values = ["scope", "topic"]
vintage = "2026-11"
covers_from = 2020-01-01
checked_on = 2026-11-01
mode = "extend"
""",
        encoding="utf-8",
    )
    header = '"list","code","scope","topic","from","thru","cite","confidence"'
    row = '"carc","96","coding","coverage","2020-01-01","","general-coding","general"'
    (tmp_path / "answer_codes.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    answer = remittance(denied(cas="CO*96*25", remarks=()))
    ours = result_of([made()], [answer], tmp_path / "a", using=load_tables(tmp_path))
    assert ours.claims[0].in_scope
    assert not row_of([made()], [answer], tmp_path / "b").in_scope
    (tmp_path / "answer_codes.csv").write_text(header.replace("scope", "scpoe") + "\n", encoding="utf-8")
    with pytest.raises(TableError, match="answer_codes"):
        Codes(load_tables(tmp_path))
