"""Every rule keeps the form of the house: file, code, name, docstring, citation, tests, both sides of a date."""

import importlib.util
import inspect
import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rulecases import findings

from scrubber.context import Context
from scrubber.registry import all_rules
from scrubber.rule import Rule

HERE = Path(__file__).parent
RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
FILE = re.compile(r"(?P<code>[a-z]\d\d)_[a-z0-9]+(_[a-z0-9]+)*")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
OWN_DATE = re.compile(r"\bdate\(\d{4}, ")


def source(rule: Rule) -> Path:
    return Path(inspect.getfile(inspect.unwrap(rule.check)))


def short(rule: Rule) -> str:
    return rule.code.removeprefix("INJ-").lower()


@cache
def cases(rule: Rule):
    path = HERE / f"test_{short(rule)}.py"
    spec = importlib.util.spec_from_file_location(f"cases_of_{short(rule)}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CASES


def test_there_are_rules_and_each_file_below_rules_is_one():
    files = {path for path in source(all_rules()[0]).parents[1].glob("?/*.py") if path.name != "__init__.py"}
    assert {source(rule) for rule in all_rules()} == files


@RULES
def test_the_file_is_named_after_the_code(rule):
    path = source(rule)
    found = FILE.fullmatch(path.stem)
    assert found, path.name
    assert rule.code == f"INJ-{found['code'].upper()}"
    assert path.parent.name == rule.family.lower()


@RULES
def test_the_module_says_its_code_first(rule):
    doc = inspect.getdoc(inspect.getmodule(inspect.unwrap(rule.check)))
    assert doc.startswith(f"{rule.code}: ")
    assert len(doc.splitlines()) == 1


@RULES
def test_the_name_is_kebab_case_and_no_other_rule_has_it(rule):
    assert NAME.fullmatch(rule.name), rule.name
    assert [one.code for one in all_rules() if one.name == rule.name] == [rule.code]


@RULES
def test_the_docstring_has_a_summary_a_reason_and_both_examples(rule):
    assert rule.summary.endswith(".")
    assert "\n" not in rule.summary
    assert len(rule.why.split()) > 8
    assert all(re.search(r"^SV1\*HC:", text, re.MULTILINE) for text in (*rule.bad, *rule.good))


@RULES
def test_an_authority_is_cited(rule):
    assert rule.citations
    assert all(one.title for one in rule.citations)
    assert all(re.match("https?://", one.url) for one in rule.citations if one.url)


@RULES
def test_the_front_door_of_a_site_is_no_page_that_was_read(rule):
    for one in rule.citations:
        assert urlsplit(one.url).path.strip("/") or one.checked_on is None, one


@RULES
def test_what_the_rejection_will_say_is_well_formed(rule):
    expected = rule.expected
    assert all(re.fullmatch(r"(A[0-8]|F2|R1):\d{1,3}(:[0-9A-Z]{2})?", one) for one in expected.status)
    assert all(re.fullmatch(r"[A-Z]?\d{1,3}", one) for one in expected.carc)
    assert all(re.fullmatch(r"(M|MA|N)\d{1,3}", one) for one in expected.rarc)


@RULES
def test_it_has_two_bad_and_three_good_cases_of_its_own(rule):
    told = cases(rule)
    assert len([one for one in told if one.bad]) >= 2
    assert len([one for one in told if not one.bad]) >= 3
    assert len({one.title for one in told}) == len(told)


@RULES
def test_a_dated_rule_is_tested_on_both_sides_of_a_date(rule, monkeypatch):
    told = cases(rule)
    if not OWN_DATE.search(source(rule).read_text(encoding="utf-8")) and not _asked(rule, told, monkeypatch):
        return
    pairs = [
        (before, after)
        for before in told
        for after in told
        if _day(before) + timedelta(1) == _day(after) and _verdict(before) != _verdict(after)
    ]
    assert pairs, "no two cases on neighbouring days whose verdicts differ"


def _asked(rule, told, monkeypatch):
    """The tables that the rule asks on its own cases and examples."""
    asked = set()
    ask = Context.table

    def record(self, name):
        asked.add(name)
        return ask(self, name)

    monkeypatch.setattr(Context, "table", record)
    for case in told:
        findings(rule, case.text, profile=case.profile, day=case.day)
    return asked


def _day(case):
    return datetime.strptime(case.day, "%Y%m%d").date()  # noqa: DTZ007


def _verdict(case):
    return (case.outcome, case.severity) if case.bad else "good"
