"""Whose profile a claim gets: by payer id, alias, name, Medicare's state, or the class that SBR09 tells."""

import pytest
from payercases import claim_of, profile_of

from scrubber.context import Context
from scrubber.errors import ConfigError
from scrubber.payers import Payers, Profile, open_payers
from scrubber.tables import load_tables

RECOGNISED = {
    # payer id, SBR09 narrows
    ("unitedhealthcare", "commercial"): {"id_": "87726", "filing": "12"},
    ("unitedhealthcare-ma", "medicare-advantage"): {"id_": "87726", "filing": "16"},
    ("unitedhealthcare-cp", "medicaid"): {"id_": "87726", "filing": "MC", "home": "TX"},
    ("unitedhealthcare-cp-md", "medicaid"): {"id_": "87726", "filing": "MC", "home": "MD"},
    ("unitedhealthcare-cp-ri", "medicaid"): {"id_": "87726", "filing": "MC", "home": "RI"},
    ("aetna", "commercial"): {"id_": "60054"},
    ("cigna", "medicare-advantage"): {"id_": "62308", "filing": "16"},
    ("humana-ma", "medicare-advantage"): {"id_": "61101", "filing": "16"},
    ("wellcare", "medicaid"): {"id_": "68069", "filing": "MC"},
    ("bcbs-tx", "commercial"): {"id_": "84980", "filing": "BL"},
    ("bcbs-nc", "commercial"): {"id_": "BCSNC", "filing": "BL"},
    ("bcbs-nc-ma", "medicare-advantage"): {"id_": "BCSNC", "filing": "16"},
    ("bcbs-mn", "commercial"): {"id_": " 00720 ", "filing": "BL"},
    ("tricare-east", "tricare"): {"id_": "TREST", "filing": "CH"},
    ("medicare-palmetto", "medicare"): {"id_": "10112", "filing": "MB"},
    ("medicare-noridian-je", "medicare"): {"id_": "01182", "filing": "MB"},
    ("medicare-fcso", "medicare"): {"id_": "09102", "filing": "MB"},
}
BY_ALIAS = {"txbcbs": "bcbs-tx", "G84980": "bcbs-tx", "61472": "bcbs-nc", "SB720": "bcbs-mn"}
BY_NAME = {
    "Regence BlueShield": ("BL", "regence"),
    "REGENCE BCBS OF OREGON": ("16", "regence-ma"),
    "Blue Cross & Blue Shield of Illinois": ("BL", "bcbs-il"),
    "BLUE CROSS AND BLUE SHIELD OF NORTH CAROLINA": ("BL", "bcbs-nc"),
    "BCBS OF ALABAMA": ("BL", "bcbs-al"),
    "PRIORITY HEALTH": ("HM", "priority-health"),
    "BridgeSpan Health Company": ("CI", "bridgespan"),
    "COMMUNITY HEALTH PLAN OF WASHINGTON": ("MC", "chpw"),
    "AMERIHEALTH NEW JERSEY": ("CI", "independence"),
    "TEXAS MEDICAID": ("MC", "tx-medicaid"),
    "TRIWEST": ("VA", "va-ccn-triwest"),
    "TRIWEST HEALTHCARE ALLIANCE": ("CH", "tricare-west"),
    "NATIONAL GOVERNMENT SERVICES": ("MB", "medicare-ngs"),
}
NOT_BY_NAME = ("AMERIHEALTH CARITAS", "NEW REGENCE", "BCBS", "BLUE CROSS BLUE SHIELD", "PLAN UHC", "")
GENERIC = {
    "CI": ("generic-commercial", "commercial"),
    "BL": ("generic-commercial", "commercial"),
    "MC": ("generic-medicaid", "medicaid"),
    "16": ("generic", "medicare-advantage"),
    "CH": ("generic", "tricare"),
    "WC": ("generic", "workers-comp"),
    "ZZ": ("generic", "unknown"),
    "": ("generic", "unknown"),
}


def known(**how):
    profile = profile_of(**how)
    return profile.name, Payers().payer_class(claim_of(**how))


