"""A comparison as one HTML page that works offline; the look is that of `scrubber.report.page`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from scrubber.diff.model import Kind
from scrubber.diff.shown import above_text, claim_facts, known, line_facts, note_text, shown
from scrubber.report import page

if TYPE_CHECKING:
    from loops import Claim
    from scrubber.diff.comparison import Comparison
    from scrubber.diff.model import Change, ClaimDiff, LineDiff
    from scrubber.diff.shown import ClaimFacts, Counts
    from scrubber.report.form import Look


class Row(NamedTuple):
    """A change: the line it is on (empty above lines), its place, the values (None: nothing stands there)."""

    line: str
    place: str
    kind: str
    before: str | None
    after: str | None
    masked: bool


class Card(NamedTuple):
    """A claim: its facts in each file, how it was recognised, its changes; its services when it is alone."""

    kind: str
    before: ClaimFacts | None
    after: ClaimFacts | None
    matched: str
    rows: list[Row]
    services: str


def write(out: BinaryIO, comparison: Comparison, counts: Counts, look: Look) -> None:
    """Write the page. The claims are gone through twice, as their counts stand above them."""
    deque(counts.passing(comparison.claims()), maxlen=0)
    names = comparison.before.name, comparison.after.name
    page.write(
        out,
        "diff.html",
        title=f"{names[0]} → {names[1]}",
        subtitle="Two 837P files, by claim and line" + ("" if look.mask else ": with data of persons"),
        names=names,
        counts=counts,
        notes=[note_text(note) for note in counts.notes],
        context=[(above_text(one), _rows("", one.changes, mask=look.mask)) for one in comparison.context()],
        cards=(_card(diff, mask=look.mask) for diff in comparison.claims()),
        kinds=[kind for kind in ("changed", "removed", "added") if getattr(counts, kind)],
    )


def _card(diff: ClaimDiff, *, mask: bool) -> Card:
    rows = _rows("", (*diff.above, *diff.changes), mask=mask)
    for line in diff.lines:
        rows += _rows(_line(line, mask=mask), line.changes, mask=mask)
    one = diff.before or diff.after
    alone = one if diff.kind is not Kind.CHANGED else None
    return Card(
        kind=diff.kind.value,
        before=claim_facts(diff.before, mask=mask) if diff.before else None,
        after=claim_facts(diff.after, mask=mask) if diff.after else None,
        matched=diff.matched,
        rows=rows,
        services="; ".join(_services(alone, mask=mask)) if alone else "",
    )


def _services(claim: Claim, *, mask: bool) -> Iterator[str]:
    for line in claim.lines:
        yield " ".join(known(line_facts(line, mask=mask)))


def _line(diff: LineDiff, *, mask: bool) -> str:
    one = diff.before or diff.after
    assert one is not None
    facts = line_facts(one, mask=mask)
    return f"{facts.line or '?'} · {facts.code}"


def _rows(line: str, found: Iterable[Change], *, mask: bool) -> list[Row]:
    rows = []
    for change in found:
        place, before, after, hidden = shown(change, mask=mask)
        rows.append(Row(line, place, change.kind.value, before, after, hidden))
    return rows
