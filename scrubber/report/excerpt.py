"""The segment that a finding is about, cut to fit, and where the caret goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scrubber.report.mask import masked
from scrubber.report.paint import clean

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters
    from scrubber.finding import Finding

_REACH: Final = 2048
_LEADING: Final = "\r\n \t"
_DOTS: Final = "..."


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of text; the fault stands at `caret`, `length` columns wide (1 where something is absent)."""

    text: str
    caret: int
    length: int


def excerpt(batch: Batch, finding: Finding, width: int, *, mask: bool = True) -> Excerpt | None:
    """The segment around ``[byte_start, byte_end)`` of a finding in at most `width` columns.

    None when nothing is there, as after the end of a file.
    """
    delimiters = delimiters_at(batch, finding.byte_start)
    text, first, whole = _segment(batch, finding.byte_start, delimiters)
    start = finding.byte_start - first
    if not text or start < 0:
        return None
    length = min(max(finding.byte_end - finding.byte_start, 1), max(len(text) - start, 1))
    shown = clean(masked(text, delimiters) if mask else text)
    terminator = delimiters.terminator.decode("latin-1")
    return _cut(shown + (terminator if whole and terminator.isprintable() else ""), start, length, width)


def delimiters_at(batch: Batch, offset: int) -> Delimiters:
    """The delimiters in force at an offset of the source."""
    isas = batch.index.isas
    return next((isa for isa in reversed(isas) if isa.start <= offset), isas[0]).delimiters


def _segment(batch: Batch, offset: int, delimiters: Delimiters) -> tuple[str, int, bool]:
    """Text of the segment that `offset` stands in, the offset of its first byte, whether it is whole."""
    data = batch.source.data
    lowest = max(0, offset - _REACH)
    start = max(data.rfind(delimiters.terminator, lowest, offset) + 1, lowest)
    end = data.find(delimiters.terminator, offset, offset + _REACH)
    raw = bytes(data[start : end if end >= 0 else offset + _REACH])
    text = raw.decode("latin-1").lstrip(_LEADING)
    return text.rstrip(_LEADING), start + len(raw) - len(text), end >= 0


def _cut(text: str, start: int, length: int, width: int) -> Excerpt:
    """Show the part of `text` around the fault, dots where something is left out."""
    length = min(length, max(width - 2 * len(_DOTS) - 1, 1))
    if len(text) <= width:
        return Excerpt(text, start, length)
    if start + length <= width - len(_DOTS):
        return Excerpt(text[: width - len(_DOTS)] + _DOTS, start, length)
    first = min(max(start - width // 3, 0), len(text) - width + len(_DOTS))
    part = _DOTS + text[first + len(_DOTS) :]
    if len(part) > width:
        part = part[: width - len(_DOTS)] + _DOTS
    return Excerpt(part, start - first, min(length, max(len(part) - (start - first), 1)))
