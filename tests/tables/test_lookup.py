"""A table answers by date of service, and says so when it cannot."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.tables import NoData, Row, TableError, TableMissing, load_tables
from scrubber.tables.meta import read_index
from scrubber.tables.table import Table

from .conftest import HEADER, INDEX, MakeFolder, line

SPLIT = [
    ("96372", "old", "2024-08-01", "2024-12-31", "book", "confirmed"),
    ("96372", "new", "2025-02-01", "", "book", "secondary"),
]


def table(rows: list[tuple[str, ...]], index: str = INDEX, header: tuple[str, ...] = HEADER) -> Table:
    meta = read_index(index.encode(), "index.toml")["toy"]
    body = "".join(line(cells) + "\n" for cells in (header, *rows)).encode()
    return Table(meta, lambda: body)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2024-08-01", "old"),
        ("2024-12-31", "old"),
        ("2025-01-01", None),
        ("2025-01-31", None),
        ("2025-02-01", "new"),
        ("2040-01-01", "new"),
        ("2024-07-31", None),
        ("2024-07-01", None),
    ],
)
def test_first_and_last_day_are_in_force(day: str, kind: str | None) -> None:
    found = table(SPLIT).lookup("96372", date.fromisoformat(day))
    assert (found["kind"] if isinstance(found, Row) else found) == kind


def test_before_the_table_begins_there_is_no_data_and_a_reason() -> None:
    found = table(SPLIT).lookup("96372", date(2024, 6, 30))
    assert isinstance(found, NoData)
    assert "2024-07-01" in found.reason
    assert "2024-06-30" in found.reason


def test_after_the_table_ends_there_is_no_data() -> None:
    ended = table(SPLIT, INDEX + "covers_thru = 2025-12-31\n")
    assert ended.lookup("99213", date(2025, 12, 31)) is None
    assert isinstance(ended.lookup("99213", date(2026, 1, 1)), NoData)


def test_a_row_in_force_answers_outside_the_span_of_the_table() -> None:
    early = table([("96372", "old", "2009-01-01", "", "book", "confirmed")])
    assert isinstance(early.lookup("96372", date(2010, 1, 1)), Row)
    assert isinstance(early.lookup("99213", date(2010, 1, 1)), NoData)


def test_a_row_carries_its_source_and_dates() -> None:
    row = table([("96372", "x", "2024-08-01", "2024-12-31", "book law", "general")]).lookup(
        "96372", date(2024, 9, 1)
    )
    assert isinstance(row, Row)
    assert row.cite == ("book", "law")
    assert row.confidence == "general"
    assert (row.from_, row.thru) == (date(2024, 8, 1), date(2024, 12, 31))
    assert row["code"] == "96372"
    with pytest.raises(KeyError):
        row["colour"]


def test_an_open_row_has_no_last_day() -> None:
    row = table(SPLIT).lookup("96372", date(2026, 1, 1))
    assert isinstance(row, Row)
    assert row.thru is None


def test_a_key_of_the_wrong_length_is_an_error_not_a_prefix_match() -> None:
    two = INDEX.replace('key = ["code"]', 'key = ["code", "program"]')
    header = ("code", "program", *HEADER[1:])
    pairs = table([("96372", "medicare", "x", "2024-07-01", "", "book", "confirmed")], two, header)
    assert isinstance(pairs.lookup(("96372", "medicare"), date(2025, 1, 1)), Row)
    for key in ("96372", ("96372",), ("96372", "medicare", "x")):
        with pytest.raises(TableError, match="2 parts"):
            pairs.lookup(key, date(2025, 1, 1))


def test_no_key_is_found_by_its_beginning() -> None:
    assert (
        table([("963721", "x", "2024-07-01", "", "book", "confirmed")]).lookup("96372", date(2025, 1, 1))
        is None
    )


def test_rows_and_keys_by_prefix_and_date() -> None:
    two = INDEX.replace('key = ["code"]', 'key = ["code", "dx"]')
    header = ("code", "dx", *HEADER[1:])
    rows = [
        ("J3420", "D51", "a", "2024-07-01", "2024-12-31", "book", "confirmed"),
        ("J3420", "E538", "b", "2024-07-01", "", "book", "confirmed"),
        ("J34200", "D51", "c", "2024-07-01", "", "book", "confirmed"),
    ]
    policy = table(rows, two, header)
    assert [row["kind"] for row in policy.rows("J3420")] == ["a", "b"]
    assert [row["kind"] for row in policy.rows("J3420", "E538")] == ["b"]
    assert [row["kind"] for row in policy.rows("J3420", on=date(2025, 1, 1))] == ["b"]
    assert len(policy.rows()) == 3
    assert policy.keys(date(2025, 1, 1)) == {("J3420", "E538"), ("J34200", "D51")}


def test_keys_of_a_table_with_one_key_column_are_texts() -> None:
    assert table(SPLIT).keys(date(2025, 3, 1)) == {"96372"}


def test_scope_and_part_say_what_the_table_cannot_speak_of() -> None:
    index = INDEX.replace('key = ["code"]', 'key = ["code", "program"]') + (
        'scope = ["96372"]\n[[toy.partial]]\ncolumn = "program"\nvalue = "medicaid"\nfrom = 2026-01-01\n'
        'why = "later"\n[[toy.partial]]\ncolumn = "program"\nvalue = "va"\nwhy = "no file"\n'
    )
    part = table([], index, ("code", "program", *HEADER[1:]))
    day = date(2025, 1, 1)
    assert part.lookup(("96372", "medicare"), day) is None
    assert isinstance(part.lookup(("99213", "medicare"), day), NoData)
    assert isinstance(part.lookup(("96372", "medicaid"), day), NoData)
    assert part.lookup(("96372", "medicaid"), date(2026, 1, 1)) is None
    never = part.lookup(("96372", "va"), date(2030, 1, 1))
    assert isinstance(never, NoData)
    assert "no file" in never.reason


DAYS = st.dates(date(2024, 7, 1), date(2027, 1, 1))
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=6)


@given(
    spans=st.dictionaries(WORDS, st.lists(DAYS, min_size=1, max_size=5, unique=True), min_size=1, max_size=8),
    open_end=st.booleans(),
    asked=DAYS,
)
def test_lookup_agrees_with_a_plain_search(spans: dict[str, list[date]], open_end: bool, asked: date) -> None:
    rows = []
    for key, cuts in spans.items():
        starts = sorted(cuts)
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            end = following - timedelta(days=1) if following else None if open_end else start
            rows.append(
                (key, f"{key}/{start}", start.isoformat(), end.isoformat() if end else "", "book", "general")
            )
    rows.sort(key=lambda cells: (line([cells[0]]) + ",", cells[2]))
    toy = table(rows)
    for key in [*spans, "absent!"]:
        hits = [r for r in rows if r[0] == key and r[2] <= asked.isoformat() <= (r[3] or "9999")]
        found = toy.lookup(key, asked)
        assert (found["kind"] if isinstance(found, Row) else None) == (hits[0][1] if hits else None)
        assert toy.lookup(key, asked) == found


def test_the_memory_of_answers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrubber.tables.table._MEMO_LIMIT", 10)
    toy = table(SPLIT)
    for number in range(1000):
        toy.lookup(f"no {number}", date(2025, 1, 1))
    assert len(toy._memo) <= 10


def test_nothing_is_read_before_the_first_question() -> None:
    meta = read_index(INDEX.encode(), "index.toml")["toy"]

    def fail() -> bytes:
        raise AssertionError("read too early")

    toy = Table(meta, fail)
    assert (toy.name, toy.vintage, toy.about) == ("toy", "2024Q3", "A toy")
    with pytest.raises(AssertionError):
        toy.lookup("96372", date(2025, 1, 1))


def test_a_missing_table_names_those_there_are() -> None:
    with pytest.raises(TableMissing, match=r'no table "nonsense".*drugs'):
        load_tables().table("nonsense")
    with pytest.raises(TableError, match="no citation"):
        load_tables().citation("nonsense")


SITE = """
[noc_codes]
about = "Site codes"
key = ["code"]
values = ["kind", "injected"]
vintage = "site 2026"
covers_from = 2026-01-01
checked_on = 2026-11-01
"""
SITE_HEADER = ("code", "kind", "injected", "from", "thru", "cite", "confidence")


def test_a_site_table_takes_the_place_of_the_shipped_one(make: MakeFolder) -> None:
    row = ("X0001", "drug", "yes", "2026-01-01", "", "book", "confirmed")
    folder = make([row], header=SITE_HEADER, index=SITE, name="noc_codes")
    site = load_tables(folder).table("noc_codes")
    assert site.vintage == "site 2026"
    assert isinstance(site.lookup("X0001", date(2026, 2, 1)), Row)
    assert site.lookup("J3490", date(2026, 2, 1)) is None
    assert load_tables(folder).citation("book").title == "A book"
    assert isinstance(load_tables(folder).table("drugs").lookup("J3420", date(2026, 2, 1)), Row)


def test_a_site_table_may_lie_over_the_shipped_one_key_by_key(make: MakeFolder) -> None:
    rows = [
        ("J3490", "mine", "yes", "2026-01-01", "", "book", "confirmed"),
        ("X0001", "drug", "yes", "2026-01-01", "", "book", "confirmed"),
    ]
    folder = make(rows, header=SITE_HEADER, index=SITE + 'mode = "extend"\n', name="noc_codes")
    site = load_tables(folder).table("noc_codes")
    shipped = load_tables().table("noc_codes")
    kinds = {key: site.lookup(key, date(2026, 2, 1)) for key in ("J3490", "X0001", "J3590")}
    assert [row["kind"] for row in kinds.values() if isinstance(row, Row)] == ["mine", "drug", "biologic"]
    assert site.vintage == f"{shipped.vintage} + site 2026"
    assert {row["code"] for row in site.rows()} == {row["code"] for row in shipped.rows()} | {"X0001"}
    assert len(site.rows()) == len(shipped.rows()) + 1
    assert "X0001" in site.keys(date(2026, 2, 1))
