"""Opening a ledger: new, older, newer, locked, or none at all; each fault is one line."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from ledgercases import AT, as_recorded, claim, later, record, run_for, sha
from sqlalchemy import inspect

import scrubber
from scrubber.errors import GUARD, USAGE
from scrubber.ledger import (
    Alarm,
    Artefact,
    HoldState,
    LedgerBusy,
    LedgerError,
    SubmittedLine,
    migrations,
    open_ledger,
)
from scrubber.ledger.schema import metadata

FIRST = Path(__file__).parent / "first.sql"
NEXT = (
    "ALTER TABLE ledger_runs ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE ledger_notes (id {id})",
)


def columns(table) -> dict[str, tuple[str, bool]]:
    """Of each column, the family of its type and whether it may be null."""
    return {column["name"]: (family(column["type"]), column["nullable"]) for column in table}


def family(type_) -> str:
    """What a type holds, whatever a database calls it."""
    known = getattr(type_, "impl", type_).python_type
    return {bytes: "bytes", int: "number", str: "text"}.get(known, known.__name__)


def test_the_tables_are_those_that_queries_know(where):
    with open_ledger(where) as ledger, ledger._database.reading() as connection:
        found = inspect(connection)
        assert set(found.get_table_names()) == set(metadata.tables)
        for name, table in metadata.tables.items():
            known = {column.name: (family(column.type), bool(column.nullable)) for column in table.columns}
            assert columns(found.get_columns(name)) == known, name
            keys = [column.name for column in table.primary_key]
            assert found.get_pk_constraint(name)["constrained_columns"] == keys, name
            unique = {tuple(one["column_names"]) for one in found.get_unique_constraints(name)}
            assert unique == {(column.name,) for column in table.columns if column.unique}, name
            indexes = {
                (one["name"], tuple(one["column_names"]))
                for one in found.get_indexes(name)
                if "duplicates_constraint" not in one
            }
            assert indexes == {
                (index.name, tuple(column.name for column in index.columns)) for index in table.indexes
            }, name
            references = {
                (tuple(one["constrained_columns"]), one["referred_table"], tuple(one["referred_columns"]))
                for one in found.get_foreign_keys(name)
            }
            assert references == {
                (
                    tuple(one.column_keys),
                    one.referred_table.name,
                    tuple(element.column.name for element in one.elements),
                )
                for one in table.foreign_key_constraints
            }, name


def test_a_migration_that_was_released_does_not_change():
    """Ledgers out there went through it as it was."""
    found = [hashlib.sha256("\n".join(one).encode()).hexdigest()[:16] for one in migrations.MIGRATIONS]
    assert found == ["bce6b98602059a20", "9a2a12dddd59b993", "ed01e3683ab13511", "a210122d770db7d1"]


def first_version(where: str, monkeypatch) -> None:
    """Make a ledger of the first version, with a run, three claims and a hold that was released."""
    if "://" not in where:
        with sqlite3.connect(where) as connection:
            connection.executescript(FIRST.read_text())
        connection.close()
        return
    with monkeypatch.context() as then:
        then.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        then.setattr("scrubber.ledger.store.MIGRATIONS", migrations.MIGRATIONS)
        with open_ledger(where) as ledger, ledger._database.writing() as connection:
            connection.exec_driver_sql("UPDATE ledger SET key = %(key)s", {"key": bytes(range(32))})
            rows = [line for line in FIRST.read_text().splitlines() if line.startswith("INSERT")]
            for table in (
                "runs",
                "artefacts",
                "transactions",
                "holds",
                "events",
                "claims",
                "lines",
                "alarms",
            ):
                for row in rows:
                    if f'"ledger_{table}"' in row:
                        connection.exec_driver_sql(row.removesuffix(";"))
            for table in ("runs", "holds", "events"):  # the ids of these rows are taken
                sequence = f"pg_get_serial_sequence('ledger_{table}', 'id')"
                connection.exec_driver_sql(f"SELECT setval({sequence}, max(id)) FROM ledger_{table}")


def test_a_ledger_of_the_first_version_opens_with_all_that_it_holds(where, monkeypatch):
    first_version(where, monkeypatch)
    alarm = Alarm(
        "INJ-E02", "deny", "fail", ("1",), "2400/SV101-03", 2500, {"modifiers": ["59"], "units": 1}, "hold"
    )
    held = replace(claim(2, "CLM2", held=True, alarms=(alarm,)), timely=date(2027, 10, 5))
    claims = [claim(1), held, claim(3, "CLM3", st02="0002")]
    day = date(2026, 10, 5)
    more = (
        SubmittedLine("2", "L'\"2", "J3420", (), None, None, None, None, "11", (), "00143961901"),
        SubmittedLine(
            "3", "", "96372", ("JA", "", "25"), Decimal("1.50"), -1, day, None, "", ("E538", "I10"), ""
        ),
    )
    run = replace(
        run_for(claims),
        tables=(("mue", "2026-10"),),
        select=("INJ",),
        artefacts=(Artefact("released/sample.837", sha("r")),),
        id=1,
    )
    claims[0] = replace(claims[0], lines=(*claims[0].lines, *more))
    with open_ledger(where) as ledger:
        assert ledger.key == bytes(range(32))
        assert list(ledger.runs()) == [run]
        assert list(ledger.claims()) == as_recorded(claims, 1)
        (hold,) = ledger.holds()
        assert (hold.state, hold.first_held, hold.rules) == (HoldState.RELEASED, AT, ("INJ-E02",))
        assert [(one.user, one.reason, one.at) for one in hold.history] == [
            ("", "", AT), ("ann", "chart seen", later(1)),
        ]  # fmt: skip
        again = [replace(held, index=1, transaction=replace(held.transaction, at=later(2)))]
        record(ledger, run_for(again, "again", at=later(2)), again)
        (hold,) = ledger.holds()  # the same bytes meet the hold that the older program opened
        assert (hold.state, hold.first_held, hold.run) == (HoldState.RELEASED, AT, 2)


def test_an_older_ledger_is_migrated_and_keeps_its_key(where, monkeypatch):
    with open_ledger(where) as ledger:
        key = ledger.key
        record(ledger, run_for([claim()]), [claim()])
    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, NEXT])
    monkeypatch.setattr("scrubber.ledger.store.MIGRATIONS", migrations.MIGRATIONS)
    for _ in range(2):  # the second time there is nothing to do
        with open_ledger(where) as ledger:
            assert ledger.key == key
            assert len(list(ledger.claims())) == 1
            with ledger._database.reading() as connection:
                assert migrations.version(connection, "it") == len(migrations.MIGRATIONS)
                assert inspect(connection).has_table("ledger_notes")
                assert connection.exec_driver_sql("SELECT note FROM ledger_runs").scalar_one() == ""


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(where, monkeypatch):
    with open_ledger(where) as ledger:
        record(ledger, run_for([claim()]), [claim()])
    known = migrations.MIGRATIONS
    broken = [*known, (*NEXT, "UPDATE ledger_nowhere SET x = 1")]
    monkeypatch.setattr(migrations, "MIGRATIONS", broken)
    monkeypatch.setattr("scrubber.ledger.store.MIGRATIONS", broken)
    with pytest.raises(LedgerError, match="ledger_nowhere"):
        open_ledger(where)
    monkeypatch.setattr(migrations, "MIGRATIONS", known)
    monkeypatch.setattr("scrubber.ledger.store.MIGRATIONS", known)
    with open_ledger(where) as ledger, ledger._database.reading() as connection:
        assert migrations.version(connection, "it") == len(known)
        assert not inspect(connection).has_table("ledger_notes")
        assert len(list(ledger.claims())) == 1


def test_a_newer_ledger_is_refused_and_left_alone(where):
    with open_ledger(where) as ledger, ledger._database.writing() as connection:
        connection.exec_driver_sql("UPDATE ledger SET version = 99")
    with pytest.raises(LedgerError) as refused:
        open_ledger(where)
    text = str(refused.value)
    assert "version 99" in text
    assert "update the program" in text
    assert "\n" not in text
    assert refused.value.exit_code == USAGE


def test_each_ledger_has_a_key_of_its_own(tmp_path):
    with open_ledger(tmp_path / "a") as one, open_ledger(tmp_path / "b") as other:
        assert len(one.key) == len(other.key) == 32
        assert one.key != other.key
    with open_ledger(tmp_path / "a") as again:
        assert again.key == one.key


def test_while_another_writes_a_writer_waits_a_little_and_says_so(where):
    with open_ledger(where) as one, open_ledger(where, patience=0.1) as other:
        claims = [claim(held=True)]
        record(one, run_for(claims), claims)
        with one._database.writing() as connection:
            connection.exec_driver_sql("UPDATE ledger_holds SET state = 'new'")
            for attempt in (
                lambda: record(other, run_for([], "second"), []),
                lambda: other.release(1, "ann", "seen", AT),
            ):
                with pytest.raises(LedgerBusy) as refused:
                    attempt()
                assert "another process is writing" in str(refused.value)
                assert "\n" not in str(refused.value)
                assert refused.value.exit_code == GUARD
            assert len(list(other.claims())) == 1  # who reads does not wait
        record(other, run_for([], "second"), [])


def test_a_file_that_is_no_ledger_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("This is no database, and was never meant to be one.\n" * 40)
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"notes\.txt: file is not a database"):
        open_ledger(path)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_refused(tmp_path):
    path = tmp_path / "music.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    with pytest.raises(LedgerError, match=r"music\.sqlite: is a database of something else"):
        open_ledger(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
    connection.close()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("folder", "is a folder"),
        ("missing/ledger.sqlite", "there is no folder for it"),
        ("mysql://example/db", "no database for a ledger"),
        ("sqlite://", "would be lost"),
        ("sqlite:///:memory:", "would be lost"),
        ("postgresql://host:port/x", "cannot be read"),
    ],
)
def test_what_cannot_be_a_ledger_is_told_in_a_line(tmp_path, monkeypatch, given, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(LedgerError, match=says) as refused:
        open_ledger(given)
    assert "\n" not in str(refused.value)


def test_a_new_ledger_has_larger_pages_and_an_old_one_keeps_its_own(tmp_path):
    with open_ledger(tmp_path / "new"):
        pass
    with sqlite3.connect(tmp_path / "old") as connection:
        connection.executescript(FIRST.read_text())
    connection.close()
    with open_ledger(tmp_path / "old"):
        pass
    for name, size in (("new", 8192), ("old", 4096)):
        connection = sqlite3.connect(tmp_path / name)
        assert connection.execute("PRAGMA page_size").fetchone() == (size,)
        connection.close()


def test_a_ledger_that_is_not_there_is_not_made_to_read_it(tmp_path):
    with pytest.raises(LedgerError, match="there is no ledger"):
        open_ledger(tmp_path / "ledger.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder where not even root can make a file")
def test_a_folder_that_cannot_be_written_is_told():
    with pytest.raises(LedgerError, match=r"^/proc/self/ledger\.sqlite: unable to open database file$"):
        open_ledger("/proc/self/ledger.sqlite")


def test_a_url_of_sqlite_is_a_path(tmp_path):
    with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite"):
        assert (tmp_path / "ledger.sqlite").is_file()


def test_no_password_is_told(monkeypatch):
    url = "postgresql://ann:hush@127.0.0.1:9/ledger?password=secret"
    with pytest.raises(LedgerError) as refused:
        open_ledger(url)
    text = str(refused.value)
    assert text.startswith("postgresql://ann:***@127.0.0.1:9/ledger: ")
    assert "hush" not in text
    assert "secret" not in text
    assert "\n" not in text
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match=r"pip install 'x12-claim-scrubber\[postgres\]'"):
        open_ledger(url)


def test_a_restart_of_the_server_between_two_calls_goes_unnoticed(postgres):
    with open_ledger(postgres.url()) as ledger:
        record(ledger, run_for([claim()]), [claim()])
        postgres.restart()
        assert len(list(ledger.claims())) == 1


def test_what_was_recorded_survives_a_crash_of_the_server(postgres):
    url = postgres.url()
    with open_ledger(url) as ledger:
        record(ledger, run_for([claim()]), [claim()])
        with pytest.raises(LedgerError) as told:
            record(ledger, run_for([], "second"), crashing(postgres))
        assert "\n" not in str(told.value)
    with open_ledger(url) as ledger:
        assert [run.sha256 for run in ledger.runs()] == [sha("input")]


def crashing(server):
    """Claims in the midst of which the server dies."""
    for number in range(1, 700):
        yield claim(number, f"CLM{number}")
    server.restart()
    for number in range(700, 1400):
        yield claim(number, f"CLM{number}")


@pytest.mark.parametrize(
    ("program", "absent"),
    [
        ("import scrubber.ledger", {"sqlalchemy", "sqlite3", "psycopg", "rich"}),
        ("from scrubber.cli.ledger import command", {"sqlalchemy", "sqlite3", "psycopg", "rich"}),
        ("from scrubber.ledger import open_ledger; open_ledger(WHERE).close()", {"psycopg", "rich", "pyx12"}),
    ],
)
def test_nothing_is_loaded_before_it_is_needed(tmp_path, program, absent):
    program = program.replace("WHERE", repr(str(tmp_path / "ledger.sqlite")))
    told = f"import sys; {program}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    where = {**os.environ, "PYTHONPATH": str(Path(scrubber.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True, env=where)
    assert absent & set(done.stdout.split()) == set()
