"""Every row of the Medicare edits that has 96372, each as a claim: what the row demands is what is found."""

import csv
import random
from collections import defaultdict

import pytest
from rulecases import SUBJECTS, TABLES, batch

import loops
from scrubber.engine import Engine
from scrubber.registry import find_rule
from scrubber.rules.pairs import VISIT, family

DAY = "20240715"
INJECTION = "96372"
# INJ-B05 and INJ-B12 stand in for the pair of an allergen and of a joint injection that took the drug.
OF_PAIRS = "E01 E02 E03 P01 P02 P03 P04 P05 P06 P07 P13".split()
STAND_IN = ["B05", "B12"]
OTHERS = 2000


def judged(claims):
    """What the rules of pairs find on each claim, a list of (code, modifiers) for each."""
    texts = []
    for number, lines in enumerate(claims):
        texts.append(f"=== TEST{number:05}")
        texts.append("SBR*P*18*******MB")
        texts += [f"SV1*HC:{':'.join((code, *marks))}*30*UN*1***1" for code, *marks in lines]
    data = batch("\n".join(texts), DAY).encode()
    rules = tuple(find_rule(f"INJ-{code}") for code in OF_PAIRS + STAND_IN)
    with loops.read(data, name="rows.837", codes=SUBJECTS) as read:
        found = {one.claim.index - 1: one.findings for one in Engine(read, rules, TABLES).run()}
    return [found[number] for number in range(len(claims))]


@pytest.fixture(scope="module")
def rows(shared):
    with (shared / "data" / "ncci_ptp" / "ncci_ptp_96372.csv").open(encoding="utf-8", newline="") as stream:
        active = [row for row in csv.DictReader(stream) if row["active_2024q3"] == "Y"]
    assert len(active) > 6000
    return [(row["column1"], row["column2"], row["modifier_indicator"]) for row in active]


@pytest.mark.shared
def test_without_a_modifier_column_2_is_refused_once(rows):
    claims = [((one,), (two,)) for one, two, _ in rows]
    wrong = []
    for (one, two, indicator), findings in zip(rows, judged(claims), strict=True):
        failed = [(found.line, found.severity.value) for found in findings if found.outcome == "fail"]
        if failed != [("2", "reject" if indicator == "0" else "deny")]:
            wrong.append((one, two, indicator, failed))
    assert not wrong, (len(wrong), wrong[:20])


@pytest.mark.shared
def test_a_modifier_opens_the_pairs_of_indicator_1_and_no_other(rows):
    claims = [
        ((one,), (two, "25")) if family(two) == VISIT else ((one, *mark(one)), (two, *mark(two)))
        for one, two, _ in rows
    ]
    wrong = []
    for (one, two, indicator), findings in zip(rows, judged(claims), strict=True):
        told = [found for found in findings if found.rule[4:] in OF_PAIRS]
        outcomes = [(found.line, found.outcome.value) for found in told]
        if outcomes != [("2", "fail" if indicator == "0" else "bypassed")]:
            wrong.append((one, two, indicator, outcomes))
        # What stands in speaks of another matter then, and does not deny.
        assert all(found.severity == "advise" for found in findings if found not in told), (one, two)
    assert not wrong, (len(wrong), wrong[:20])


def mark(code):
    return ("59",) if code == INJECTION else ()


@pytest.mark.shared
def test_codes_without_a_row_are_left_alone(rows, shared):
    paired = {code for one, two, _ in rows for code in (one, two)}
    with (shared / "data" / "hcpcs" / "hcpcs_level2_2024-07.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        codes = {next(iter(row.values())) for row in csv.DictReader(stream)}
    codes = {code for code in codes if len(code) == 5} | {f"{number:05}" for number in range(100, 99607)}
    chosen = random.Random(96372).sample(sorted(codes - paired), OTHERS)
    claims = [((code,), (INJECTION,)) for code in chosen]
    wrong = defaultdict(list)
    for code, findings in zip(chosen, judged(claims), strict=True):
        for found in (one for one in findings if one.rule[4:] in OF_PAIRS):
            wrong[found.rule].append((code, found.outcome.value))
    assert not wrong, {rule: told[:10] for rule, told in wrong.items()}
