"""What a profile does to findings: rules off and on, severities, the source in the citations, the class."""

import re

import pytest
from payercases import ALONE, WITH_DRUG, failed, sent, told

import scrubber
from scrubber.checker import Checker
from scrubber.errors import ConfigError
from scrubber.payers import Profile, load_profile, open_payers


@pytest.fixture
def profile(tmp_path):
    def write(text):
        path = tmp_path / "plan.toml"
        path.write_text(text, encoding="utf-8")
        return load_profile(path)

    return write


def rule(code, more):
    return f'[[rule]]\ncode = "{code}"\n{more}\n'


def test_a_rule_is_off_between_its_days(profile):
    off = profile(rule("INJ-D01", "on = false\nfrom = 2026-01-01\nthru = 2026-03-31"))
    days = {"20251231": ["advise"], "20260101": [], "20260331": [], "20260401": ["advise"]}
    for day, wanted in days.items():
        assert failed("INJ-D01", off, text=ALONE, day=day) == wanted, day


def test_the_longest_code_counts_and_then_the_first(profile):
    family = rule("INJ-D", "on = false")
    assert failed("INJ-D01", profile(family), text=ALONE) == []
    assert failed("INJ-D01", profile(family + rule("INJ-D01", "on = true")), text=ALONE) == ["advise"]
    both = rule("INJ-D01", 'severity = "deny"\nfrom = 2026-01-01') + rule("INJ-D01", 'severity = "reject"')
    assert failed("INJ-D01", profile(both), text=ALONE, day="20251231") == ["reject"]
    assert failed("INJ-D01", profile(both), text=ALONE, day="20260101") == ["deny"]


def test_a_rule_that_a_profile_extended_put_off_can_be_put_on_again(tmp_path, profile):
    (tmp_path / "base.toml").write_text(rule("INJ-D01", "on = false"), encoding="utf-8")
    assert failed("INJ-D01", profile('extends = "base"'), text=ALONE) == []
    assert failed("INJ-D01", profile('extends = "base"\n' + rule("INJ-D01", "on = true")), text=ALONE)


def test_a_severity_set_is_told_and_decides_what_becomes_of_the_claim(profile):
    found = told("INJ-D01", profile(rule("INJ-D01", 'severity = "deny"')), text=ALONE)[0]
    assert (found.severity, found.disposition) == ("deny", "hold")
    assert found.evidence["severity_set_by"] == "plan"
    plain = told("INJ-D01", text=ALONE)[0]
    assert (plain.severity, plain.disposition) == ("advise", "pass")
    assert "severity_set_by" not in plain.evidence


def test_the_payers_own_source_is_cited_first():
    found = told("INJ-D01", text=ALONE, id_="BCSNC", filing="16")[0]
    assert found.citations[0].title.startswith("Drug and Biologicals MA")
    assert found.citations[0].section == "drug_line: required_0.01"
    assert not [one for one in told("INJ-D01", text=ALONE)[0].citations if "drug_line" in one.section]


def test_a_source_that_nobody_dated_is_not_cited(profile):
    habit = '[[habit]]\nkey = "drug_line"\nvalue = "required"\nsource = "Manual"\n'
    dated = told("INJ-D01", profile("checked_on = 2026-01-02\n" + habit), text=ALONE)[0]
    assert dated.citations[0].title == "Manual"
    undated = told("INJ-D01", profile(habit), text=ALONE)[0]
    assert "Manual" not in [one.title for one in undated.citations]


def test_rules_for_medicare_alone_are_off_where_payer_and_sbr09_contradict_each_other():
    medicare = told("INJ-D01", text=ALONE, filing="MB")[0]
    contradicted = told("INJ-D01", text=ALONE, filing="MB", id_="87726")[0]
    assert (medicare.severity, medicare.payer_class) == ("deny", "medicare")
    assert (contradicted.severity, contradicted.payer_class) == ("advise", "unknown")


def test_findings_of_the_guide_have_the_class_of_the_payer_too():
    data = re.sub(
        r"SE\*\d+\*", "SE*99*", sent(text=ALONE.replace("SV1*HC", "SV1*XX"), id_="87726", filing="16")
    )
    found = scrubber.check(data.encode())
    of_claim = {(one.rule[:3], one.payer_class) for one in found if one.claim_index}
    assert {name for name, _ in of_claim} >= {"X12"}
    assert {class_ for _, class_ in of_claim} == {"medicare-advantage"}


def test_a_checker_takes_a_file_for_all_claims_or_a_folder_by_payer(tmp_path):
    (tmp_path / "plan.toml").write_text(
        '[recognise]\nids = ["TEST9"]\n' + rule("INJ-D01", "on = false"), encoding="utf-8"
    )
    by_file, by_folder = open_payers(tmp_path / "plan.toml"), open_payers(tmp_path)
    for id_, wanted in {"TEST9": [], "99999": ["advise"]}.items():
        assert failed("INJ-D01", by_file, text=ALONE, id_=id_) == []
        assert failed("INJ-D01", by_folder, text=ALONE, id_=id_) == wanted
    assert Checker(by_file).profile.name == "plan"
    assert Checker(by_folder).profile is None


def test_a_checker_refuses_a_profile_with_a_rule_that_does_not_exist(tmp_path):
    (tmp_path / "plan.toml").write_text(rule("INJ-Q99", "on = false"), encoding="utf-8")
    for path in (tmp_path, tmp_path / "plan.toml"):
        with pytest.raises(ConfigError, match=r'plan\.toml, line 2: code "INJ-Q99" is unknown'):
            Checker(open_payers(path))


def test_without_profile_an_unknown_payer_is_judged_as_by_its_class_alone():
    """The generic profiles add nothing that decides, so an unknown payer is as good as none."""
    for filing in ("CI", "BL", "MC", "MB", "16", "CH", "ZZ"):
        for code, text in (("INJ-D01", ALONE), ("INJ-S01", f"CLM*C****24:B:1*Y*A*Y*Y\n{WITH_DRUG}")):
            assert failed(code, text=text, filing=filing) == failed(
                code, Profile(), text=text, filing=filing
            ), (filing, code)
