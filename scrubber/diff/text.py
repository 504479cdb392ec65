"""A comparison for a person to read on a terminal or in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

from scrubber.diff.model import Kind
from scrubber.diff.shown import (
    ClaimFacts,
    above_text,
    claim_facts,
    known,
    line_facts,
    note_text,
    shown,
)
from scrubber.report.paint import Line, clean, painter, wrap

if TYPE_CHECKING:
    from loops import Claim
    from scrubber.diff.comparison import Comparison
    from scrubber.diff.model import Change, ClaimDiff, LineDiff
    from scrubber.diff.shown import Counts
    from scrubber.report.form import Look

_INDENT: Final = " " * 8
_STYLES: Final = {Kind.ADDED: "good", Kind.REMOVED: "reject", Kind.CHANGED: "deny", Kind.MOVED: "advise"}
_SIGNS: Final = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.MOVED: "moved:"}
_RESUBMITTED: Final = "recognised by patient, date and provider"


def write(out: BinaryIO, comparison: Comparison, counts: Counts, look: Look) -> None:
    """Write the report in UTF-8, claim by claim; `counts` counts them."""
    out.writelines(piece.encode("utf-8", "replace") for piece in _pieces(comparison, counts, look))


def _pieces(comparison: Comparison, counts: Counts, look: Look) -> Iterator[str]:
    paint = painter(look)
    names = clean(comparison.before.name), clean(comparison.after.name)
    form = _Form(look, *names)
    yield paint([[("file", names[0]), ("", " -> "), ("file", names[1])]])
    if counts.notes:
        yield paint(
            [[("head", f"{what}: "), ("", clean(says))] for what, says in map(note_text, counts.notes)]
        )
    for above in comparison.context():
        yield "\n" + paint([[("head", above_text(above))], *form.changes(above.changes)])
    for diff in counts.passing(comparison.claims()):
        yield "\n" + paint(form.claim(diff))
    if not look.quiet:
        yield "\n" + paint(_totals(counts, names))


class _Form:
    """The lines for one claim, or for what stands above claims."""

    def __init__(self, look: Look, before: str, after: str) -> None:
        self._mask = look.mask
        self._width = look.width
        self._names = {Kind.REMOVED: before, Kind.ADDED: after}

    def claim(self, diff: ClaimDiff) -> Iterator[Line]:
        """A heading, the changes of the claim, and those of its lines."""
        one = diff.before or diff.after
        assert one is not None
        if diff.before and diff.after:
            yield self._heading(diff.before, diff.after, diff.matched)
            yield from self.changes((*diff.above, *diff.changes))
            for line in diff.lines:
                yield from self._line(line)
            return
        facts = claim_facts(one, mask=self._mask)
        only = (_STYLES[diff.kind], f"only in {self._names[diff.kind]}")
        yield [("claim", f"claim {clean(facts.claim)}"), ("", "  " + "  ".join(_more(facts)) + "  "), only]
        codes = [clean(line_facts(line, mask=self._mask).code) for line in one.lines]
        says = f"{len(codes)} line{'' if len(codes) == 1 else 's'}: {', '.join(codes)}"
        yield from ([("quiet", _INDENT + part)] for part in wrap(says, self._width - len(_INDENT)))

    def _heading(self, before: Claim, after: Claim, matched: str) -> Line:
        was, is_ = claim_facts(before, mask=self._mask), claim_facts(after, mask=self._mask)
        line: Line = [("claim", f"claim {clean(was.claim)}"), ("", "  " + "  ".join(_more(was)))]
        if was.claim != is_.claim:
            line += [
                ("", "  -> "),
                ("claim", f"claim {clean(is_.claim)}"),
                ("", "  " + "  ".join(_more(is_))),
            ]
        elif was.claim_index != is_.claim_index:
            line.append(("", f"  -> number {is_.claim_index:,}"))
        return [*line, ("quiet", f"  {_RESUBMITTED}")] if matched == "patient" else line

    def _line(self, diff: LineDiff) -> Iterator[Line]:
        one = diff.before or diff.after
        assert one is not None
        facts = line_facts(one, mask=self._mask)
        line: Line = [("rule", f"  line {clean(facts.line) or '?'}"), ("", "  " + "  ".join(known(facts)))]
        if diff.kind is not Kind.CHANGED:
            line.append((_STYLES[diff.kind], f"  only in {self._names[diff.kind]}"))
        yield line
        yield from self.changes(diff.changes)

    def changes(self, found: Iterable[Change]) -> Iterator[Line]:
        """A line a change; two more where the values are long."""
        for change in found:
            yield from self._change(change)

    def _change(self, change: Change) -> Iterator[Line]:
        place, before, after, hidden = shown(change, mask=self._mask)
        tail: Line = [("quiet", "  (masked)")] if hidden and change.kind is Kind.CHANGED else []
        if change.kind is not Kind.CHANGED:
            text = clean(after if before is None else before)
            style = _STYLES[change.kind]
            yield [("", f"{_INDENT}{clean(place):13}  "), (style, f"{_SIGNS[change.kind]} {text}")]
            return
        was, is_ = _said(before), _said(after)
        head = f"{_INDENT}{clean(place):13}  "
        if len(head) + len(was) + len(is_) + 4 <= self._width:
            yield [("", head), ("reject", was), ("", " -> "), ("good", is_), *tail]
        else:
            yield [("", head.rstrip()), *tail]
            yield [("reject", f"{_INDENT}  - {was}")]
            yield [("good", f"{_INDENT}  + {is_}")]


def _said(text: str | None) -> str:
    if text is None:
        return "(absent)"
    return clean(text) or "(empty)"


def _more(facts: ClaimFacts) -> Iterator[str]:
    yield f"number {facts.claim_index:,}"
    if facts.charge is not None:
        yield f"${facts.charge:,.2f}"
    if facts.patient:
        yield clean(facts.patient)


def _totals(counts: Counts, names: tuple[str, str]) -> Iterator[Line]:
    yield [
        ("head", "Claims: "),
        ("", f"{counts.claims_before:,} in {names[0]}, {counts.claims_after:,} in {names[1]}"),
    ]
    found: Line = [("head", "Found:  "), ("", f"{counts.same:,} the same, ")]
    told = (
        (Kind.CHANGED, counts.changed, "changed"),
        (Kind.REMOVED, counts.removed, f"only in {names[0]}"),
        (Kind.ADDED, counts.added, f"only in {names[1]}"),
    )
    for n, (kind, count, says) in enumerate(told):
        found += [("", ", " if n else ""), (_STYLES[kind] if count else "quiet", f"{count:,} {says}")]
    yield found
    if not counts.any:
        yield [("good", "No difference.")]
