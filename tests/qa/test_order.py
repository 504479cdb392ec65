"""The order of files and claims does not matter, nor does a file that comes twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.qa.answers import Named
from scrubber.qa.outcome import outcome
from scrubber.qa.result import Result

from .answered import made, remittance, result_of
from .test_outcome import case_of, histories


def told(result: Result):
    """All of a result that does not name the files."""
    claims = [replace(row, answer="") for row in result.claims]
    unmatched = Counter((one.kind, one.claim, one.reason) for one in result.unmatched)
    return replace(result, claims=claims, unmatched=unmatched, files=[])


def test_answers_in_any_order(sample):
    for seed in range(2):
        answers = [*sample.answers]
        Random(seed).shuffle(answers)
        again = sample.again(answers)
        assert again == sample.result


def test_answers_under_other_names(sample, tmp_path):
    """What an answer says may not hang on what its file is called."""
    moved = []
    for number, one in enumerate(Random(3).sample(sample.answers, len(sample.answers))):
        path = tmp_path / f"{number}.edi"
        path.symlink_to(one.path)
        moved.append(Named(path, path.name))
    assert told(sample.again(moved)) == told(sample.result)


def test_copies_of_answers_change_nothing(sample, tmp_path):
    copies = []
    for one in sample.answers[::3]:
        path = tmp_path / f"a-copy-of-{one.name}"
        path.write_bytes(one.path.read_bytes())
        copies.append(Named(path, path.name))
    again = sample.again([*copies, *sample.answers])
    names = {one.name for one in copies}
    assert {one.name for one in again.files if one.copy_of} >= names
    kept = [one for one in again.files if one.name not in names]
    assert replace(again, files=kept) == sample.result


def test_claims_in_any_order(sample):
    claims = [*sample.claims]
    Random(5).shuffle(claims)
    again = sample.again(sample.answers, claims)
    assert (again.counts, again.by_rule, again.by_cause, again.by_payer, again.times) == (
        sample.result.counts, sample.result.by_rule, sample.result.by_cause, sample.result.by_payer, sample.result.times,
    )  # fmt: skip
    states = {row.claim: (row.state, row.answered_on, row.causes) for row in sample.result.claims}
    assert {row.claim: (row.state, row.answered_on, row.causes) for row in again.claims} == states


@settings(max_examples=200)
@given(histories(), st.randoms(use_true_random=False))
def test_the_outcome_of_any_history(history, random):
    shuffled = [*history]
    random.shuffle(shuffled)
    assert outcome(case_of(shuffled)) == outcome(case_of(history))
    assert outcome(case_of([*history, *history])).state == outcome(case_of(history)).state or any(
        one.state == "reversed" for one in history
    )


def test_no_answers_at_all(tmp_path):
    result = result_of([made()], [remittance()], tmp_path / "a")
    assert (result.claims[0].state, result.claims[0].waiting, result.match_rate) == ("open", "nothing", None)
    assert result.precision.value is result.recall.value is None
