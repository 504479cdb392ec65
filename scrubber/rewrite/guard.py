"""Prove a rewritten batch on the bytes read back: what was promised of it holds, or it is not published."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Final

from loops import Batch, Claim
from loops.source import Source
from loops.totals import Totals, totals
from scrubber.errors import GuardError
from scrubber.finding import Edit
from scrubber.rewrite.recount import off_by
from scrubber.rewrite.refuse import CENT
from scrubber.rewrite.splice import BLOCK, expect, in_order, undoing
from scrubber.rules.common import is_drug

_COLUMNS: Final = ("set_isa", "set_group", "claim_set", "billing", "subscriber", "patient")


def prove(before: Batch, after: Batch, edits: Sequence[Edit], billed: Collection[int] = frozenset()) -> None:
    """Hold `after`, read back from what was written, against `before` and the declared `edits`.

    `billed` are the numbers (from 0) of claims in which an approved fix changed what is billed.
    Raises GuardError with the first promise that fails: bytes outside the
    edits are the same, those inside are as declared; separators, envelope,
    claims and who they belong to, SE01's relation to its segments are the
    same; so are the amounts of claims and lines, but for the lines that an
    approved fix removed and the cents that it added, which add up.
    """
    prove_bytes(before.source, after.source, edits)
    _prove_structure(before, after)
    changed = _prove_claims(before, after, edits, billed)
    _prove_counts(before, after, edits, changed)


def prove_bytes(before: Source, after: Source, edits: Iterable[Edit]) -> None:
    """Raise GuardError unless `after` is `before` with `edits` made and nothing else."""
    position = shift = 0
    for edit, back in zip(in_order(edits), undoing(edits), strict=True):
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


def _prove_counts(before: Batch, after: Batch, edits: Iterable[Edit], changed: Totals) -> None:
    if totals(before) + changed != totals(after):
        raise GuardError("the numbers or amounts of claims and service lines changed")
    starts = before.index.set_start
    for number in sorted({_place(starts, edit.start) for edit in edits}):
        if number >= 0 and off_by(before, number) != off_by(after, number):
            raise GuardError(f"SE01 of transaction {number + 1} no longer fits its segments as it did")


def _prove_claims(before: Batch, after: Batch, edits: Sequence[Edit], billed: Collection[int]) -> Totals:
    """Prove the claims that `edits` touch; return by how much approved fixes changed the totals."""
    changed = Totals()
    touched: defaultdict[int, list[Edit]] = defaultdict(list)
    for edit in edits:
        touched[_place(before.index.claim_start, edit.start)].append(edit)
    touched.pop(-1, None)
    for number, inside in sorted(touched.items()):
        one, other = before.claim(number), after.claim(number)
        if one.id != other.id:
            raise GuardError(f"CLM01 of claim {number + 1} changed")
        if number in billed:
            changed += _prove_billed(one, other, inside)
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


def _place(starts: Sequence[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1
