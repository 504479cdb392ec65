"""Batches to compare, and what their comparison says in a form that is short to write down."""

from __future__ import annotations

import loops
from scrubber.diff import Change, ClaimDiff, Comparison
from scrubber.sample.fragment import batch

CLAIM = """
    SV1*HC:99213:25*100*UN*1***1
    REF*6R*LINE-A
    SV1*HC:96372*30*UN*1***1
    REF*6R*LINE-B
    SV1*HC:J3420*5*UN*1***1
    REF*6R*LINE-C
    LIN**N4*00143961901
    CTP****1*ML
"""


def whole(text: str, *changes: tuple[str, str]) -> bytes:
    """The batch around a fragment, after replacing texts that must be in it."""
    made = batch(text)
    for old, new in changes:
        assert old in made, old
        made = made.replace(old, new, 1)
    return made.encode("latin-1")


def changed(*changes: tuple[str, str], text: str = CLAIM) -> list[str]:
    """What the comparison of a batch with itself, after `changes`, says of its claims."""
    return said(whole(text), whole(text, *changes))


def said(before: bytes, after: bytes) -> list[str]:
    """What a comparison says of the claims, a text a change."""
    with loops.read(before) as one, loops.read(after) as other:
        return [text for diff in Comparison(one, other).claims() for text in claim(diff)]


def claim(diff: ClaimDiff) -> list[str]:
    """What is said of a claim."""
    if diff.before is None or diff.after is None:
        return [f"{diff.kind} claim {(diff.before or diff.after).id}"]
    told = [one(change) for change in (*diff.above, *diff.changes)]
    for line in diff.lines:
        number = (line.before or line.after).number
        if line.before is None or line.after is None:
            told.append(f"{line.kind} line {number}")
        else:
            told += [f"line {number}: {one(change)}" for change in line.changes]
    return told


def one(change: Change) -> str:
    """A change as text."""
    if change.kind == "changed":
        return f"{change.place} {change.before} -> {change.after}"
    return f"{change.kind} {change.place} {change.before or change.after}"
