"""Rules made in a test, and the settling of their fixes in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from rulecases import DAY, SUBJECTS, TABLES, batch, spell

import loops
from scrubber.engine import Engine
from scrubber.finding import Edit, Expected, Finding, Fix, Safety, Severity
from scrubber.rewrite.approvals import NONE_APPROVED, Approval, Approvals
from scrubber.rewrite.changes import By, Change
from scrubber.rewrite.choose import Offer, offer
from scrubber.rewrite.guard import prove
from scrubber.rewrite.refuse import administration
from scrubber.rewrite.settle import Settled, settle
from scrubber.rewrite.splice import splice
from scrubber.rule import Hit, Rule

INJECTION = "SV1*HC:96372*30*UN*1***1"


def text(claims: str = INJECTION, spelling: str = "usual", day: str = DAY) -> bytes:
    """A whole batch of the claims of a fragment (see rulecases)."""
    return spell(batch(claims, day), spelling)


def rule_of(code: str, check: Callable) -> Rule:
    """A rule around a function of a claim that yields hits."""
    return Rule(code, code.lower(), Severity.REJECT, (), Expected(), lambda claim, _: check(claim), doc="")


def replacing(code: str, old: bytes, new: bytes, safety: Safety = Safety.FORMAT, says: str = "") -> Rule:
    """A rule that finds `old` in the service segment of a line and offers `new` in its place."""

    def check(claim):
        for line in claim.lines:
            at = line.sv1.raw.find(old)
            if at >= 0:
                start = line.sv1.start + at
                fix = Fix(safety, f"write {code}", (Edit(start, start + len(old), old, new),))
                yield Hit(line.sv1.spot(1), says or f"{old!r} stands there", (line,), fix=fix)

    return rule_of(code, check)


def offering(code: str, edits: Callable[[loops.Claim], Iterable[Edit]], safety=Safety.FORMAT) -> Rule:
    """A rule that offers what `edits` gives for a claim."""

    def check(claim):
        made = tuple(edits(claim))
        if made:
            yield Hit(claim.clm.spot(1), "always", claim.lines[:1], fix=Fix(safety, f"edit {code}", made))

    return rule_of(code, check)


def change_of(edit: Edit, claim_index: int = 1, safety: Safety = Safety.FORMAT) -> Change:
    """The change that a rule of our own makes by an edit."""
    return Change(edit, f"CLAIM{claim_index}", claim_index, (By("T01", "1", "2400/SV101", safety, "mend"),))


def approving(*codes: str) -> Approvals:
    """Approvals of everything that the rules with these codes suggest."""
    entries = (Approval(n, code, "A. EXAMPLE, CPC", "seen", date.max) for n, code in enumerate(codes, 1))
    return Approvals(tuple(entries), date(2026, 11, 23))


def settled(data: bytes, *rules: Rule, approvals: Approvals = NONE_APPROVED) -> tuple[Settled, bytes]:
    """Settle the fixes of `rules` on `data`, prove the outcome, and return it with its bytes."""

    def render(edits):
        out = io.BytesIO()
        splice(before.source, edits, out)
        return loops.read(out.getvalue(), codes=SUBJECTS)

    def judge(read):
        return (f for judged in Engine(read, rules, TABLES).run() for f in judged.findings)

    before = loops.read(data, codes=SUBJECTS)
    outcome = settle(before, judge, render, administration(TABLES), approvals, keep=True)
    prove(before, outcome.after, outcome.changes)
    lists = {name: tuple(getattr(outcome, name)) for name in ("changes", "put_off", "trouble")}
    return replace(outcome, **lists), bytes(outcome.after.source.data[:])


def shared_by(one, other):
    """How many bytes two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def smallest(edit):
    """The edit without the bytes that stay at its ends."""
    old, new = edit.before, edit.after
    tail = shared_by(old[::-1], new[::-1])
    head = shared_by(old[: len(old) - tail], new[: len(new) - tail])
    return Edit(edit.start + head, edit.end - tail, old[head : len(old) - tail], new[head : len(new) - tail])


def _finding() -> Finding:
    with loops.read(text(), codes=SUBJECTS) as batch:
        rule = replacing("T01", b"HC", b"hc")
        return next(f for judged in Engine(batch, (rule,), TABLES).run() for f in judged.findings)


FINDING = _finding()


def made(code: str, *edits: Edit, safety: Safety = Safety.FORMAT) -> Offer:
    """An offer of these edits by a rule of that code."""
    return offer(replace(FINDING, rule=code, fix=Fix(safety, code, edits)))
