"""A bundle holds the tables of a site and nothing else: the same bytes for the same content."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import TEXTS, WORDING, Site

from scrubber.tables import TableError
from scrubber.tables.importers.bundle import export_bundle
from scrubber.tables.importers.load import import_files
from scrubber.tables.store import Store, open_store
from scrubber.tables.store.rows import Rows

FILES = [(name, data) for name, data, _ in TEXTS if not name.endswith("ANWEB.txt")]


def contents(site: Site) -> set[tuple[object, ...]]:
    loads = Store(site.store).loads
    return {(load.named, *row) for load in loads for row in Rows(site.store / load.data, load.kind).all()}


def exported(site: Site) -> bytes:
    path = site.folder / "bundle"
    export_bundle(open_store(site.store), path)
    return path.read_bytes()


@pytest.fixture
def full(site: Site) -> Site:
    site.load(*FILES)
    return site


def test_there_and_back(full: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = exported(full)
    other = Site(tmp_path_factory.mktemp("other"))
    other.load(("tables.bundle", data))
    assert contents(other) == contents(full)
    assert exported(other) == data
    assert [load.source for load in Store(other.store).loads] == [
        load.source for load in Store(full.store).loads
    ]
    assert other.ask("ptp", ("96372", "99213", "medicare"), "2026-01-01") == {"indicator": "1"}


def test_neither_the_time_nor_the_order_of_the_imports_shows(
    full: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Site(tmp_path_factory.mktemp("other"))
    for name, data in reversed(FILES):
        import_files([other.write(name, data)], other.store, datetime(2027, 1, 1, tzinfo=UTC))
    assert exported(other) == exported(full)


def test_importing_a_bundle_twice_changes_nothing(full: Site) -> None:
    before = (full.store / "loads.json").read_bytes()
    outcome = full.load(("tables.bundle", exported(full)))
    assert not outcome.loaded
    assert len(outcome.unchanged) == len(Store(full.store).loads)
    assert (full.store / "loads.json").read_bytes() == before


def test_a_bundle_beside_a_file(site: Site, full: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Site(tmp_path_factory.mktemp("other"))
    other.load(("tables.bundle", exported(full)), FILES[0], quarter="2026Q4")
    assert {str(load.quarter) for load in Store(other.store).loads if load.table == "ptp"} == {
        "2026Q3",
        "2026Q4",
    }


def test_no_wording_is_kept_or_exported(full: Site) -> None:
    for path in (*full.store.iterdir(), full.folder / "bundle"):
        if path.name == "bundle":
            exported(full)
        assert WORDING.encode() not in path.read_bytes()


def test_nothing_to_export(site: Site) -> None:
    with pytest.raises(TableError, match="no imported tables"):
        export_bundle(Store(site.store), site.folder / "bundle")
    assert not (site.folder / "bundle").exists()


def test_where_no_bundle_can_be_written(full: Site) -> None:
    with pytest.raises(TableError, match="cannot be written"):
        export_bundle(Store(full.store), full.folder / "no" / "bundle")


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("small"))
    site.load(FILES[0], FILES[1])
    exported(site)
    return site


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_bundle_with_a_byte_turned_over_never_gives_other_rows(small: Site, data: st.DataObject) -> None:
    whole = (small.folder / "bundle").read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    altered = whole[:place] + bytes([whole[place] ^ data.draw(st.integers(1, 255))]) + whole[place + 1 :]
    with TemporaryDirectory(dir=small.folder) as folder:
        other = Site(Path(folder))
        with suppress(TableError):
            other.load(("tables.bundle", altered))
            # What stands between the members may be turned over: what is in them may not.
            assert contents(other) == contents(small)
        assert contents(other) in (set(), contents(small))


def test_a_bundle_whose_rows_were_edited_is_refused(full: Site) -> None:
    exported(full)
    edited = full.folder / "edited"
    with zipfile.ZipFile(full.folder / "bundle") as old, zipfile.ZipFile(edited, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b"96372", b"96371"))
    with pytest.raises(TableError, match="altered"):
        full.load(edited, force=True)