@pytest.mark.parametrize("wanted", RECOGNISED, ids=lambda wanted: wanted[0])
def test_a_payer_id_names_the_profile(wanted):
    assert known(**RECOGNISED[wanted]) == wanted


@pytest.mark.parametrize("alias", BY_ALIAS)
def test_an_alias_names_the_profile(alias):
    assert profile_of(id_=alias, filing="BL").name == BY_ALIAS[alias]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_name_names_the_profile_where_the_id_tells_nothing(name):
    filing, wanted = BY_NAME[name]
    assert profile_of(name=name, filing=filing).name == wanted
    assert profile_of(name=name, id_="84980", filing="BL").name == "bcbs-tx"


@pytest.mark.parametrize("name", NOT_BY_NAME)
def test_a_name_that_only_looks_alike_names_nobody(name):
    assert profile_of(name=name).name == "generic-commercial"


@pytest.mark.parametrize("filing", GENERIC)
def test_else_sbr09_tells_the_class(filing):
    assert known(filing=filing) == GENERIC[filing]


@pytest.mark.parametrize(
    ("practice", "wanted", "mac"),
    [
        ("IL", "medicare-ngs", "ngs"),
        ("GA", "medicare-palmetto", "palmetto"),
        ("GU", "medicare-noridian-je", "noridian-je"),
        ("TX", "generic-medicare", ""),
        ("XX", "generic-medicare", ""),
    ],
)
def test_medicare_of_an_unknown_id_is_the_contractor_of_the_billing_state(practice, wanted, mac):
    profile = profile_of(filing="MB", practice=practice, home="FL")
    assert (profile.name, profile.mac, profile.payer_class) == (wanted, mac, "medicare")
    assert not any(habit.decides for habit in profile.habits)


@pytest.mark.parametrize("filing", ["CI", "HM", "ZZ", ""])
@pytest.mark.parametrize("id_", ["87726", "BCSNC", "61101"])
def test_where_sbr09_tells_no_line_of_business_apart_no_habit_of_a_shared_id_decides(id_, filing):
    profile = profile_of(id_=id_, filing=filing)
    assert not any(habit.decides for habit in profile.habits)
    assert any(habit.decides for habit in profile_of(id_="87726", filing="12").habits)


def test_an_id_of_a_single_profile_decides_under_any_insurers_filing_code():
    for filing in ("CI", "HM", "ZZ", "BL"):
        profile = profile_of(name="BCBS OF ALABAMA", filing=filing)
        assert any(habit.decides for habit in profile.habits), filing


@pytest.mark.parametrize(
    "how",
    [
        {"id_": "10112", "filing": "CI"},
        {"id_": "10112", "filing": "MC"},
        {"id_": "87726", "filing": "MB"},
        {"name": "REGENCE BLUESHIELD", "filing": "MB"},
        {"id_": "TREST", "filing": "BL"},
        {"id_": "60054", "filing": "WC"},
    ],
    ids=lambda how: " ".join(how.values()),
)
def test_sbr09_that_contradicts_the_payer_leaves_no_class_and_no_habit(how):
    profile = profile_of(**how)
    assert profile.conflict
    assert (profile.payer_class, profile.habits) == ("unknown", ())
    assert profile.name not in ("generic", "generic-medicare", "generic-commercial")


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ({"id_": "84980", "filing": "MC"}, "generic-medicaid"),
        ({"id_": "84980", "filing": "16"}, "generic"),
        ({"id_": "68069", "filing": "CI"}, "generic-commercial"),
        ({"name": "TEXAS MEDICAID", "filing": "16"}, "generic"),
    ],
)
def test_another_line_of_the_same_insurer_is_no_contradiction(how, wanted):
    profile = profile_of(**how)
    assert (profile.name, profile.conflict) == (wanted, False)


def test_a_medicare_id_without_filing_code_is_medicare():
    for filing in ("", "ZZ", "MA"):
        assert known(id_="10112", filing=filing) == ("medicare-palmetto", "medicare")


