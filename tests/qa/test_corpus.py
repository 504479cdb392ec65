"""Public claims and answers: those that belong together match, and nothing else does; every file is answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run

pytestmark = pytest.mark.shared


def told(claims: list[Path], answers: list[Path]):
    args = [*(("--claims", path) for path in claims), *(("--answers", path) for path in answers)]
    ran = run("qa", *(one for pair in args for one in pair), "--format", "json")
    assert ran.code in (0, 4), ran.err
    return json.loads(ran.out)


@pytest.fixture
def corpus(shared: Path) -> Path:
    return shared / "corpus"


SIMULATOR = "Nirmitee-tech_clearinghouse-simulator__"


def test_the_claim_of_a_simulator_with_its_999_277ca_and_835(corpus):
    claim = corpus / "837p" / f"{SIMULATOR}final-e2e-claim.txt"
    answers = [
        corpus / "999" / f"{SIMULATOR}EXAMPLECLINI.20260830164650.999",
        corpus / "277ca" / f"{SIMULATOR}EXAMPLECLINI.20260830164650.CLP.277",
        corpus / "835" / f"{SIMULATOR}00455.20260830164651.000005.ERA.835.edi",
    ]
    result = told([claim], answers)
    (row,) = result["claims"]
    assert (row["claim"], row["state"], row["answered_by"], row["matched"], row["dollars"]) == (
        "PCN-TEST-1", "paid", "835", "claim", "200.00",
    )  # fmt: skip
    assert (result["match_rate"], result["unmatched"], result["answers"]) == (1, [], {"277CA": 1, "835": 1})
    assert (result["totals_compared"], result["totals"]) == (1, [])
    acknowledged = told([claim], answers[:2])
    assert (acknowledged["claims"][0]["state"], acknowledged["claims"][0]["waiting"]) == (
        "open",
        "acknowledged",
    )


def test_an_answer_to_another_claim_of_the_simulator_is_not_taken_for_it(corpus):
    """It has the same payer's number and charge, and a trace that is the clearinghouse's own."""
    claim = corpus / "837p" / f"{SIMULATOR}final-e2e-claim.txt"
    answers = sorted((corpus / "277ca").glob(f"{SIMULATOR}*"))
    result = told([claim], answers)
    assert [(one["claim"], one["reason"]) for one in result["unmatched"]] == [
        ("PCN-DELIV", "no claim has this number")
    ]
    assert result["match_rate"] == 0.5


def test_a_claim_and_its_remittance_of_a_translator(corpus):
    result = told(
        [corpus / "837p" / "donfox_X12_to_JSON_translator__sample_837p_claim.x12"],
        [corpus / "835" / "donfox_X12_to_JSON_translator__sample_835_payment.x12"],
    )
    (row,) = [one for one in result["claims"] if one["claim"] == "CLAIM123"]
    assert (row["state"], row["matched"]) == ("paid", "claim")
    assert {one["claim"] for one in result["unmatched"]} == {"CLAIM456"}


@pytest.mark.parametrize(
    ("claim", "answer", "number"),
    [
        (
            "IPerception_EDI-Workbench__sample_837p.edi",
            "IPerception_EDI-Workbench__sample_835.edi",
            "PATIENTACCTNUM",
        ),
        ("cosyte_x12__837p.edi", "cosyte_x12__lit-cookbook.md-L32.edi", "PT-ACCT-001"),
    ],
)
def test_examples_that_share_no_more_than_a_number(corpus, claim, answer, number):
    """Charge and member of the one differ, charge of the other: two examples that were made apart."""
    result = told([corpus / "837p" / claim], [corpus / "835" / answer])
    assert result["claims"][0]["state"] == "open"
    assert {one["claim"] for one in result["unmatched"]} == {number}
    assert {one["reason"] for one in result["unmatched"]} == {
        "the claims with this number have another charge, date, member or provider"
    }


def test_every_claim_and_answer_of_the_corpus_at_once(corpus):
    """Faulty files and files of other kinds too; whatever is matched agrees in charge and number."""
    folders = [folder for folder in corpus.iterdir() if folder.is_dir()]
    result = told([corpus / "837p", corpus / "bad"], folders)
    assert result["submitted"] > 100
    assert sum(result["answers"].values()) > 150
    # Of all that share a CLM01 by chance nothing is taken for an answer. (An example that begins with group 1,
    # set 0001 cannot be told from another of the same month: such are matched as sets.)
    matched = [row for row in result["claims"] if row["matched"]]
    assert {row["claim"]: row["matched"] for row in matched if row["matched"] != "set"} == {
        "PCN-TEST-1": "claim", "CLAIM123": "claim", "26463774": "claim",
    }  # fmt: skip
    assert sum(row["matched"] == "set" for row in matched) <= 2
    assert result["matched"] == 4
    for one in result["unmatched"]:
        assert one["reason"]
        assert "\n" not in one["reason"]
    for one in result["files"]:
        assert one["fault"] is None or "\n" not in one["fault"]
