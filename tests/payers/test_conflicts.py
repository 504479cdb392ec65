"""Payers want opposite things of the same claim: each conflict by one claim and two payers."""

import pytest
from payercases import ALONE, WITH_DRUG, failed, told

NC, NC_MA = {"id_": "BCSNC", "filing": "BL"}, {"id_": "BCSNC", "filing": "16"}
CHPW = {"name": "COMMUNITY HEALTH PLAN OF WASHINGTON", "filing": "MC"}
BRIDGESPAN = {"name": "BRIDGESPAN", "filing": "BL"}
REGENCE, REGENCE_MA = {"name": "REGENCE", "filing": "BL"}, {"name": "REGENCE", "filing": "16"}
PRIORITY = {"name": "PRIORITY HEALTH", "filing": "HM"}
TEXAS_BLUE, NEBRASKA_BLUE = {"id_": "84980", "filing": "BL"}, {"name": "NEBRASKA BLUE", "filing": "BL"}
MARYLAND, ELSEWHERE = (
    {"id_": "87726", "filing": "MC", "home": "MD"},
    {"id_": "87726", "filing": "MC", "home": "TX"},
)
PALMETTO, FIRST_COAST = {"id_": "10112", "filing": "MB"}, {"id_": "09102", "filing": "MB"}


def medicaid(state):
    return {"name": f"{state} MEDICAID", "filing": "MC"}


def place(code):
    return f"CLM*C****{code}:B:1*Y*A*Y*Y\n{WITH_DRUG}"


def drug(code, more=""):
    return f"{ALONE}\nSV1*HC:{code}*5*UN*1***1{more}"


TWO_NDC = drug("J0897", "\nLIN**N4*55513071001\nCTP****1*UN") + (
    "\nSV1*HC:J0897*5*UN*1***1\nLIN**N4*55513071021\nCTP****1*UN"
)
NAMED = drug("J3490:::::TESTDRUGUMAB 10 MG SC NDC 99999001001")
IN_NOTE = drug("J3490", "\nNTE*ADD*TESTDRUGUMAB 10 MG SC NDC 99999001001")
PER_ML = drug("J3490:::::TESTDRUGUMAB 10 MG SC OF 10 MG/ML NDC 99999001001")
ME = drug("J3420", "\nLIN**N4*99999001001\nCTP****1*ME")
REPLACES = f"CLM*C****11:B:7*Y*A*Y*Y\nREF*F8*OLD1\n{WITH_DRUG}"
WEEKS = WITH_DRUG.replace("30*UN*1***1", "30*UN*4***1\nDTP*472*RD8*20260302-20260323")

# The rule, the claim, the payer that faults it, the payer that does not.
OPPOSITE = {
    "drug line demanded or optional": ("INJ-D01", ALONE, NC_MA, NC),
    "drug line demanded or forbidden": ("INJ-D01", f"{ALONE}\nNTE*ADD*TESTDRUG", BRIDGESPAN, CHPW),
    "one cent forbidden or wanted": ("INJ-D02", drug("J3420").replace("*5*", "*0.01*"), CHPW, NC_MA),
    "visit never beside an injection": (
        "INJ-E02",
        f"SV1*HC:99213:25*100*UN*1***1\n{WITH_DRUG}",
        PRIORITY,
        {"name": "MODA HEALTH", "filing": "CI"},
    ),
    "59 on the other line of a pair": (
        "INJ-P10",
        f"SV1*HC:96374:59*80*UN*1***1\n{WITH_DRUG}",
        {"name": "EXAMPLE PLAN", "filing": "CI"},
        {"name": "ANTHEM BLUE CROSS", "filing": "CI"},
    ),
    "surgery centre on the list or not": ("INJ-S01", place("24"), REGENCE, PRIORITY),
    "outpatient hospital off campus": ("INJ-S01", place("19"), REGENCE, PRIORITY),
    "nursing facility": ("INJ-S01", place("32"), REGENCE, TEXAS_BLUE),
    "JZ beyond Medicare": ("INJ-D14", drug("J2315"), NC, TEXAS_BLUE),
    "JZ in one state": ("INJ-D14", drug("J2315"), MARYLAND, ELSEWHERE),
    "JA or JB beyond the lists": ("INJ-D15", drug("J3262"), NC, TEXAS_BLUE),
    "one drug line, or one for each NDC": ("INJ-M05", TWO_NDC, NC, MARYLAND),
    "NDC on every drug or on none": (
        "INJ-D04",
        WITH_DRUG,
        {"name": "BCBS OF ILLINOIS", "filing": "BL"},
        {"name": "BCBS OF ILLINOIS", "filing": "16"},
    ),
    "NDC on unlisted drugs only": ("INJ-D04", WITH_DRUG, {"name": "BCBSM", "filing": "BL"}, TEXAS_BLUE),
    "milligrams of an NDC": (
        "INJ-D06",
        ME,
        {"name": "BCBSM", "filing": "BL"},
        {"id_": "TREST", "filing": "CH"},
    ),
    "unlisted drug in the note": ("INJ-D11", NAMED, NEBRASKA_BLUE, TEXAS_BLUE),
    "unlisted drug in SV101-7": ("INJ-D11", IN_NOTE, TEXAS_BLUE, NEBRASKA_BLUE),
    "mg/mL": ("INJ-D11", PER_ML, PALMETTO, FIRST_COAST),
    "unlisted drugs on paper": ("INJ-D12", NAMED, medicaid("TEXAS"), medicaid("OHIO")),
    "FP or U1 on J1050": ("INJ-D21", drug("J1050"), medicaid("ALABAMA"), medicaid("OHIO")),
    "340B by U8": ("INJ-D19", drug("J3420:UD"), medicaid("TEXAS"), medicaid("ILLINOIS")),
    "340B by UD": ("INJ-D19", drug("J3420:U8"), medicaid("ILLINOIS"), medicaid("TEXAS")),
    "replacement of a denied claim": (
        "INJ-A09",
        REPLACES,
        {"name": "FORWARDHEALTH", "filing": "MC"},
        MARYLAND,
    ),
    "weekly span": ("INJ-A06", WEEKS, medicaid("OHIO"), {"name": "MEDI-CAL", "filing": "MC"}),
}


