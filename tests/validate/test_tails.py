"""What follows a faulty segment is passed as a pattern once it was seen: no answer may change by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from loops.validate import GuideProblem, seen, validate
from loops.validate import automaton as learned

SPOILT = [b"\x07", b"Q" * 90, b"", None]


def spoilt(data: bytes, value: bytes | None) -> list[bytes]:
    """Copies of a batch, each with one element of one segment between BHT and SE replaced, and a late birth.

    None: the segment is left out, and nothing else changed.
    """
    late = data if value is None else data.replace(b"DMG*D8*19", b"DMG*D8*29")
    segments = late.split(b"~")
    found = []
    for n, segment in enumerate(segments):
        parts = segment.split(b"*")
        if len(parts) > 2 and parts[0].strip() not in {b"ISA", b"GS", b"ST", b"SE", b"GE", b"IEA", b"BHT"}:
            changed = [] if value is None else [b"*".join([*parts[:-1], value])]
            found.append(b"~".join([*segments[:n], *changed, *segments[n + 1 :]]))
    return found


@pytest.mark.parametrize("value", SPOILT, ids=["control", "long", "empty", "left out"])
def test_what_was_learned_changes_no_answer(
    fixtures: Path, value: bytes | None, monkeypatch: pytest.MonkeyPatch
):
    cases = spoilt((fixtures / "clean-commercial.837").read_bytes(), value)
    cold: list[list[GuideProblem]] = []
    for data in cases:
        learned.automaton.cache_clear()
        cold.append(list(validate(data)))
    monkeypatch.setattr(learned, "_ALL", 1)
    monkeypatch.setattr(learned, "_FEW", 1)
    monkeypatch.setattr(learned, "_FIRST", dict.fromkeys(learned._FIRST, 1))
    monkeypatch.setattr(learned, "_LATER", 2)
    monkeypatch.setattr(seen, "_ENOUGH", 1)
    learned.automaton.cache_clear()
    for _ in range(3):
        for data, expected in zip(cases, cold, strict=True):
            assert list(validate(data)) == expected
    born_late = any(problem.code == "X12-DATE-BIRTH" for problems in cold for problem in problems)
    assert born_late == (value is not None)
    learned.automaton.cache_clear()
