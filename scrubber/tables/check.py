"""The strict validation of a table file: run on every site table, and on the shipped ones by the tests."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

from .errors import TableError
from .table import key_text, split_lines

if TYPE_CHECKING:
    from collections.abc import Container

    from .meta import Meta

CONFIDENCES = ("confirmed", "secondary", "general")


def check_rows(raw: bytes, meta: Meta, cites: Container[str], where: str) -> None:
    """Refuse a table file that could answer wrongly.

    ``raw`` are the bytes of the CSV, ``cites`` the known citation ids, ``where`` the file as the
    message shall name it. Raises TableError with file, row and mend at the first fault.
    """
    rows = _cells(raw, where)
    if not rows or tuple(rows[0]) != meta.columns:
        raise TableError(_header_fault(rows[0] if rows else [], meta, where))
    size = len(meta.key)
    before: list[str] = []
    for number, cells in enumerate(rows[1:], start=2):
        at = f"{where}, row {number}"
        _check_cells(cells, meta, at)
        _check_dates(cells, at)
        _check_source(cells, cites, at)
        _check_order(before, cells, size, at)
        before = cells


def _cells(raw: bytes, where: str) -> list[list[str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise TableError(f"{where}: not UTF-8 ({fault.reason}); save it as UTF-8") from fault
    rows = []
    for number, line in enumerate(split_lines(text), start=1):
        cells = next(csv.reader((line,)), [])
        if line + "," != key_text(tuple(cells)):
            # A spreadsheet turns "02" into 2 and a date into its own form; quotes show nothing was lost.
            raise TableError(f"{where}, row {number}: put every cell in double quotes, and a row on one line")
        rows.append(cells)
    return rows


def _header_fault(header: list[str], meta: Meta, where: str) -> str:
    unknown = [column for column in header if column not in meta.columns]
    missing = [column for column in meta.columns if column not in header]
    detail = (
        f"unknown column {unknown}" if unknown else f"missing column {missing}" if missing else "wrong order"
    )
    return f"{where}, row 1: {detail}; the columns must be {list(meta.columns)}"


def _check_cells(cells: list[str], meta: Meta, at: str) -> None:
    if len(cells) != len(meta.columns):
        raise TableError(f"{at}: {len(cells)} cells; write {len(meta.columns)}, one for each column")
    for cell in cells:
        if cell != cell.strip():
            raise TableError(f'{at}: blank at the start or end of "{cell}"; take it out')
    for column, cell in zip(meta.key, cells, strict=False):
        if not cell:
            raise TableError(f"{at}: the key column {column} is empty; fill it or delete the row")


def _check_dates(cells: list[str], at: str) -> None:
    start, end = cells[-4], cells[-3]
    for column, cell in (("from", start), ("thru", end)):
        if column == "from" or cell:
            _check_day(cell, column, at)
    if end and start > end:
        raise TableError(f"{at}: from {start} is after thru {end}; exchange or correct them")


def _check_day(cell: str, column: str, at: str) -> None:
    try:
        good = date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        good = False
    if not good:
        hint = " or leave it empty for open" if column == "thru" else ""
        raise TableError(f'{at}: {column} is "{cell}"; write a date as 2026-01-31{hint}')


def _check_source(cells: list[str], cites: Container[str], at: str) -> None:
    if not cells[-2]:
        raise TableError(f"{at}: no cite; name at least one id of cites.toml")
    for ident in cells[-2].split():
        if ident not in cites:
            raise TableError(f'{at}: cite "{ident}" is not in cites.toml; add it there')
    if cells[-1] not in CONFIDENCES:
        raise TableError(f'{at}: confidence is "{cells[-1]}"; write one of {list(CONFIDENCES)}')


def _check_order(before: list[str], cells: list[str], size: int, at: str) -> None:
    if not before:
        return
    old, new = key_text(tuple(before[:size])), key_text(tuple(cells[:size]))
    if (old, before[-4]) > (new, cells[-4]):
        raise TableError(f"{at}: out of order; sort the rows by their key cells as text, then by from")
    if old != new:
        return
    if before[-4] == cells[-4]:
        raise TableError(f"{at}: the key {new[:-1]} has two rows from {cells[-4]}; delete one")
    if not before[-3] or before[-3] >= cells[-4]:
        raise TableError(f"{at}: the key {new[:-1]} overlaps the row above; end that one before {cells[-4]}")
