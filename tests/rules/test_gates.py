"""A gate (`when`) leaves a rule out only where it has nothing to say: with and without, findings are the same."""

import importlib.util
import random
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from rulecases import DAY, SUBJECTS, TABLES, batch

import loops
from scrubber.engine import Engine
from scrubber.registry import all_rules
from scrubber.rule import When

HERE = Path(__file__).parent
EDI = HERE.parents[1] / "fixtures" / "edi"
GATED = all_rules()
SAID = {rule.code: rule for rule in GATED if rule.when}
PAYERS = ("CI", "MB", "MC", "BL", "CH", "16")
MODIFIERS = ("", "", "", "25", "59", "XU", "76", "JW", "JZ", "JA", "JB", "TB", "UD", "GY", "Q1", "95", "jz")
PLACES = ("", "", "11", "02", "12", "22", "58", "65")
DIAGNOSES = ("E538", "Z23", "C50911", "J301", "Z516", "O0990", "M0609")
# Before the tables, in them, and after.
DAYS = (date(2004, 3, 1), date(2008, 12, 31), date(2019, 7, 1), date(2024, 8, 2), date(2026, 3, 2))


def same(data, profile=None, gated=GATED):
    with loops.read(data, name="gates.837", codes=SUBJECTS) as read:
        for number in read.wanted():
            found = Engine(read, gated, TABLES, profile).judge(number).findings
            ungated = tuple(replace(rule, when=None) for rule in gated)
            assert found == Engine(read, ungated, TABLES, profile).judge(number).findings


@cache
def cases():
    found = []
    for path in sorted(HERE.glob("test_[a-z][0-9][0-9].py")):
        spec = importlib.util.spec_from_file_location(f"gates_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found += module.CASES
    return found


def test_on_the_cases_of_every_rule():
    for case in cases():
        same(batch(case.text, case.day).encode("latin-1"), case.profile)


def test_on_the_examples_of_every_rule():
    for rule in GATED:
        for text in (*rule.bad, *rule.good):
            same(batch(text, DAY).encode("latin-1"))


NO_X12 = {"broken-binary", "broken-empty", "broken-whitespace"}


@pytest.mark.parametrize("path", sorted(EDI.glob("*.837")), ids=lambda path: path.stem)
def test_on_the_fixtures(path):
    if path.stem in NO_X12:
        with pytest.raises(loops.NotX12Error):
            same(path)
    else:
        same(path)


def codes():
    """Codes that a table names as such, and some that none does."""
    tables = ("drugs", "products", "admin_codes", "injection_procedures", "retired_codes", "noc_codes")
    named = {row.cells[0] for name in tables for row in TABLES.table(name).rows()}
    named |= {mark for rule in SAID.values() for mark in rule.when.claim | rule.when.day if " " not in mark}
    return [
        *sorted(one for one in named if len(one) == 5),
        "99213",
        "99211",
        "80053",
        "G2086",
        "36591",
        "J8501",
    ]


@pytest.mark.parametrize("seed", range(60))
def test_on_any_mix_of_codes(seed):
    draw = random.Random(seed)
    known = codes()
    claims = []
    for _ in range(3):
        rows = [f"SBR*P*18*******{draw.choice(PAYERS)}", f"HI*ABK:{draw.choice(DIAGNOSES)}*ABF:E538"]
        for _ in range(draw.randrange(1, 5)):
            code = "96372" if draw.random() < 0.3 else draw.choice(known)
            mark = draw.choice(MODIFIERS)
            place = draw.choice(PLACES)
            rows.append(f"SV1*HC:{code}{':' + mark if mark else ''}*10*UN*{draw.randrange(4)}*{place}**1")
            if draw.random() < 0.2:
                rows.append("DTP*472*D8*" + draw.choice(["2026", "20260301"]))
            if draw.random() < 0.2:
                rows += ["LIN**N4*00641092825", "CTP****1*ML"]
        claims.append("\n".join(rows))
    day = draw.choice(DAYS)
    text = "\n---\n".join([*claims, "SV1*HC:96372*10*UN*1***1"])
    same(batch(text, f"{day:%Y%m%d}").encode("latin-1"))


def test_a_gate_that_asks_too_much_is_noticed():
    rule = SAID["INJ-A02"]
    with pytest.raises(AssertionError):
        same(batch(rule.bad[0]).encode("latin-1"), gated=(replace(rule, when=When(frozenset({"00000"}))),))


def test_a_rule_beside_gates_is_asked_as_ever():
    assert {rule.code for rule in GATED} - set(SAID)
    assert len(SAID) > 50


def test_every_cell_that_a_gate_names_stands_in_its_table():
    for rule in SAID.values():
        for mark in rule.when.claim | rule.when.day:
            if " " in mark:
                name, column, beginning = mark.split(" ", 2)
                rows = TABLES.table(name).rows()
                assert any(row[column].startswith(beginning) for row in rows), (rule.code, mark)
