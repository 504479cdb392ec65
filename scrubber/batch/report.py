"""The manifest of a file (``reports/NAME.run.json``): its run as data, and the sign that all is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scrubber.batch.split_frames import Passing
from scrubber.batch.task import Order, Task, dollars
from scrubber.ledger import Counts, Run

if TYPE_CHECKING:
    from loops import Batch
    from scrubber.batch.books import Account, Books
    from scrubber.batch.drafts import Drafts
    from scrubber.batch.mend import Mended
    from scrubber.batch.split import Split
    from scrubber.batch.task import Sum
    from scrubber.ledger.rows import ClaimRow
    from scrubber.report.tally import Tally

SCHEMA: Final = "scrubber.run/1"
_DUE: Final = 20


class _Held(NamedTuple):
    """A held claim with the rules that hold it, by its last day or that of its service, and its ordinal."""

    day: str
    number: int
    claim: ClaimRow
    rules: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        claim = self.claim
        return {
            "claim": claim.claim,
            "service": claim.first_day,
            "timely": claim.timely,
            "charge": dollars(claim.cents or 0),
            "payer_class": claim.payer_class,
            "rules": list(self.rules),
        }


@dataclass(slots=True)
class HeldBy:
    """Held claims and their cents, counted as they go by: by payer class and by rule; the due and the old.

    `due` are those whose last day is next, `oldest` those of the oldest services: `_DUE` of each are told.
    """

    payers: Counter[str] = field(default_factory=Counter)
    payer_cents: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    rule_cents: Counter[str] = field(default_factory=Counter)
    due: list[_Held] = field(default_factory=list)
    oldest: list[_Held] = field(default_factory=list)

    def count(self, claim: ClaimRow, rules: set[str]) -> None:
        """Take in a held claim, and the rules that hold it."""
        cents = claim.cents or 0
        self.payers[claim.payer_class] += 1
        self.payer_cents[claim.payer_class] += cents
        for rule in rules:
            self.rules[rule] += 1
            self.rule_cents[rule] += cents
        for first, day in ((self.due, claim.timely), (self.oldest, claim.first_day)):
            if day is not None:
                first.append(_Held(day, claim.number, claim, tuple(sorted(rules))))
                if len(first) > 2 * _DUE:
                    first[:] = nsmallest(_DUE, first)

    def as_dict(self) -> dict[str, Any]:
        """As JSON data: most dollars first."""
        return {
            "by_rule": _rows("rule", self.rules, self.rule_cents),
            "by_payer": _rows("payer_class", self.payers, self.payer_cents),
            "next_due": [one.as_dict() for one in nsmallest(_DUE, self.due)],
            "oldest": [one.as_dict() for one in nsmallest(_DUE, self.oldest)],
        }


def _rows(key: str, claims: Counter[str], cents: Counter[str]) -> list[dict[str, Any]]:
    names = sorted(claims, key=lambda name: (-cents[name], name))
    return [{key: name, "claims": claims[name], "charges": dollars(cents[name])} for name in names]


def manifest(
    task: Task,
    order: Order,
    *,
    batch: Batch,
    books: Books,
    parted: Split,
    mended: Mended,
    held_by: HeldBy,
    outcome: str,
) -> dict[str, Any]:
    """The run as JSON data: the same input, time, rules and tables give the same data."""
    tally = mended.last.tally
    return {
        "schema": SCHEMA,
        "name": order.arrival.name,
        "outcome": outcome,
        "at": task.at.isoformat(),
        "input": {"bytes": order.arrival.size, "sha256": order.sha256},
        "totals": books.total.as_dict(),
        "transactions": list(_transactions(batch, books)),
        "held": held_by.as_dict(),
        "findings": {"outcomes": dict(sorted(tally.outcomes.items())), "by_rule": _by_rule(tally)},
        "changes": {
            "fixes": len(mended.changes),
            "notes": len(mended.notes),
            "put_off": _put_off(mended),
            "billed_claims": len(mended.billed),
        },
        "not_837p": [foreign.what for foreign in batch.index.foreign],
        "renewed": [_renewed(one.old, one.new) for one in parted.renewed],
        "policy": task.policy.as_dict(),
        "software": task.versions.software,
        "rules": {
            "version": task.versions.rules,
            "codes": list(task.versions.codes),
            "select": list(task.select),
            "ignore": list(task.ignore),
        },
        "tables": [{"name": name, "vintage": vintage} for name, vintage in task.versions.tables],
    }


def run_of(task: Task, order: Order, drafts: Drafts, total: Account, outcome: str) -> Run:
    """The run as the ledger keeps it."""
    return Run(
        sha256=order.sha256,
        name=order.name,
        at=task.at,
        policy=task.policy.name,
        outcome=outcome,
        received=_counts(total.received),
        released=_counts(total.released),
        held=_counts(total.held),
        select=task.select,
        ignore=task.ignore,
        profile=task.profile,
        tables=task.versions.tables,
        rules=task.versions.rules,
        software=task.versions.software,
        artefacts=drafts.artefacts,
    )


def _counts(one: Sum) -> Counts:
    return Counts(one.claims, one.lines, one.cents)


def _transactions(batch: Batch, books: Books) -> Iterator[dict[str, Any]]:
    passing = Passing(batch.source)  # each look at the file maps much of it
    for number, account in enumerate(books.transactions()):
        passing.at(batch.index.set_start[number])
        envelope = batch.envelope(number)
        yield {
            "isa13": envelope.isa13,
            "gs06": envelope.gs06,
            "st02": envelope.st02,
            "bht03": envelope.bht03,
            **account.as_dict(),
        }


def _renewed(old: tuple[str, ...], new: tuple[str, ...]) -> dict[str, dict[str, str]]:
    keys = ("isa13", "gs06", "st02", "bht03")
    return {"old": dict(zip(keys, old, strict=True)), "new": dict(zip(keys, new, strict=True))}


def _put_off(mended: Mended) -> list[dict[str, Any]]:
    counted = Counter((one.by.rule, one.reason) for one in mended.put_off)
    return [{"rule": rule, "reason": why, "count": count} for (rule, why), count in sorted(counted.items())]


def _by_rule(tally: Tally) -> list[dict[str, Any]]:
    return [
        {
            "rule": code,
            "severity": severity,
            "name": rule.name,
            "findings": rule.findings,
            "claims": rule.claims,
            "charges": f"{rule.dollars:.2f}",
        }
        for (code, severity), rule in sorted(tally.rules.items())
    ]
