"""Every fault of a table file is refused with the file, the row and the mend."""

from __future__ import annotations

import pytest

from scrubber.tables import TableError, TableMissing, check_table, load_tables

from .conftest import CITES, HEADER, INDEX, MakeFolder, line

GOOD = ("96372", "x", "2024-07-01", "", "book", "confirmed")


def changed(**cells: str) -> tuple[str, ...]:
    names = {"from_": "from"}
    row = dict(zip(HEADER, GOOD, strict=True)) | {names.get(name, name): cell for name, cell in cells.items()}
    return tuple(row.values())


def refuse(make: MakeFolder, *rows: tuple[str, ...]) -> str:
    folder = make(rows)
    with pytest.raises(TableError) as caught:
        check_table(folder / "toy.csv")
    assert "toy.csv" in str(caught.value)
    return str(caught.value)


def test_a_good_table_passes_with_either_line_end_and_a_byte_order_mark(make: MakeFolder) -> None:
    rows = [GOOD, changed(code='9"6, x', kind="")]
    check_table(make(sorted(rows)) / "toy.csv")
    text = "".join(line(cells) + "\r\n" for cells in (HEADER, *sorted(rows)))
    folder = make(raw=b"\xef\xbb\xbf" + text.encode())
    check_table(folder / "toy.csv")
    assert len(load_tables(folder).table("toy").rows()) == 2


@pytest.mark.parametrize(
    ("row", "mend"),
    [
        (changed(from_="2024-7-1"), "write a date as 2026-01-31"),
        (changed(from_=""), "write a date as 2026-01-31"),
        (changed(from_="20240701"), "write a date as 2026-01-31"),
        (changed(thru="2024-02-30"), "or leave it empty for open"),
        (changed(from_="2025-01-01", thru="2024-12-31"), "exchange or correct them"),
        (changed(cite=""), "name at least one id"),
        (changed(cite="book nowhere"), 'cite "nowhere" is not in cites.toml; add it there'),
        (changed(confidence="sure"), "write one of ['confirmed', 'secondary', 'general']"),
        (changed(code=""), "the key column code is empty; fill it or delete the row"),
        (changed(kind=" x"), "take it out"),
        (GOOD[:-1], "5 cells; write 6"),
        ((*GOOD, "more"), "7 cells; write 6"),
    ],
)
def test_a_faulty_row_is_refused(make: MakeFolder, row: tuple[str, ...], mend: str) -> None:
    message = refuse(make, changed(code="10000"), row)
    assert "row 3" in message
    assert mend in message


