"""Which layout a file has: asked of its first rows, never of its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scrubber.tables.errors import TableError
from scrubber.tables.store.rows import Record

from . import asp, hcpcs, icd10cm, mue, pfs, ptp, reasons, taxonomy
from .archive import Item
from .grid import Shape, foreign, head_of, rows_of, shape_of
from .layout import PASSED_OVER, Found, Layout, LayoutError, Line, RowError

LAYOUTS: Final[tuple[Layout, ...]] = (
    icd10cm.LAYOUT,
    hcpcs.FIXED,
    ptp.LAYOUT,
    mue.LAYOUT,
    hcpcs.LAYOUT,
    asp.LAYOUT,
    pfs.LAYOUT,
    taxonomy.LAYOUT,
    reasons.LAYOUT,
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file whose layout is known. `title` are the rows above and with its header."""

    item: Item
    layout: Layout
    found: Found
    shape: Shape | None
    title: tuple[Line, ...]

    def records(self, table: str, passed_over: list[str]) -> Iterator[Record]:
        """The records of one table; rows left out are told in `passed_over`.

        Raises TableError with the place of the first row that is not right.
        """
        with rows_of(self.item, self.shape, fixed=self.layout.fixed) as rows:
            lines = (line for line in rows if line.number > self.found.header)
            watched = self._watched(lines) if self.shape and self.shape.cut else lines
            try:
                for name, record in self.layout.read(watched, self.found):
                    if name == table:
                        yield record
                    elif name == PASSED_OVER:
                        passed_over.append(f"{self.item.where}, line {record[0]}: left out, {record[1]}")
            except RowError as fault:
                if self.shape and self.shape.cut and next(lines, None) is None:
                    raise self._cut(fault.number) from fault
                raise self._fault(fault.number, str(fault)) from fault

    def _watched(self, lines: Iterator[Line]) -> Iterator[Line]:
        """The lines of a file whose last one has no end; raises TableError when that line lost its tail."""
        width = len(self.title[-1].cells) if self.title else 0
        texts, last = set[str](), None
        for line in lines:
            if last is not None:
                width = max(width, len(last.cells))
                texts.add(last.cells[-1])
            yield line
            last = line if line.cells else last
        if last is None or self.layout.fixed:
            return
        tail = last.cells[-1]
        begun = tail not in texts and (not tail or any(text.startswith(tail) for text in texts))
        if len(last.cells) < width or begun:
            raise self._cut(last.number)

    def _cut(self, number: int) -> TableError:
        return self._fault(number, "the file ends in the middle of this line")

    def _fault(self, number: int, fault: str) -> TableError:
        word = "line" if self.shape else "row"
        return TableError(
            f"{self.item.where}, {word} {number}: {fault}; get the file again, nothing was changed"
        )


def recognise(item: Item) -> Recognised:
    """Find the layout of a file. Raises LayoutError that says what the file is instead."""
    what = foreign(item)
    if what is not None:
        raise LayoutError(what)
    shape = None if item.sheet else shape_of(item)
    for fixed in (False,) if item.sheet else (True, False):
        head = head_of(item, shape, fixed=fixed)
        for layout in LAYOUTS:
            found = layout.recognise(head) if layout.fixed == fixed else None
            if found is not None:
                title = tuple(line for line in head if line.number <= found.header)
                return Recognised(item, layout, found, shape, title)
    raise LayoutError("none of the tables that can be imported, or its header is missing")
