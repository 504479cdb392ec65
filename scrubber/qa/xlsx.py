"""The result as a workbook: a sheet a table, columns that can be sorted and filtered, formulas defused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from scrubber.qa.sheets import Cell, Sheet, sheets
from scrubber.report.csv import defused
from scrubber.report.paint import clean

if TYPE_CHECKING:
    from scrubber.qa.result import Result
    from scrubber.report.form import Look

_BOLD: Final = Font(bold=True)
_DOLLARS: Final = "#,##0.00"
_SHARE: Final = "0.0%"
_DAY: Final = "yyyy-mm-dd"
_LONGEST: Final = 32_767  # characters in a cell
_WIDEST: Final = 48


def write(out: BinaryIO, result: Result, look: Look) -> None:  # noqa: ARG001 - nothing of it is of persons
    """Write the workbook."""
    book = Workbook(write_only=True)
    for sheet in sheets(result):
        _add(book, sheet)
    book.save(out)


def _add(book: Any, sheet: Sheet) -> None:
    made = book.create_sheet(sheet.name)
    made.freeze_panes = "A2"
    rows = sheet.rows()
    head: list[Sequence[Cell]] = [row for _, row in zip(range(50), rows, strict=False)]
    for at, name in enumerate(sheet.columns):
        widest = max([len(name), *(len(str(row[at] or "")) for row in head)])
        made.column_dimensions[get_column_letter(at + 1)].width = min(widest + 2, _WIDEST)
    titles = [WriteOnlyCell(made, value=name) for name in sheet.columns]
    for title in titles:
        title.font = _BOLD
    made.append(titles)
    count = 1
    for row in _chained(head, rows):
        made.append([_cell(made, value) for value in row])
        count += 1
    made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count}"


def _chained(head: Sequence[Sequence[Cell]], rest: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield from head
    yield from rest


def _cell(sheet: Any, value: Cell) -> Any:
    """A cell; text that a spreadsheet would take for a formula gets an apostrophe."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return defused(clean(value))[:_LONGEST]
    form = _form(value)
    if not form:
        return value
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    cell.number_format = form
    return cell


def _form(value: Cell) -> str:
    if isinstance(value, Decimal):
        return _DOLLARS
    if isinstance(value, float):
        return _SHARE
    return _DAY if isinstance(value, date) else ""
