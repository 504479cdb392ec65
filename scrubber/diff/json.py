"""A comparison as one JSON document, schema ``scrubber.diff/1``.

``before`` and ``after`` name the files and count their claims. ``notes``: list of {what, count,
before, after}, as `scrubber.diff.Note`. ``context``: list of {level, claims, changes}. ``claims``:
list of {kind, matched, before, after, changes, lines}, where before and after are null or {claim,
claim_index, charge, frequency, lines}, and ``lines`` a list of {kind, before, after, changes} with
before and after null or {line, code, service_date, charge}. A change is {kind, place, before, after,
masked, before_start, before_end, after_start, after_end}: values as text with one character a byte,
null where nothing stands; offsets in the two files, null where there is no such segment.
``summary`` counts claims that are the ``same``, ``changed``, ``removed``, ``added``, and ``changes``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from scrubber.diff.shown import claim_facts, line_facts, shown

if TYPE_CHECKING:
    from decimal import Decimal

    from loops import Claim, ServiceLine
    from scrubber.diff.comparison import Comparison
    from scrubber.diff.model import Change, ClaimDiff, LineDiff
    from scrubber.diff.shown import Counts
    from scrubber.report.form import Look

SCHEMA: Final = "scrubber.diff/1"


def write(out: BinaryIO, comparison: Comparison, counts: Counts, look: Look) -> None:
    """Write the document in ASCII, claim by claim; `counts` counts them."""
    out.writelines(piece.encode("ascii") for piece in _pieces(comparison, counts, look))


def _pieces(comparison: Comparison, counts: Counts, look: Look) -> Iterator[str]:
    head = {
        "schema": SCHEMA,
        "before": {"file": comparison.before.name, "claims": counts.claims_before},
        "after": {"file": comparison.after.name, "claims": counts.claims_after},
        "notes": [
            {"what": note.what, "count": note.count, "before": note.before, "after": note.after}
            for note in counts.notes
        ],
        "context": [
            {"level": above.level, "claims": above.claims, "changes": _changes(above.changes, mask=look.mask)}
            for above in comparison.context()
        ],
    }
    yield json.dumps(head)[:-1] + ',\n"claims": ['
    between = "\n"
    for diff in counts.passing(comparison.claims()):
        yield between + json.dumps(_claim(diff, mask=look.mask))
        between = ",\n"
    yield f'\n],\n"summary": {json.dumps(_summary(counts))}}}\n'


def _summary(counts: Counts) -> dict[str, Any]:
    return {
        "same": counts.same,
        "changed": counts.changed,
        "removed": counts.removed,
        "added": counts.added,
        "changes": counts.changes,
        "lines": counts.lines,
        "context_changes": counts.above,
        "different": counts.any,
    }


def _claim(diff: ClaimDiff, *, mask: bool) -> dict[str, Any]:
    return {
        "kind": diff.kind.value,
        "matched": diff.matched or None,
        "before": _named(diff.before, mask=mask),
        "after": _named(diff.after, mask=mask),
        "changes": _changes((*diff.above, *diff.changes), mask=mask),
        "lines": [_line(line, mask=mask) for line in diff.lines],
    }


def _named(claim: Claim | None, *, mask: bool) -> dict[str, Any] | None:
    if claim is None:
        return None
    facts = claim_facts(claim, mask=mask)
    return {
        "claim": facts.claim,
        "claim_index": facts.claim_index,
        "charge": _amount(facts.charge),
        "frequency": facts.frequency,
        "lines": len(claim.lines),
    }


def _line(diff: LineDiff, *, mask: bool) -> dict[str, Any]:
    return {
        "kind": diff.kind.value,
        "before": _service(diff.before, mask=mask),
        "after": _service(diff.after, mask=mask),
        "changes": _changes(diff.changes, mask=mask),
    }


def _service(line: ServiceLine | None, *, mask: bool) -> dict[str, Any] | None:
    if line is None:
        return None
    facts = line_facts(line, mask=mask)
    return {
        "line": facts.line,
        "code": facts.code,
        "service_date": facts.service_date,
        "charge": _amount(facts.charge),
    }


def _amount(charge: Decimal | None) -> str | None:
    return None if charge is None else f"{charge:.2f}"


def _changes(found: Iterable[Change], *, mask: bool) -> list[dict[str, Any]]:
    return [_change(change, mask=mask) for change in found]


def _change(change: Change, *, mask: bool) -> dict[str, Any]:
    place, before, after, hidden = shown(change, mask=mask)
    was, is_ = change.spot_before, change.spot_after
    return {
        "kind": change.kind.value,
        "place": place,
        "before": before,
        "after": after,
        "masked": hidden,
        "before_start": was.start if was else None,
        "before_end": was.end if was else None,
        "after_start": is_.start if is_ else None,
        "after_end": is_.end if is_ else None,
    }
