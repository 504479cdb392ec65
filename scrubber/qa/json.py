"""The result as one JSON document, schema ``scrubber.qa/1``: the counts of the contract, then the claims.

Counts and ``dollars`` (decimal strings) have the keys of `scrubber.qa.result.COUNTED`. ``precision`` and
``recall`` are {value, low, high, dollars}, null where of nothing. ``claims``: list of objects, one a claim;
``number`` names a claim in the lists that lead to claims (``rows``, ``before``, ``after``). What absent
values are to the dataclasses of `scrubber.qa.result` (empty text, 0 for no number) is null here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from scrubber.qa.result import SCHEMA

if TYPE_CHECKING:
    from scrubber.qa.result import CauseCount, ClaimRow, Counts, GroupRow, Result, RuleRow, Share
    from scrubber.report.form import Look

_PLAIN: Final = (
    *("unmatched", "missed_groups", "by_code", "overridden", "corrections", "changes", "totals", "times"),
    "files",
)


def write(out: BinaryIO, result: Result, look: Look) -> None:  # noqa: ARG001 - nothing of it is of persons
    """Write the document in ASCII, claim by claim."""
    out.writelines(piece.encode("ascii") for piece in _pieces(result))


def _pieces(result: Result) -> Iterator[str]:
    yield json.dumps(summary(result), indent=1)[:-2] + ',\n "claims": ['
    between = "\n  "
    for row in result.claims:
        yield between + json.dumps(claim(row))
        between = ",\n  "
    yield "\n ]\n}\n"


def summary(result: Result) -> dict[str, Any]:
    """Everything but the claims."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "about": plain(result.about),
        **result.counts.claims,
        "precision": _share(result.precision),
        "recall": _share(result.recall),
        "match_rate": _rounded(result.match_rate),
        "answers": dict(result.answers),
        "matched": result.matched,
        "dollars": _dollars(result.counts),
        "by_rule": [_rule(one) for one in result.by_rule],
        "relax": [one.rule for one in result.relax],
        "by_payer": _groups("payer", result.by_payer),
        "by_payer_class": _groups("payer_class", result.by_payer_class),
        "by_provider": _groups("provider", result.by_provider),
        "by_week": _groups("week", result.by_week),
        "by_month": _groups("month", result.by_month),
        "by_cause": [_cause(one) for one in result.by_cause],
        "totals_compared": result.totals_compared,
    }
    return data | {key: [plain(one) for one in getattr(result, key)] for key in _PLAIN}


def claim(row: ClaimRow) -> dict[str, Any]:
    """A claim."""
    return {**plain(row), "rules": list(row.rules)}


def plain(one: Any) -> Any:
    """A value of the result as JSON data: cents become ``dollars``, what is empty null."""
    if hasattr(one, "__dataclass_fields__"):
        return dict(_field(field.name, getattr(one, field.name)) for field in fields(one))
    if isinstance(one, date):
        return one.isoformat()
    if isinstance(one, (list, tuple)):
        return [plain(item) for item in one]
    return one


def _field(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith("cents") or name.startswith("cents"):
        return name.replace("cents", "dollars"), money(value)
    if value == "" or (name in ("corrects", "corrected_by") and value == 0):
        return name, None
    return name, plain(value)


def money(cents: int) -> str:
    """Cents as a decimal string."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def _dollars(counts: Counts) -> dict[str, str]:
    return {key: money(cents) for key, cents in counts.cents.items()}


def _groups(name: str, groups: Sequence[GroupRow]) -> list[dict[str, Any]]:
    return [{name: one.key, **one.counts.claims, "dollars": _dollars(one.counts)} for one in groups]


def _rule(one: RuleRow) -> dict[str, Any]:
    data: dict[str, Any] = plain(one)
    data.pop("precision")
    share = one.precision
    return data | {
        "precision": _rounded(share.value),
        "precision_low": _rounded(share.low),
        "precision_high": _rounded(share.high),
        "precision_dollars": _rounded(share.dollars),
    }


def _cause(one: CauseCount) -> dict[str, Any]:
    return {**plain(one), "in_scope": one.scope == "coding"}


def _share(one: Share) -> dict[str, float | None]:
    return {field.name: _rounded(getattr(one, field.name)) for field in fields(one)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
