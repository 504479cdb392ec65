"""The rows of a file, whatever it is: text with a separator, fixed width, or a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final

from scrubber.tables.errors import TableError

from .archive import Archive, Item, members, seekable, translated
from .layout import Line, text_of

_CHUNK: Final = 1024**2
_HEAD_BYTES: Final = 64 * 1024
_HEAD_ROWS: Final = 60
_CELLS: Final = 400  # the crosswalk has 252 columns, most of them empty
_FOREIGN: Final = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of the old kind; save it as .xlsx or .csv"),
    (b"ISA", "a batch of claims (X12), not a table"),
    (b"PK\x03\x04", "an archive inside an archive; unpack it first"),
)
_PAGES: Final = (b"<!doctype html", b"<html", b"<?xml")


@dataclass(frozen=True, slots=True)
class Shape:
    """How the bytes of a text file are to be read; `cut` when its last line has no end."""

    encoding: str
    delimiter: str
    cut: bool


def foreign(item: Item) -> str | None:
    """What a file is when it cannot be a table at all; None when it may be one."""
    if item.sheet:
        return None
    with item.open() as stream:
        begin = stream.read(_HEAD_BYTES)
    for mark, what in _FOREIGN:
        if begin.startswith(mark):
            return what
    if begin.lstrip(b"\xef\xbb\xbf \t\r\n")[:16].lower().startswith(_PAGES):
        return "a web page (of the licence?), not the table; get the file again"
    if b"\0" in begin and not begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "not a text file"
    return None


def shape_of(item: Item) -> Shape:
    """Find encoding and separator of a text file by reading it once; a member is proved sound by that."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, begin, end = "utf-8-sig", b"", b""
    with item.open() as stream:
        while chunk := stream.read(_CHUNK):
            begin = begin or chunk[:_HEAD_BYTES]
            end = chunk[-2:]
            if encoding != "utf-8-sig":
                continue
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                encoding = "cp1252"
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    text = begin.decode(encoding, "replace")
    delimiter = max("\t,;|", key=text.count)
    return Shape(encoding, delimiter, cut=b"\n" not in end and b"\r" not in end)


@contextmanager
def rows_of(item: Item, shape: Shape | None, *, fixed: bool) -> Iterator[Iterator[Line]]:
    """The rows of a file; `shape` is None for a spreadsheet. Raises TableError for what is damaged."""
    with item.open() as stream:
        if shape is None:
            with seekable(stream) as whole:
                yield _sheet_rows(whole, item)
        else:
            text = io.TextIOWrapper(stream, shape.encoding, "replace", newline="" if not fixed else None)
            yield _fixed_rows(text) if fixed else _cell_rows(text, shape.delimiter, item)


def head_of(item: Item, shape: Shape | None, *, fixed: bool) -> list[Line]:
    """The first rows of a file."""
    with rows_of(item, shape, fixed=fixed) as rows:
        return [line for line, _ in zip(rows, range(_HEAD_ROWS), strict=False)]


def _fixed_rows(text: IO[str]) -> Iterator[Line]:
    for number, line in enumerate(text, start=1):
        yield Line(number, (line.rstrip("\n"),))


def _cell_rows(text: IO[str], delimiter: str, item: Item) -> Iterator[Line]:
    # In text with tabs a quote is a quote; in the others it may hold commas and line ends.
    if delimiter == "\t":
        reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(text, delimiter=delimiter)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise TableError(f"{item.where}, line {number}: {fault}; get the file again") from fault
        yield Line(number, tuple(cells))


def _sheet_rows(stream: IO[bytes], item: Item) -> Iterator[Line]:
    from openpyxl import load_workbook  # noqa: PLC0415 - a tenth of a second that only spreadsheets cost
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    _refuse_entities(stream, item)
    try:
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            # A notice may have a sheet of its own before the table.
            sheet = max(book.worksheets, key=lambda one: one.max_row or 0)
            sheet.reset_dimensions()  # what a sheet says of its size may be too small
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield Line(number, tuple(text_of(value) for value in cells[:_CELLS]))
        finally:
            book.close()
    except TableError:
        raise
    except (zipfile.BadZipFile, InvalidFileException, EOFError, OSError, SyntaxError) as fault:
        raise TableError(f"{item.where}: the spreadsheet is cut or damaged; get it again") from fault
    except (KeyError, ValueError, IndexError, TypeError, AttributeError) as fault:
        # openpyxl answers a workbook that is not as the standard has it with any of these
        raise TableError(f"{item.where}: not a spreadsheet that can be read; save it as .csv") from fault


def _refuse_entities(stream: IO[bytes], item: Item) -> None:
    """No part of a workbook declares a document type: one that does is there to harm.

    What hides one behind a long comment meets the limit of the XML parser itself.
    """
    with translated(item.file), Archive(stream) as archive:
        for info in members(archive, item.file):
            with archive.member(info) as part:
                if b"<!DOCTYPE" in part.read(_HEAD_BYTES).replace(b"\0", b"").upper():
                    raise TableError(f"{item.where}: declares XML entities; no spreadsheet does")
    stream.seek(0)
