"""What the ledger keeps of a claim: what the views say, and nothing of the patient."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loops
from loops.totals import totals
from scrubber.checker import Checker
from scrubber.ledger import Disposition, Submissions, kept, member_key, new_key, person_key
from scrubber.payers import Habit, Payers, Profile
from scrubber.report.mask import masked_row
from scrubber.sample.fragment import batch

AT = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)
KEY = b"k" * 32
SPELLINGS = (("*", ":", "~", ""), ("*", ":", "~", "\r\n"), ("*", ":", "\n", ""), ("|", ">", "!", ""))
CLAIM = """
    SBR*P*18*******CI
    NM1*IL*1*EXAMPLE*JANE****MI*TEST0001
    CLM*TEST1****11:B:7*Y*A*Y*Y
    REF*F8*PAYER1
    REF*D9*TRACE1
    HI*ABK:E538*ABF:I10
    NM1*82*1*SAMPLE*DOC****XX*1000000020
    SV1*HC:96372:59:76*30.5*UN*2***2:1
    REF*6R*LINE1
    SV1*HC:J3420*5*UN*1.5*22**1
    DTP*472*RD8*20260303-20260304
    LIN**N4*00143961901
    CTP****1*ML
"""


def claims_of(data, key=KEY, payers=None):
    """Every claim of a batch as the ledger keeps it."""
    with loops.read(data, name="sample.837") as opened:
        made = Submissions(opened, payers or Payers(), at=AT, key=key)
        return [made.submitted(number) for number in range(len(opened))]


def only(text, **more):
    (claim,) = claims_of(batch(text).encode(), **more)
    return claim


def respelled(text, spelling):
    """A batch with other separators."""
    element, component, terminator, after = spelling
    return text.translate(str.maketrans({"*": element, ":": component, "~": terminator + after})).encode()


def test_a_claim_is_kept_with_its_lines():
    claim = only(CLAIM)
    assert (claim.transaction.file, claim.transaction.at) == ("sample.837", AT)
    assert (claim.transaction.isa13, claim.transaction.gs06, claim.transaction.st02) == (
        "000000001",
        "1",
        "0001",
    )
    assert (claim.transaction.bht03, claim.transaction.version) == ("TESTBATCH", "005010X222A1")
    assert claim.transaction.made_on == date(2026, 11, 2)
    assert (claim.index, claim.frequency, claim.trace, claim.payer_control) == (1, "7", "TRACE1", "PAYER1")
    assert (claim.cents, claim.filing, claim.payer_class) == (3550, "CI", "commercial")
    assert (claim.first_day, claim.last_day) == (date(2026, 3, 2), date(2026, 3, 4))
    assert claim.rendering_npi == "1000000020"
    assert claim.disposition is Disposition.RELEASED
    first, second = claim.lines
    assert first == (
        "1", "LINE1", "96372", ("59", "76"), Decimal(2), 3050, date(2026, 3, 2), date(2026, 3, 2), "11",
        ("I10", "E538"), "",
    )  # fmt: skip
    assert (second.code, second.units, second.place, second.ndc) == (
        "J3420",
        Decimal("1.5"),
        "22",
        "00143961901",
    )
    assert (second.first_day, second.last_day) == (date(2026, 3, 3), date(2026, 3, 4))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_other_separators_make_no_difference(spelling):
    (claim,) = claims_of(respelled(batch(CLAIM), spelling))
    assert replace(claim, sha256="") == replace(only(CLAIM), sha256="")


def agrees(opened, number, claim):
    """Compare a claim with its views."""
    view = opened.claim(number)
    data = bytes(opened.source.data[view.start : view.end])
    assert claim.sha256 == hashlib.sha256(data).hexdigest()
    assert (claim.index, claim.id, claim.frequency) == (
        view.index,
        kept.control(view.id),
        kept.short(view.frequency),
    )
    for id_, value in (("D9", claim.trace), ("F8", claim.payer_control)):
        assert value == next((kept.control(one.text(2)) for one in view.all("REF", id_)), "")
    rendering = view.rendering()
    assert claim.billing_npi == kept.npi(view.billing.npi if view.billing else "")
    assert claim.rendering_npi == kept.npi(rendering.npi if rendering else "")
    payer = view.subscriber.payer if view.subscriber else None
    assert claim.filing == kept.short(payer.filing if payer else "")
    if payer and payer.segment and payer.segment.text(8) in ("PI", "XV"):
        assert claim.payer_id == kept.payer(payer.id)
    assert claim.payer_class == Payers().payer_class(view)
    assert claim.cents == kept.cents(view.clm.text(2))
    for line, seen in zip(claim.lines, view.lines, strict=True):
        sv1 = seen.sv1 if seen.sv1.id == "SV1" else None
        assert line.number == kept.line_number(seen.number)
        assert line.control == kept.control(seen.control_number)
        assert (line.code, line.modifiers) == (kept.code(seen.code), tuple(map(kept.short, seen.modifiers)))
        assert (line.units, line.cents) == (
            kept.units(sv1.text(4)) if sv1 else None, kept.cents(sv1.text(2)) if sv1 else None,
        )  # fmt: skip
        assert (line.first_day, line.last_day) == (seen.first_day, seen.last_day)
        assert line.place == kept.short(seen.place_of_service)
        assert line.diagnoses == tuple(kept.diagnosis(one.code) for one in view.pointed(seen) if one.code)
        if seen.drug:
            assert line.ndc == kept.ndc(seen.drug.ndc)


def test_a_fixture_is_kept_as_its_views_say(fixture_file):
    try:
        opened = loops.read(fixture_file)
    except loops.NotX12Error:
        return
    with opened:
        made = Submissions(opened, Payers(), at=AT, key=KEY)
        claims = [made.submitted(number) for number in range(len(opened))]
        for number, claim in enumerate(claims):
            agrees(opened, number, claim)
        counted = totals(opened)
        assert sum(claim.cents or 0 for claim in claims) == counted.charges * 100


@pytest.mark.shared
def test_the_corpus_is_kept_as_its_views_say(shared):
    seen = 0
    for path in sorted((shared / "corpus").rglob("*")):
        if path.is_file() and path.stat().st_size < 1 << 20:
            try:
                opened = loops.read(path)
            except loops.NotX12Error:
                continue
            with opened:
                made = Submissions(opened, Payers(), at=AT, key=KEY)
                for number in range(min(len(opened), 50)):
                    agrees(opened, number, made.submitted(number))
                    seen += 1
    assert seen > 150


@given(st.from_regex(r"-?[0-9]{0,5}(\.[0-9]{0,4})?", fullmatch=True))
def test_amounts_are_what_decimals_say(text):
    value = loops.values.number(text)
    exact = value is not None and value * 100 == (value * 100).to_integral_value()
    assert kept.cents(text) == (int(value * 100) if exact else None)


def test_amounts_that_are_none():
    for text in ("", "-", ".", "1,00", "1e5", "+1", "1.005", "²", "19771231", "12345678901234567"):
        assert kept.cents(text) is None
    assert kept.cents("19771231.00") == 1977123100
    assert kept.units("19771231") is None


def test_a_person_is_the_same_in_other_claims_and_files_and_nobody_else():
    text = CLAIM.replace("CLM*TEST1", "DMG*D8*19770707*F\nCLM*TEST1")
    one, other = only(text), only(text.replace("96372", "96401").replace("*JANE", "*Jane"))
    assert one.person == other.person != ""
    assert one.member == other.member == member_key(KEY, " test0001 ")
    twin = only(text.replace("*JANE", "*JOHN"))
    born = only(text.replace("19770707", "19770708"))
    enrolled = only(text.replace("TEST0001", "TEST0002"))
    elsewhere = only(text, key=new_key())
    people = {claim.person for claim in (one, twin, born, enrolled, elsewhere)}
    assert len(people) == 5
    assert twin.member == born.member == one.member
    assert {len(person) for person in people} == {32}


def test_a_dependent_is_told_from_the_subscriber_by_name_and_birth():
    path = Path(__file__).parents[2] / "fixtures" / "edi" / "clean-dependent.837"
    if not path.exists():
        pytest.skip("no such fixture")
    (claim, *_) = claims_of(path.read_bytes())
    with loops.read(path) as opened:
        view = opened.claim(0)
        name = next(one for one in view.patient.segments if one.id == "NM1" and one.text(1) == "QC")
        born = next(one for one in view.patient.segments if one.id == "DMG").text(2)
        member = view.subscriber.member_id
    assert claim.person == person_key(KEY, member, born, name.text(4))
    assert claim.member == member_key(KEY, member)


def test_nobody_is_nobody():
    claim = only(CLAIM.replace("NM1*IL*1*EXAMPLE*JANE****MI*TEST0001", "NM1*IL*2*EXAMPLE"))
    assert claim.person == claim.member == member_key(KEY, "") == person_key(KEY, "", "19770707", "") == ""


CANARIES = (
    "CANARYLAST",
    "CANARYFIRST",
    "CANARYMEMBER",
    "19770707",
    "1977-07-07",
    "CANARY STREET",
    "CANARYCITY",
)
WITH_PERSON = CLAIM.replace(
    "NM1*IL*1*EXAMPLE*JANE****MI*TEST0001",
    "NM1*IL*1*CANARYLAST*CANARYFIRST****MI*CANARYMEMBER\nDMG*D8*19770707*F",
)
SLIPS = {
    "as it is": {},
    "code": {"HC:96372:59:76": "HC:CANARYLAST:CANARYFIRST:19770707"},
    "description": {"HC:96372:59:76": "HC:96372:59:::::CANARYLAST"},
    "shifted": {"SV1*HC:96372:59:76*30.5*UN*2***2:1": "SV1*CANARYLAST*19770707*UN*19770707*CANARYFIRST**CANARYLAST"},
    "diagnosis": {"HI*ABK:E538*ABF:I10": "HI*ABK:CANARYLAST*ABF:19770707"},
    "claim": {"35.5***11:B:7": "19770707***CANARYFIRST:B:CANARYLAST"},
    "payer": {"SBR*P*18*******CI": "SBR*P*18*******CANARYLAST"},
    "provider": {"XX*1000000020": "XX*CANARYMEMBER"},
    "drug": {"N4*00143961901": "N4*CANARYMEMBER"},
    "birth as drug": {"N4*00143961901": "N4*19770707"},
    "lost terminator": {"~NM1*82": "NM1*82", "~LX*2": "LX*2", "~SV1": "SV1", "~DTP": "DTP"},
    "stray terminator": {"CANARYLAST*CANARYFIRST": "CANARYLAST~CANARYFIRST"},
    "line": {"LX*2": "LX*CANARYLAST"},
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_nothing_of_the_patient_is_kept_even_where_it_slipped(slip):
    text = batch(WITH_PERSON).replace("N3*1 EXAMPLE ST", "N3*CANARY STREET")
    text = re.sub(r"N4\*SPRINGFIELD", "N4*CANARYCITY", text)
    for before, after in SLIPS[slip].items():
        assert before in text
        text = text.replace(before, after)
    with loops.read(text.encode()) as opened:
        checker = Checker()
        made = Submissions(opened, checker.payers, at=AT, key=KEY)
        found = {}
        for checked in checker.run(opened):
            for finding in checked.findings:
                found.setdefault(finding.claim_index, []).append(finding)
        kept_claims = [made.submitted(n, found.get(n + 1, ())) for n in range(len(opened))]
    assert kept_claims
    assert [canary for canary in CANARIES if canary in repr(kept_claims)] == []


def test_findings_are_kept_as_codes_without_words():
    text = batch(CLAIM.replace("SV1*HC:96372", "SV1*HC:99213*100*UN*1***1\nSV1*HC:96372", 1))
    checker = Checker(select=("INJ-E02",), guide=False, passes=True)
    with checker.read(text.encode()) as opened:
        (checked,) = checker.run(opened)
        claim = Submissions(opened, checker.payers, at=AT, key=KEY).submitted(
            0, checked.findings, Disposition.HELD
        )
    failed = [one for one in checked.findings if one.outcome == "fail"]
    assert failed
    assert claim.disposition is Disposition.HELD
    assert [(one.rule, one.severity, one.outcome, one.place) for one in claim.alarms] == [
        (one.rule, one.severity, one.outcome, one.place) for one in failed
    ]
    assert [one.cents for one in claim.alarms] == [int(one.dollars * 100) for one in failed]
    assert [one.lines for one in claim.alarms] == [one.lines for one in failed]
    assert not any(one.message in repr(claim) for one in failed)


LEAVES = st.sampled_from(
    ["96372", "25", "DOE, JANE", "19770707", "", 'a"\\', "\xe9", True, 1, 10**20, None, 1.5]
)
FACTS = st.dictionaries(
    st.sampled_from(["code", "modifiers", "units", "visit", 'a"']),
    st.recursive(LEAVES, lambda values: st.lists(values, max_size=3), max_leaves=6),
)


def is_fact(value):
    if isinstance(value, list):
        return all(map(is_fact, value))
    text = isinstance(value, str) and re.fullmatch(r"(?!19770707$)[A-Za-z0-9.:/+ -]{0,40}", value)
    return isinstance(value, int) or bool(text)


@given(FACTS)
def test_evidence_is_json_of_what_may_be_kept(facts):
    shown = masked_row({"evidence": facts})["evidence"]
    assert kept.evidence(facts) == json.dumps({key: value for key, value in shown.items() if is_fact(value)})


def test_the_end_of_timely_filing_is_that_of_the_payers_profile():
    def habit(key, days):
        return Habit(key, days, None, None, "a manual", "", "payer")

    profile = Profile("sample", habits=(habit("timely_days", "90"), habit("corrected_days", "10")))
    first = CLAIM.replace("11:B:7", "11:B:1")
    assert only(first, payers=Payers(profile)).timely == date(2026, 5, 31)
    assert only(CLAIM, payers=Payers(profile)).timely == date(2026, 3, 12)
    assert only(CLAIM, payers=Payers(Profile())).timely is None


def test_what_holds_a_claim_is_its_bytes_and_whose_they_are():
    claim = only(CLAIM)
    assert claim.identity == only(CLAIM).identity
    assert len({replace(claim, **change).identity for change in (
        {}, {"sha256": "0" * 64}, {"person": ""}, {"billing_npi": ""}, {"payer_id": "x"},
    )}) == 5  # fmt: skip
    assert replace(claim, index=9, disposition=Disposition.HELD, run=3).identity == claim.identity


def test_a_claim_that_is_written_oddly_is_kept_all_the_same():
    claim = only(CLAIM.replace("11:B:7", "11:B:7:X:Y"))
    assert (claim.frequency, claim.lines[0].place) == ("7", "11")
    profile = Profile("sample", habits=(Habit("timely_days", "90", None, None, "a manual", "", "payer"),))
    text = CLAIM.replace("11:B:7", "11:B:1").replace("20260303-20260304", "99991231-99991231")
    text = text.replace("REF*6R*LINE1", "DTP*472*D8*99991231\nREF*6R*LINE1")
    assert date.max in {only(text, payers=Payers(profile)).timely, only(text).last_day}
