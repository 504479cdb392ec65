"""Which row answers, among editions, parts, programs and the shipped table: rules by example, and an oracle."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import MUE_HEAD, NOW, PTP, PTP_HEAD, Site, csv, tsv

from scrubber.tables import NoData, Row, TableError, TableMissing, load_tables, shipped_tables
from scrubber.tables.store import KINDS, Load, Quarter, Source, Store
from scrubber.tables.store.rows import NEVER, OPEN, Record
from scrubber.tables.store.writer import Draft


def ptp(*rows: str) -> bytes:
    """A PTP file of rows such as ``96372 99213 20200101 * 1``."""
    cells = [row.split() for row in rows]
    return tsv(
        [*PTP_HEAD, *([one, two, "", begin, end, mark, "why"] for one, two, begin, end, mark in cells)]
    )


def mue(*rows: str) -> bytes:
    return csv(
        [*MUE_HEAD, *([code, units, "3 Clinical", ""] for code, units in (row.split() for row in rows))]
    )


def test_two_quarters_and_the_same_pair_on_both_sides_of_the_change(site: Site) -> None:
    site.load(("v321r0.txt", ptp("10000 20000 20200101 * 1", "90000 10000 20200101 * 1")))
    site.load(("v322r0.txt", ptp("10000 20000 20200101 20260630 1", "10000 20000 20260701 * 0")))
    pair = ("10000", "20000", "medicare")
    assert site.ask("ptp", pair, "2026-06-30") == {"indicator": "1"}
    assert site.ask("ptp", pair, "2026-07-01") == {"indicator": "0"}


def test_a_later_file_corrects_earlier_days(site: Site) -> None:
    pair = ("10000", "20000", "medicare")
    site.load(("v321r0.txt", ptp("10000 20000 20260401 * 0")))
    assert site.ask("ptp", pair, "2026-05-01") == {"indicator": "0"}
    site.load(("v322r0.txt", ptp("10000 20000 20260401 20260401 9")))
    assert site.ask("ptp", pair, "2026-05-01") is None


def test_a_pair_that_the_later_file_dropped_is_known_by_the_earlier_one(site: Site) -> None:
    site.load(("v321r0.txt", ptp("10000 20000 20200101 * 1", "10000 30000 20200101 * 1")))
    site.load(("v322r0.txt", ptp("10000 10000 20200101 * 1", "10000 30000 20200101 * 1")))
    assert site.ask("ptp", ("10000", "20000", "medicare"), "2026-06-30") == {"indicator": "1"}
    assert site.ask("ptp", ("10000", "20000", "medicare"), "2026-07-01") is None


def test_units_by_the_quarter_of_the_service(site: Site) -> None:
    site.load(("mue_2026q1.csv", mue("96372 4", "J9260 20")), ("mue_2026q3.csv", mue("96372 4", "J9260 400")))
    key = ("J9260", "medicare")
    for day, units in (
        ("2026-01-01", "20"),
        ("2026-03-31", "20"),
        ("2026-06-30", "20"),
        ("2026-07-01", "400"),
    ):
        assert site.ask("mue", key, day) == {"units": units, "mai": "3"}
    first, last = site.row("mue", key, "2026-03-01"), site.row("mue", key, "2027-01-01")
    assert (first.from_, first.thru) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (last.from_, last.thru) == (date(2026, 7, 1), None)


def test_the_shipped_row_answers_where_no_load_speaks(site: Site) -> None:
    site.load(("mue_2026q3.csv", mue("96360 9", "96372 9")))
    assert site.ask("mue", ("96372", "medicare"), "2026-07-01") == {"units": "9", "mai": "3"}
    # An earlier day, a code outside the file, the other program: as shipped.
    shipped = load_tables(store=None).table("mue")
    for key, day in (
        (("96372", "medicare"), date(2026, 6, 30)),
        (("J1885", "medicare"), date(2026, 7, 1)),
        (("96372", "medicaid"), date(2026, 7, 1)),
    ):
        answer = shipped.lookup(key, day)
        assert isinstance(answer, Row)
        assert site.tables.table("mue").lookup(key, day) == answer
    # Between the lowest and the highest code of the file absence is known.
    assert isinstance(shipped.lookup(("96365", "medicare"), date(2026, 7, 1)), Row)
    assert site.ask("mue", ("96365", "medicare"), "2026-07-01") is None


def test_the_pairs_of_a_part_that_is_not_loaded_are_as_shipped(site: Site) -> None:
    site.load(("ccipra-v322r0-f1.txt", ptp("0001A 20000 20200101 * 1", "29999 96372 20200101 * 1")))
    assert site.ask("ptp", ("20610", "96372", "medicare"), "2026-07-01") is None
    assert site.ask("ptp", ("96372", "99213", "medicare"), "2026-07-01") == {"indicator": "1"}
    assert site.ask("ptp", ("96372", "20610", "medicaid"), "2026-07-01") == "no data"


def test_all_parts_together_speak_of_all_codes(site: Site) -> None:
    site.load(("ccipra-v322r0-f1.txt", ptp("0001A 20000 20200101 * 1", "29999 96372 20200101 * 1")))
    site.load(("ccipra-v322r0-f3.txt", ptp("G0008 96372 20200101 * 1", "V0001 96372 20200101 * 1")))
    assert site.ask("ptp", ("A0001", "11111", "medicare"), "2026-07-01") == "no data"
    site.load(("ccipra-v322r0-f2.txt", ptp("30000 96372 20200101 * 1", "99999 96372 20200101 * 1")))
    assert site.ask("ptp", ("A0001", "11111", "medicare"), "2026-07-01") is None
    assert site.ask("ptp", ("Z0001", "11111", "medicare"), "1999-07-01") is None


def test_a_file_loaded_again_takes_the_place_of_the_first(site: Site) -> None:
    site.load(("ccipra-v322r0-f1.txt", ptp("10000 20000 20200101 * 1", "20000 30000 20200101 * 1")))
    outcome = site.load(("ccipra-v322r1-f1.txt", ptp("10000 20000 20200101 * 0", "20000 30000 20200101 * 1")))
    assert [load.source.file for load in outcome.displaced] == ["ccipra-v322r0-f1.txt"]
    assert site.ask("ptp", ("10000", "20000", "medicare"), "2026-07-01") == {"indicator": "0"}
    assert len(list(site.store.glob("load-*"))) == 1


def test_the_same_file_again_changes_nothing(site: Site) -> None:
    file = ("ccipra-v322r0-f1.txt", tsv(PTP))
    site.load(file)
    before = (site.store / "loads.json").read_bytes()
    outcome = site.load(file)
    assert (len(outcome.loaded), len(outcome.unchanged)) == (0, 1)
    assert (site.store / "loads.json").read_bytes() == before


def test_medicare_and_medicaid_are_apart(site: Site) -> None:
    site.load(("v322r0.txt", ptp("10000 20000 20200101 * 1")))
    site.load(("v322r0.txt", ptp("10000 20000 20200101 * 0")), program="medicaid")
    assert site.ask("ptp", ("10000", "20000", "medicare"), "2026-07-01") == {"indicator": "1"}
    assert site.ask("ptp", ("10000", "20000", "medicaid"), "2026-07-01") == {"indicator": "0"}


def test_a_table_that_is_neither_shipped_nor_loaded_cannot_tell(site: Site) -> None:
    tables = load_tables()
    answer = tables.table("pfs").lookup(("96372", ""), date(2026, 7, 1))
    assert isinstance(answer, NoData)
    assert "scrubber tables import" in answer.reason
    assert "pfs" not in tables.names()
    assert isinstance(shipped_tables().table("pfs").lookup(("96372", ""), date(2026, 7, 1)), NoData)
    with pytest.raises(TableMissing):
        tables.table("no-such-table")


def test_vintage_names_what_is_loaded(site: Site) -> None:
    site.load(("mue_2026q1.csv", mue("96372 4")), ("mue_2026q3.csv", mue("96372 4")))
    shipped = load_tables().table("mue")
    loaded = site.tables.table("mue")
    assert loaded.vintage == f"{shipped.vintage} + medicare 2026Q1 + medicare 2026Q3"
    assert loaded.checked_on == NOW.date()
    assert loaded.about == shipped.about
    assert loaded.covers(date(2026, 1, 1)) is None


def test_rows_and_keys_agree_with_lookup(site: Site) -> None:
    site.load(("mue_2026q1.csv", mue("96372 4", "96374 8")), ("mue_2026q3.csv", mue("96372 5", "96374 8")))
    table, day = site.tables.table("mue"), date(2026, 8, 1)
    keys = table.keys(day)
    assert {("96372", "medicare"), ("96372", "medicaid"), ("J1885", "medicare")} <= keys
    assert ("96373", "medicare") not in keys  # shipped, but the file between whose codes it lies has it not
    assert all(table.lookup(key, day) is not None for key in keys)
    spans = [(row["units"], row.from_, row.thru) for row in table.rows("96372", "medicare")]
    assert spans[-2:] == [("4", date(2026, 1, 1), date(2026, 6, 30)), ("5", date(2026, 7, 1), None)]
    assert [row["units"] for row in table.rows("96372", "medicare", on=day)] == ["5"]
    assert [row["program"] for row in table.rows("96372", on=day)] == ["medicaid", "medicare"]


def test_every_importable_table_fits_the_shipped_one_of_its_name() -> None:
    tables = load_tables()
    for name in KINDS:
        if name in tables.names():
            meta = tables.table(name).meta
            assert meta.key == KINDS[name].key
            assert set(KINDS[name].values) <= set(meta.values), name


def test_a_table_of_the_site_lies_on_top(site: Site, tmp_path: Path) -> None:
    site.load(("mue_2026q3.csv", mue("96372 4", "96374 8")))
    own = tmp_path / "own"
    own.mkdir()
    (own / "index.toml").write_text(
        '[mue]\nabout = "ours"\nkey = ["code", "program"]\nvalues = ["units", "mai"]\nvintage = "ours"\n'
        'covers_from = 2026-07-01\nchecked_on = 2026-07-01\nmode = "extend"\n'
    )
    row = '"96372","medicare","3","3","2026-07-01","","ours","confirmed"'
    (own / "mue.csv").write_text(f'"code","program","units","mai","from","thru","cite","confidence"\n{row}\n')
    (own / "cites.toml").write_text('[ours]\ntitle = "x"\nsection = ""\nurl = ""\nchecked_on = 2026-07-01\n')
    table = load_tables(own, store=site.store).table("mue")
    answers = [table.lookup((code, "medicare"), date(2026, 7, 1)) for code in ("96372", "96374", "J1885")]
    assert [answer["units"] for answer in answers if isinstance(answer, Row)] == ["3", "8", "8"]


def test_a_store_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no imported tables there"):
        load_tables(store=tmp_path)


def test_the_usual_folder_may_be_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRUBBER_TABLES", str(tmp_path))
    assert load_tables().table("mue").vintage == "2024Q3 and 2026"


def test_the_usual_folder_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.load(("v322r0.txt", ptp("10000 20000 20200101 * 1")))
    monkeypatch.setenv("SCRUBBER_TABLES", str(site.store))
    assert "2026Q3" in load_tables().table("ptp").vintage


@pytest.mark.skipif(os.name == "nt", reason="a name that Windows does not allow")
def test_the_folder_may_have_any_name(tmp_path: Path) -> None:
    odd = tmp_path / "tables? of #1 & 100%20 é"
    odd.mkdir()
    site = Site(odd)
    site.load(("v322r0.txt", tsv(PTP)))
    assert site.ask("ptp", ("11111", "22222", "medicare"), "2026-03-31") == {"indicator": "0"}


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b'{"schema": "x"}', b'{"schema": "scrubber.loads/1", "loads": [1]}']
)
def test_a_damaged_catalogue_is_told(site: Site, raw: bytes) -> None:
    site.load(("v322r0.txt", tsv(PTP)))
    (site.store / "loads.json").write_bytes(raw)
    with pytest.raises(TableError, match=r"loads\.json"):
        site.tables.table("ptp")


def test_damaged_rows_are_told(site: Site) -> None:
    site.load(("v322r0.txt", tsv(PTP)))
    (path,) = site.store.glob("load-*")
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 100)
    with pytest.raises(TableError, match="import the file again"):
        site.ask("ptp", ("11111", "22222", "medicare"), "2026-07-01")
    path.unlink()
    with pytest.raises(TableError, match="import the tables again"):
        site.tables.table("ptp")


# The oracle: editions as plain lists, asked in the words of the documentation.


class Fact(NamedTuple):
    program: str
    quarter: Quarter
    key: str
    first: int
    last: int
    value: str


DAYS = st.dates(date(2025, 6, 1), date(2026, 12, 31))
CODES = st.sampled_from(["10000", "20000", "30000", "40000"])
QUARTERS = st.sampled_from([Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 3)])
FACTS = st.lists(
    st.tuples(st.sampled_from(["medicare", "medicaid"]), QUARTERS, CODES, DAYS, st.integers(-1, 300)),
    max_size=12,
)


def store_of(folder: Path, kind_name: str, facts: list[Fact]) -> Store:
    kind = KINDS[kind_name]
    with Draft(folder, NOW) as draft:
        for program, quarter in {(fact.program, fact.quarter) for fact in facts}:
            mine = [fact for fact in facts if (fact.program, fact.quarter) == (program, quarter)]
            records: list[Record] = [
                (fact.key, "99999", fact.first, fact.last, fact.value)
                if kind.dated
                else (fact.key, 0, 0, fact.value, "")
                for fact in mine
            ]
            built = draft.build(kind, records)
            low, high = built.bounds()
            source = Source("file", "", "")
            draft.add(Load(kind_name, program, quarter, 0, False, low, high, 0, source), built)
        draft.publish()
    return Store(folder)


@given(FACTS, CODES, DAYS, st.sampled_from(["medicare", "medicaid"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_pairs_against_the_oracle(tmp_path: Path, drawn, code, day, program) -> None:  # type: ignore[no-untyped-def]
    spans: dict[tuple[str, Quarter, str], Fact] = {}
    for number, (whose, quarter, key, begin, length) in enumerate(drawn):
        first = int(begin.strftime("%Y%m%d"))
        last = (
            NEVER
            if length < 0
            else OPEN
            if length > 250
            else int((begin + timedelta(length)).strftime("%Y%m%d"))
        )
        spans[whose, quarter, key] = Fact(whose, quarter, key, first, last, str(number))
    facts = list(spans.values())
    expected = "no data"
    number = int(day.strftime("%Y%m%d"))
    for quarter in sorted({fact.quarter for fact in facts if fact.program == program}, reverse=True):
        edition = [fact for fact in facts if (fact.program, fact.quarter) == (program, quarter)]
        mine = [fact for fact in edition if fact.key == code]
        if mine:
            expected = next((fact.value for fact in mine if fact.first <= number <= fact.last), "absent")
            break
        # A file that keeps what ended speaks of every day, but a later one may have dropped the pair.
        if min(fact.key for fact in edition) <= code <= max(fact.key for fact in edition):
            expected = "absent"
            if quarter.first_day <= day:
                break
    with TemporaryDirectory(dir=tmp_path) as folder:
        table = store_of(Path(folder), "ptp", facts).over("ptp", None)
        assert table is not None
        answer = table.lookup((code, "99999", program), day)
    found = answer["indicator"] if isinstance(answer, Row) else "absent" if answer is None else "no data"
    assert found == expected


@given(FACTS, CODES, DAYS, st.sampled_from(["medicare", "medicaid"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_units_against_the_oracle(tmp_path: Path, drawn, code, day, program) -> None:  # type: ignore[no-untyped-def]
    units = {(whose, quarter, key): str(number) for number, (whose, quarter, key, *_) in enumerate(drawn)}
    facts = [Fact(*where, 0, 0, value) for where, value in units.items()]
    expected = "no data"
    for quarter in sorted({fact.quarter for fact in facts if fact.program == program}, reverse=True):
        keys = [fact.key for fact in facts if (fact.program, fact.quarter) == (program, quarter)]
        if quarter.first_day <= day and min(keys) <= code <= max(keys):
            expected = units.get((program, quarter, code), "absent")
            break
    with TemporaryDirectory(dir=tmp_path) as folder:
        table = store_of(Path(folder), "mue", facts).over("mue", None)
        assert table is not None
        answer = table.lookup((code, program), day)
    found = answer["units"] if isinstance(answer, Row) else "absent" if answer is None else "no data"
    assert found == expected
