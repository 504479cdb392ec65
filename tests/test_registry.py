"""Which rules a selection turns on."""

from dataclasses import replace

import pytest

from scrubber import registry
from scrubber.registry import Selection, all_rules

REMINDER = "INJ-E02"


@pytest.fixture
def _off(monkeypatch):
    """The registry with one rule that is off by default."""
    rules = {one.code: replace(one, default=one.code != REMINDER) for one in all_rules()}
    monkeypatch.setattr(registry, "_rule", rules.__getitem__)


@pytest.mark.usefixtures("_off")
@pytest.mark.parametrize(
    ("select", "ignore", "on"),
    [
        ((), (), False),
        (("INJ",), (), False),
        (("INJ-E",), (), False),
        ((REMINDER,), (), True),
        (("inj-e02",), (), True),
        (("INJ", REMINDER), (), True),
        ((), ("INJ-A",), False),
        ((REMINDER,), (REMINDER,), False),
    ],
)
def test_a_rule_that_is_off_needs_its_whole_code(select, ignore, on):
    chosen = Selection(select, ignore)
    assert (REMINDER in chosen) == on
    assert (REMINDER in {one.code for one in chosen.rules()}) == on


@pytest.mark.usefixtures("_off")
def test_selecting_all_and_a_reminder_runs_both():
    both = Selection(("INJ", REMINDER))
    assert {one.code for one in both.rules()} == {one.code for one in all_rules()}
    assert {one.code for one in Selection((REMINDER,)).rules()} == {REMINDER}