def test_the_answer_is_remembered_and_states_keep_their_own():
    payers = Payers()
    first = payers.of(claim_of(id_="84980", filing="BL"))
    assert payers.of(claim_of(id_="84980", filing="BL", home="TX")) is first
    homes = ["MD", "RI", "MD", "TX"]
    names = [payers.of(claim_of(id_="87726", filing="MC", home=home)).name for home in homes]
    assert names == [
        "unitedhealthcare-cp-md",
        "unitedhealthcare-cp-ri",
        "unitedhealthcare-cp-md",
        "unitedhealthcare-cp",
    ]


def test_what_is_remembered_does_not_grow_with_the_file():
    payers = Payers()
    claim = claim_of()
    for number in range(10_000):
        payers._learn(claim, ("CI", f"TEST{number}", "EXAMPLE"))
    assert len(payers._known) < 5_000


def test_a_profile_of_all_claims_wins():
    payers = Payers(Profile("ours", "medicaid"))
    assert payers.of(claim_of(id_="87726", filing="16")).name == "ours"
    assert payers.payer_class(claim_of(filing="CI")) == "medicaid"
    without_class = Payers(Profile("ours"))
    assert without_class.payer_class(claim_of(filing="MB")) == "medicare"


def test_the_context_of_a_claim_has_the_class_of_its_payer():
    how = {"name": "COMMUNITY HEALTH PLAN OF WASHINGTON", "filing": ""}
    claim = claim_of(**how)
    context = Context(claim, Payers().of(claim), load_tables())
    assert (context.payer_class, context.medicare) == ("medicaid", False)


@pytest.fixture
def site(tmp_path):
    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return open_payers(tmp_path)

    return write


def test_a_folder_is_recognised_before_what_is_bundled_and_adds_to_it(site):
    payers = site(
        ours='class = "commercial"\n[recognise]\nids = ["TEST01"]',
        aliases='name = "our-texas"\nextends = "bcbs-tx"\n[recognise]\naliases = ["LOCAL84"]',
        uhc='class = "commercial"\n[recognise]\nids = ["87726"]',
    )
    assert profile_of(payers, id_="TEST01").name == "ours"
    texas = profile_of(payers, id_="local84", filing="BL")
    assert texas.name == "our-texas"
    assert "carton" in [habit.value for habit in texas.habits]
    assert profile_of(payers, id_="87726", filing="CI").name == "uhc"
    assert profile_of(payers, id_="87726", filing="16").name == "unitedhealthcare-ma"
    assert profile_of(payers, id_="BCSNC", filing="BL").name == "bcbs-nc"


@pytest.mark.parametrize(
    ("one", "other", "fault"),
    [
        ('[recognise]\nids = ["T1"]', '[recognise]\nids = ["t1"]', 'line 2: "T1" stands for'),
        (
            '[recognise]\nids = ["T1"]',
            'title = "B"\n[recognise]\naliases = ["T1"]',
            'line 3: "T1" stands for',
        ),
        (
            'class = ["commercial", "medicaid"]\n[recognise]\nids = ["T1"]',
            'class = "medicaid"\n[recognise]\nids = ["T1"]',
            'line 3: "T1" stands for',
        ),
        (
            '[recognise]\nids = ["T1"]\nstates = ["MD", "RI"]',
            '[recognise]\nids = ["T1"]\nstates = ["RI"]',
            'line 2: "T1" stands for',
        ),
        ('[recognise]\nnames = ["THE PLAN"]', '[recognise]\nnames = ["plan"]', 'line 2: "PLAN" stands for'),
        ('name = "b"', 'title = "B"\nname = "b"', 'line 2: another profile is called "b"'),
    ],
)
def test_two_profiles_that_claim_the_same_payer_are_refused(site, one, other, fault):
    with pytest.raises(ConfigError) as caught:
        site(a=one, b=other)
    assert fault in str(caught.value)


def test_classes_and_states_keep_profiles_of_one_id_apart(site):
    site(
        a='class = "commercial"\n[recognise]\nids = ["T1"]',
        b='class = "medicaid"\n[recognise]\nids = ["T1"]',
        c='class = "medicaid"\n[recognise]\nids = ["T1"]\nstates = ["MD"]',
        d='class = "medicaid"\n[recognise]\nids = ["T1"]\nstates = ["RI"]',
    )
