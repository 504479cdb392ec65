"""Run a test with nothing learned, and with patterns of whole blocks at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loops.validate import automaton as learned
from loops.validate import seen


@pytest.fixture(params=["cold", "hot"])
def learning(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """`cold`: no pattern was built yet; `hot`: a block gets its pattern as soon as it was seen once."""
    if request.param == "hot":
        monkeypatch.setattr(learned, "_ALL", 1)
        monkeypatch.setattr(learned, "_FEW", 1)
        monkeypatch.setattr(learned, "_FIRST", dict.fromkeys(learned._FIRST, 1))
        monkeypatch.setattr(learned, "_LATER", 2)
        monkeypatch.setattr(seen, "_ENOUGH", 1)
    learned.automaton.cache_clear()
    yield request.param
    learned.automaton.cache_clear()