@pytest.mark.parametrize("title", OPPOSITE)
def test_the_same_claim_is_wrong_for_one_payer_and_right_for_the_other(title):
    code, text, strict, lenient = OPPOSITE[title]
    assert failed(code, text=text, **strict)
    assert not failed(code, text=text, **lenient)


SIDES = {
    "Regence": ("INJ-S01", place("24"), REGENCE, "20180930", [], "20181001", ["deny"]),
    "Regence, Medicare Advantage": (
        "INJ-S01",
        place("25"),
        REGENCE_MA,
        "20241031",
        [],
        "20241101",
        ["deny"],
    ),
    "Blue Cross NC, JZ": ("INJ-D14", drug("J2315"), NC, "20241031", [], "20241101", ["deny"]),
    "UHC Maryland, JZ": ("INJ-D14", drug("J2315"), MARYLAND, "20250430", [], "20250501", ["deny"]),
    "Alabama, J1050": ("INJ-D21", drug("J1050"), medicaid("ALABAMA"), "20121231", [], "20130101", ["deny"]),
}


@pytest.mark.parametrize("title", SIDES)
def test_a_habit_counts_from_its_day_on(title):
    code, text, payer, before, without, after, with_ = SIDES[title]
    assert failed(code, text=text, day=before, **payer) == without
    assert failed(code, text=text, day=after, **payer) == with_


def test_a_surgery_centre_is_exempt_at_regence_from_its_day_on():
    text = place("24").replace("SV1", "PRV*PE*PXC*261QA1903X\nSV1", 1)
    assert failed("INJ-S01", text=text, day="20190930", **REGENCE) == ["deny"]
    assert failed("INJ-S01", text=text, day="20191001", **REGENCE) == []


def test_a_former_contractor_wanted_76_until_it_went():
    lines = "SV1*HC:96372:59*30*UN*1***1\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1"
    cahaba = {"name": "CAHABA GBA", "filing": "MB"}
    assert failed("INJ-M03", text=lines, day="20171231", **cahaba) == ["advise"]
    assert failed("INJ-M03", text=lines, day="20180101", **cahaba) == []


def test_a_payer_that_takes_99211_for_an_unsupervised_injection_is_told_so():
    visit = f"SV1*HC:99211*20*UN*1***1\n{WITH_DRUG}"
    there, elsewhere = (
        told("INJ-E01", text=visit, name=name, filing="BL")[0].message
        for name in ("BCBS OF ALABAMA", "EXAMPLE BLUE PLAN")
    )
    assert "this payer takes it" in there
    assert "this payer takes it" not in elsewhere


def test_a_visit_whose_purpose_was_the_injection():
    """As a regulation of Massachusetts is said to have it: known second-hand, so it only advises."""
    visit = f"SV1*HC:99213:25*100*UN*1***1\n{WITH_DRUG}"
    assert failed("INJ-E09", text=visit, name="MASSHEALTH", filing="MC") == ["advise"]
    assert failed("INJ-E09", text=visit, filing="MC") == []


def test_59_beside_an_x_is_denied_where_the_payers_own_dated_rule_says_so():
    lines = f"SV1*HC:96374*80*UN*1***1\n{WITH_DRUG.replace('96372', '96372:59:XU')}"
    assert failed("INJ-P09", text=lines, name="INDEPENDENCE BLUE CROSS", filing="BL") == ["deny"]
    assert failed("INJ-P09", text=lines, name="ANTHEM BLUE CROSS", filing="BL") == ["advise"]


def test_what_is_undated_or_of_an_unsure_payer_only_advises():
    assert failed("INJ-D01", text=ALONE, **BRIDGESPAN) == ["advise"]
    assert failed("INJ-D04", text=WITH_DRUG, id_="87726", filing="12") == ["deny"]
    assert failed("INJ-D04", text=WITH_DRUG, id_="87726", filing="CI") == ["advise"]


def test_carton_or_vial():
    lines = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J1720*5*UN*1***1\nLIN**N4*{}\nCTP****1*UN"
    package, vial = lines.format("00009001104"), lines.format("00009001103")
    colorado = {"name": "HEALTH FIRST COLORADO", "filing": "MC"}
    new_jersey = {"name": "HORIZON NJ HEALTH", "filing": "MC"}
    assert failed("INJ-D05", text=package, **colorado) == ["advise"]
    assert failed("INJ-D05", text=package, **new_jersey) == []
    assert failed("INJ-D05", text=vial, **colorado) == []
    assert failed("INJ-D05", text=vial, **new_jersey) == ["advise"]
