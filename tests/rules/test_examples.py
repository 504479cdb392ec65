"""The examples in the docstring of every rule: Bad must fail, Good must not, however the batch is spelled."""

import pytest
from rulecases import SPELLINGS, findings

from scrubber.registry import all_rules

EXAMPLES = [
    pytest.param(rule, kind, text, id=f"{rule.code}-{kind}-{number}")
    for rule in all_rules()
    for kind, texts in (("bad", rule.bad), ("good", rule.good))
    for number, text in enumerate(texts, 1)
]


@pytest.mark.parametrize(("rule", "kind", "text"), EXAMPLES)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_example_does_as_it_says(rule, kind, text, spelling):
    told = findings(rule, text, spelling)
    assert all(found.rule == rule.code for found in told), [found.message for found in told]
    failed = [found.message for found in told if found.outcome == "fail"]
    assert bool(failed) == (kind == "bad"), failed
