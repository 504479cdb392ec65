"""What a person changed in a claim that came back, and whether it was what we would have suggested."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from loops.errors import LoopsError
from scrubber.checker import read_837p
from scrubber.diff import compare_claims
from scrubber.diff.shown import shown
from scrubber.engine import Engine
from scrubber.finding import Outcome
from scrubber.qa.corrections import Pair
from scrubber.qa.result import ChangeRow, ClaimRow, Correction

if TYPE_CHECKING:
    from loops import Batch
    from loops.delimiters import Delimiters
    from scrubber.checker import Checker
    from scrubber.diff.model import Change
    from scrubber.finding import Finding, Fix

_OPEN: Final = 8  # batches at a time
_NUMBERS: Final = ("2300/CLM01", "2300/CLM05-03")
_OF_PRACTICE: Final = ("2010AA/N3", "2010AA/N4", "2010AA/PER", "2010AB/N3", "2010AB/N4")
_OUR_NOTE: Final = ("NTE", "TPO")  # of third parties, as the batch step writes it where the policy says so
_OF_SENDING: Final = ("D9", "F8", "6R")
_Segment = tuple[str, ...]


class Differ:
    """Compares claims with their corrections. Use it in a ``with``.

    `paths` are the files of claims by name, several where a file was parted; `checker` judges the first
    claims again, for the fixes it would have suggested. What cannot be found or read is not compared.
    """

    def __init__(self, paths: Mapping[str, Sequence[Path]], checker: Checker, *, mask: bool = True) -> None:
        self._paths = paths
        self._checker = checker
        self._mask = mask
        self._open: OrderedDict[Path, _File | None] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._open:
            self._close()

    def corrections(self, rows: Sequence[ClaimRow], pairs: Iterable[Pair]) -> list[Correction]:
        """The corrections with what changed, in the order of `pairs`."""
        ordered = sorted(pairs, key=lambda one: (rows[one.before - 1].file, rows[one.after - 1].file, one))
        found = [self._correction(rows[one.before - 1], rows[one.after - 1], one) for one in ordered]
        return sorted(found, key=lambda one: one.after)

    def _correction(self, before: ClaimRow, after: ClaimRow, pair: Pair) -> Correction:
        old, new = self._claim(before), self._claim(after)
        if old is None or new is None:
            return Correction(*pair, compared=False, changes=(), suggested=(), taken=())
        file, number = old
        claim, corrected = file.batch.claim(number), new[0].batch.claim(new[1])
        changes = [
            change for change in compare_claims(claim, corrected).all_changes() if not _sending(change)
        ]
        fixes = {one.rule: one.fix for one in file.judged(number, self._checker) if _offers(one)}
        texts = _texts(new[0].batch, new[1])
        taken = [
            rule for rule, fix in fixes.items() if fix and _is_taken(file.batch, number, fix, texts)
        ]  # fmt: skip
        told = tuple(self._change(change) for change in changes)
        return Correction(*pair, compared=True, changes=told, suggested=tuple(fixes), taken=tuple(taken))

    def _change(self, change: Change) -> ChangeRow:
        place, before, after, hidden = shown(change, mask=self._mask)
        if hidden:  # how long it is tells nothing, and keeps alike changes apart
            before, after = before and "x", after and "x"
        return ChangeRow(place, before, after)

    def _claim(self, row: ClaimRow) -> tuple[_File, int] | None:
        for path in self._paths.get(row.file, ()):
            file = self._file(path)
            number = file.find(row.claim, row.claim_index) if file else None
            if file and number is not None:
                return file, number
        return None

    def _file(self, path: Path) -> _File | None:
        if path not in self._open:
            while len(self._open) >= _OPEN:
                self._close()
            try:
                self._open[path] = _File(read_837p(path, path.name, self._checker.subjects))
            except (LoopsError, OSError):
                self._open[path] = None
        self._open.move_to_end(path)
        return self._open[path]

    def _close(self) -> None:
        _, file = self._open.popitem(last=False)
        if file:
            file.batch.close()


class _File:
    """An open batch, and the engine that judges its claims, made when it is needed."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._engine: Engine | None = None
        self._ids: dict[str, int] | None = None

    def find(self, id_: str, ordinal: int) -> int | None:
        """The number of the claim with that CLM01: at the ordinal told, else (in a part of it) anywhere."""
        if 0 < ordinal <= len(self.batch) and self._id(ordinal - 1) == id_:
            return ordinal - 1
        if self._ids is None:
            self._ids = {self._id(number): number for number in reversed(range(len(self.batch)))}
        return self._ids.get(id_)

    def judged(self, number: int, checker: Checker) -> Sequence[Finding]:
        """What the rules say of a claim."""
        if self._engine is None:
            self._engine = Engine(self.batch, checker.rules, checker.tables, checker.payers)
        return self._engine.judge(number).findings

    def _id(self, number: int) -> str:
        start = self.batch.index.claim_start[number]
        head = bytes(self.batch.source.data[start : start + 100]).decode("latin-1")
        return head.split(self.batch.isa(number).delimiters.element_text)[1]


def _sending(change: Change) -> bool:
    """Whether it only belongs to sending a claim again, to the practice, or to us: number, address, note."""
    segment = change.segment_before or change.segment_after
    first = segment.text(1) if segment else ""
    if segment and (segment.id, first) == _OUR_NOTE:
        return True
    return bool(segment and segment.id == "REF" and first in _OF_SENDING) or change.place.startswith(
        (*_NUMBERS, *_OF_PRACTICE)
    )


def _offers(finding: Finding) -> bool:
    return finding.outcome is Outcome.FAIL and finding.fix is not None


def _is_taken(batch: Batch, number: int, fix: Fix, corrected: Counter[_Segment]) -> bool:
    """Whether the corrected claim has what the fix writes, and has not what it takes out."""
    start, end = batch.index.claim_start[number], batch.index.claim_end[number]
    if any(edit.start < start or edit.end > end for edit in fix.edits):
        return False  # it changes what stands above the claim
    text = bytes(batch.source.data[start:end])
    for edit in sorted(fix.edits, key=lambda one: one.start, reverse=True):
        text = text[: edit.start - start] + edit.after + text[edit.end - start :]
    delimiters = batch.isa(number).delimiters
    was, wanted = _texts(batch, number), Counter(_segments(text, delimiters))
    return not (wanted - was) - corrected and not (was - wanted) & (corrected - wanted)


def _texts(batch: Batch, number: int) -> Counter[_Segment]:
    """The segments of a claim, comparable between files, without what every sending changes."""
    data = bytes(batch.source.data[batch.index.claim_start[number] : batch.index.claim_end[number]])
    return Counter(_segments(data, batch.isa(number).delimiters))


def _segments(data: bytes, delimiters: Delimiters) -> Iterator[_Segment]:
    text = data.decode("latin-1").replace(delimiters.component_text, ":")
    for raw in text.split(delimiters.terminator.decode("latin-1")):
        elements = raw.strip().split(delimiters.element_text)
        if elements[0] == "CLM":
            elements[1:2] = [""]
            elements[5:6] = [one.rpartition(":")[0] for one in elements[5:6]]
        if elements[0] and not (elements[0] == "REF" and elements[1:2] and elements[1] in _OF_SENDING):
            yield tuple(elements)