@pytest.mark.parametrize(
    ("rows", "mend"),
    [
        ((GOOD, changed(code="10000")), "row 3: out of order; sort the rows"),
        ((changed(from_="2025-01-01"), GOOD), "row 3: out of order"),
        ((GOOD, GOOD), 'row 3: the key "96372" has two rows from 2024-07-01; delete one'),
        (
            (GOOD, changed(from_="2025-01-01")),
            'row 3: the key "96372" overlaps the row above; end that one before',
        ),
        ((changed(thru="2025-01-01"), changed(from_="2025-01-01")), "overlaps"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    make: MakeFolder, rows: tuple[tuple[str, ...], ...], mend: str
) -> None:
    assert mend in refuse(make, *rows)


def test_rows_that_only_touch_are_no_overlap(make: MakeFolder) -> None:
    check_table(make([changed(thru="2024-12-31"), changed(from_="2025-01-01")]) / "toy.csv")


@pytest.mark.parametrize(
    ("raw", "mend"),
    [
        (
            b'"code","kind","from","thru","cite","confidence"\n02,"x","2024-07-01","","book","general"\n',
            "row 2: put every cell in double quotes",
        ),
        (b"code,kind,from,thru,cite,confidence\n", "row 1: put every cell in double quotes"),
        (
            b'"code","kind","from","thru","cite","confidence"\n"a","x\ny","2024-07-01","","book","general"\n',
            "a row on one line",
        ),
        (b'"code","kind","from","thru","cite","confidence"\n\n', "row 2: put every cell in double quotes"),
        (b'"code","colour","from","thru","cite","confidence"\n', "row 1: unknown column ['colour']"),
        (b'"code","from","thru","cite","confidence"\n', "row 1: missing column ['kind']"),
        (b'"kind","code","from","thru","cite","confidence"\n', "row 1: wrong order"),
        (b"", "row 1: missing column"),
        (b'"code"\xff\n', "save it as UTF-8"),
    ],
)
def test_a_file_that_is_no_quoted_table_is_refused(make: MakeFolder, raw: bytes, mend: str) -> None:
    with pytest.raises(TableError) as caught:
        check_table(make(raw=raw) / "toy.csv")
    assert mend in str(caught.value)
    assert "toy.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("index", "mend"),
    [
        (INDEX + 'colour = "red"\n', 'unknown key "colour"'),
        (INDEX.replace('about = "A toy"\n', ""), 'key "about" is missing; add it'),
        (INDEX.replace('"A toy"', "7"), '"about" must be a text in quotes'),
        (INDEX.replace('["code"]', '"code"'), '"key" must be a list of texts'),
        (INDEX.replace('["code"]', "[]"), '"key" must be a list of texts'),
        (INDEX.replace("2024-07-01", '"2024-07-01"'), '"covers_from" must be a date'),
        (INDEX.replace("2024-07-01", "2024-07-01T00:00:00"), '"covers_from" must be a date'),
        (INDEX.replace('["kind"]', '["from"]'), "a column is named twice"),
        (INDEX + 'mode = "merge"\n', 'write "replace" or "extend"'),
        (INDEX + '[[toy.partial]]\ncolumn = "payer"\nvalue = "x"\nwhy = "y"\n', "it must be one of ['code']"),
        (INDEX + "toy = [", "not readable as TOML"),
        ("toy = 1\n", "must be a TOML table"),
        ("", "no entry [toy]"),
    ],
)
def test_a_faulty_index_is_refused(make: MakeFolder, index: str, mend: str) -> None:
    with pytest.raises(TableError) as caught:
        check_table(make([GOOD], index=index) / "toy.csv")
    assert mend in str(caught.value)
    assert "index.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("cites", "mend"),
    [
        (CITES + "page = 3\n", 'unknown key "page"'),
        (CITES.replace('title = "A book"\n', ""), 'key "title" is missing'),
        (CITES.replace("checked_on = 2026-11-01\n", ""), '"checked_on" must be a date'),
        ("[book", "not readable as TOML"),
    ],
)
def test_a_faulty_list_of_citations_is_refused(make: MakeFolder, cites: str, mend: str) -> None:
    with pytest.raises(TableError) as caught:
        check_table(make([GOOD], cites=cites) / "toy.csv")
    assert mend in str(caught.value)
    assert "cites.toml" in str(caught.value)


def test_a_site_table_is_checked_when_it_is_opened(make: MakeFolder) -> None:
    tables = load_tables(make([changed(cite="")]))
    with pytest.raises(TableError, match="row 2"):
        tables.table("toy")
    assert tables.table("drugs").name == "drugs"


def test_a_site_table_of_a_shipped_name_keeps_its_columns(make: MakeFolder) -> None:
    folder = make([GOOD], index=INDEX.replace("[toy]", "[noc_codes]"), name="noc_codes")
    with pytest.raises(TableError, match="as in the table shipped"):
        load_tables(folder).table("noc_codes")


def test_a_table_that_is_not_there(make: MakeFolder) -> None:
    folder = make([GOOD])
    (folder / "toy.csv").unlink()
    with pytest.raises(TableError, match=r"toy\.csv: cannot be read"):
        load_tables(folder).table("toy")
    with pytest.raises(TableMissing):
        check_table("nonsense")
