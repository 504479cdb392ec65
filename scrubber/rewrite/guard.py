"""Prove a rewritten batch on the bytes read back: what was promised of it holds, or it is not published."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from loops import Batch, Claim
from loops.source import Source
from loops.totals import Totals, totals
from scrubber.codes import is_drug
from scrubber.errors import GuardError
from scrubber.finding import Edit
from scrubber.rewrite.changes import Change
from scrubber.rewrite.recount import off_by
from scrubber.rewrite.refuse import CENT
from scrubber.rewrite.splice import BLOCK, expect, there_and_back

_COLUMNS: Final = ("set_isa", "set_group", "claim_set", "billing", "subscriber", "patient")


def prove(before: Batch, after: Batch, changes: Iterable[Change]) -> None:
    """Hold `after`, read back from what was written, against `before` and the declared `changes`.

    The changes come by place, and more than once. Raises GuardError with the first promise that fails:
    bytes outside the edits are the same, those inside are as declared; separators, envelope,
    claims and who they belong to, SE01's relation to its segments are the
    same; so are the amounts of claims and lines, but for the lines that an
    approved fix removed and the cents that it added, which add up.
    """
    prove_bytes(before.source, after.source, (change.edit for change in changes))
    _prove_structure(before, after)
    changed = _prove_claims(before, after, changes)
    _prove_counts(before, after, changes, changed)


def prove_bytes(before: Source, after: Source, edits: Iterable[Edit]) -> None:
    """Raise GuardError unless `after` is `before` with `edits` made and nothing else; they come by place."""
    position = shift = 0
    for edit, back in there_and_back(edits):
        expect(before.data, edit)
        expect(after.data, back)
        _same(before, after, position, edit.start, shift)
        position, shift = edit.end, back.end - edit.end
    _same(before, after, position, len(before), shift)
    if len(after) != len(before) + shift:
        raise GuardError(f"{len(after)} bytes were written, not {len(before) + shift}")


def _same(before: Source, after: Source, start: int, end: int, shift: int) -> None:
    for position in range(start, end, BLOCK):
        stop = min(position + BLOCK, end)
        if before.data[position:stop] != after.data[position + shift : stop + shift]:
            raise GuardError(f"a byte outside the declared edits changed, at {position} or after")
        before.release(position, stop)
        after.release(position + shift, stop + shift)


def _prove_structure(before: Batch, after: Batch) -> None:
    one, other = before.index, after.index
    if [isa.elements for isa in one.isas] != [isa.elements for isa in other.isas]:
        raise GuardError("an interchange header changed")
    if [isa.delimiters for isa in one.isas] != [isa.delimiters for isa in other.isas]:
        raise GuardError("the separators changed")
    if [group.elements for group in one.groups] != [group.elements for group in other.groups]:
        raise GuardError("a functional group header changed")
    if [foreign.what for foreign in one.foreign] != [foreign.what for foreign in other.foreign]:
        raise GuardError("a transaction of another kind changed")
    if [problem.code for problem in one.problems] != [problem.code for problem in other.problems]:
        raise GuardError("the envelope has other problems than before")
    if len(before) != len(after):
        raise GuardError(f"{len(before)} claims came in, {len(after)} would go out")
    if any(getattr(one, column) != getattr(other, column) for column in _COLUMNS):
        raise GuardError("a claim would stand under another provider, subscriber, patient or transaction")


def _prove_counts(before: Batch, after: Batch, changes: Iterable[Change], changed: Totals) -> None:
    if totals(before) + changed != totals(after):
        raise GuardError("the numbers or amounts of claims and service lines changed")
    for number, _ in _by_place(changes, before.index.set_start):
        if off_by(before, number) != off_by(after, number):
            raise GuardError(f"SE01 of transaction {number + 1} no longer fits its segments as it did")


def _prove_claims(before: Batch, after: Batch, changes: Iterable[Change]) -> Totals:
    """Prove the claims that `changes` touch; return by how much approved fixes changed the totals."""
    changed = Totals()
    for number, changed_here in _by_place(changes, before.index.claim_start):
        inside = list(changed_here)
        one, other = before.claim(number), after.claim(number)
        if one.id != other.id:
            raise GuardError(f"CLM01 of claim {number + 1} changed")
        if any(change.billed and change.claim_index == number + 1 for change in inside):
            changed += _prove_billed(one, other, [change.edit for change in inside])
        elif one.charge != other.charge:
            raise GuardError(f"CLM02 of claim {number + 1} changed")
        elif [(s.number, s.charge) for s in one.lines] != [(s.number, s.charge) for s in other.lines]:
            raise GuardError(f"a service line or its charge changed in claim {number + 1}")
    return changed


def _prove_billed(one: Claim, other: Claim, edits: Sequence[Edit]) -> Totals:
    """Prove the money of a claim in which an approved fix changed what is billed; return the change."""
    name = f"claim {one.index}"
    left = [line for line in one.lines if not _inside(line.lx.start, edits)]
    gone = len(one.lines) - len(left)
    if len(left) != len(other.lines):
        raise GuardError(f"{name} has {len(other.lines)} service lines, not {len(left)}")
    for line, now in zip(left, other.lines, strict=True):
        cent = is_drug(now.code) and line.charge == 0 and now.charge == CENT
        if line.charge != now.charge and not cent:
            raise GuardError(f"the charge of line {line.number} of {name} changed")
    if gone and [line.number for line in other.lines] != [str(n + 1) for n in range(len(other.lines))]:
        raise GuardError(f"the lines of {name} are not numbered one after another")
    total, lines = _sum([one.charge]), _sum(line.charge for line in one.lines)
    new_total, new_lines = _sum([other.charge]), _sum(line.charge for line in other.lines)
    if new_total - new_lines != total - lines:
        raise GuardError(f"CLM02 of {name} no longer fits its lines as it did")
    return Totals(0, -gone, new_total - total, new_lines - lines)


def _sum(charges: Iterable[Decimal | None]) -> Decimal:
    return sum((charge for charge in charges if charge is not None), Decimal(0))


def _inside(place: int, edits: Iterable[Edit]) -> bool:
    """Whether a byte is one of those that an edit replaces."""
    return any(edit.start <= place < edit.end for edit in edits)


def _by_place(changes: Iterable[Change], starts: Sequence[int]) -> Iterator[tuple[int, Iterator[Change]]]:
    """The changes by what they stand in or behind, which begins at `starts`; none before the first."""
    for number, inside in groupby(changes, lambda change: bisect_right(starts, change.edit.start) - 1):
        if number >= 0:
            yield number, inside
