"""A month small enough to be judged whole."""

from __future__ import annotations

import pytest

from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.month import month

BEHAVIOUR = Behaviour(sets_refused=0.08)


@pytest.fixture(scope="session")
def exchanged():
    """2,500 claims of 30 days with their answers and the truth; more sets are refused than in a real month."""
    return month(2500, 30, 7, BEHAVIOUR)
