"""``scrubber tables``: import, status, export, as a person types them."""

from __future__ import annotations

import json

import pytest
from table_files import ASP, MUE, PTP, Site, csv, tsv, zipped

from scrubber.cli.main import cli


@pytest.fixture
def run(site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SCRUBBER_TABLES", str(site.store))

    def runs(*arguments: object) -> tuple[int, str, str]:
        code = cli.main(["tables", *map(str, arguments)], standalone_mode=False)
        told = capsys.readouterr()
        return code, told.out, told.err

    return runs


def test_import_says_what_it_did(site: Site, run) -> None:  # type: ignore[no-untyped-def]
    first = site.write("ccipra-v322r0-f1.txt", tsv(PTP))
    code, out, err = run("import", first)
    assert (code, err) == (0, "")
    assert out == (
        "ptp medicare 2026Q3 part 1: 6 rows of codes 11111/22222 to G0008/96372 from ccipra-v322r0-f1.txt\n"
    )
    assert "in force already" in run("import", first)[1]
    again = site.write("ccipra-v322r1-f1.txt", tsv(PTP[:-1]))
    assert "6 rows from ccipra-v322r0-f1.txt went for it" in run("import", again)[1]


def test_import_says_what_it_left_out(site: Site, run) -> None:  # type: ignore[no-untyped-def]
    archive = site.write("asp.zip", zipped({"crosswalk.csv": csv(ASP), "notes.pdf": b"%PDF-1.4"}))
    code, out, err = run("import", archive)
    assert code == 0
    assert out.startswith("ndc_hcpcs 2026Q1: 2 rows of all codes from asp.zip, crosswalk.csv")
    assert [line.startswith("scrubber: ") for line in err.splitlines()] == [True, True]
    assert "000017-0002-04" in err
    assert "notes.pdf" in err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["import"], 2, "missing argument"),
        (["import", "FILE", "--quarter", "Q3"], 2, "write it as 2026Q3"),
        (["import", "FILE", "--program", "tricare"], 2, "program"),
        (["import", "FILE"], 2, "--quarter 2026Q3"),
        (["import", "no-such-file"], 2, "cannot be read"),
        (["status", "--tables", "no-such-folder"], 2, "no imported tables there"),
        (["export", "-o", "bundle"], 2, "no imported tables there"),
    ],
)
def test_one_line_and_an_exit_code(site: Site, run, arguments: list[str], code: int, says: str) -> None:  # type: ignore[no-untyped-def]
    path = site.write("edits.txt", tsv(PTP))
    told = run(*(path if word == "FILE" else word for word in arguments))
    assert told[0] == code
    assert told[1] == ""
    assert says in told[2]
    assert told[2].count("\n") == 1


def test_status_without_imports(site: Site, run) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run("status")
    assert code == 0
    assert "2024Q3" in out
    assert f"Nothing imported in {site.store}" in out


def test_status_shows_both(site: Site, run) -> None:  # type: ignore[no-untyped-def]
    site.load(("ccipra-v322r0-f1.txt", tsv(PTP)), ("mue_2026q1.csv", csv(MUE)), ("mue_2026q3.csv", csv(MUE)))
    _, out, _ = run("status")
    lines = out.splitlines()
    (pairs,) = [line for line in lines if line.startswith("ptp medicare")]
    assert "2026Q3" in pairs
    assert "all dates" in pairs
    units = [line for line in lines if line.startswith("mue medicare")]
    assert "2026-06-30" in units[0]
    assert "a later quarter is loaded" in units[0]
    assert "open" in units[1]
    assert "part 1, codes 11111/22222 to G0008/96372, from ccipra-v322r0-f1.txt, loaded 2026-11-20" in out


def test_status_for_programs(site: Site, run) -> None:  # type: ignore[no-untyped-def]
    site.load(("ccipra-v322r0-f1.txt", tsv(PTP)))
    found = json.loads(run("status", "--format", "json")[1])
    assert found["schema"] == "scrubber.tables/1"
    assert {"ptp", "mue", "drugs"} <= {row["name"] for row in found["tables"]}
    (row,) = found["imported"]
    assert (row["table"], row["program"], row["quarter"], row["rows"]) == ("ptp", "medicare", "2026Q3", 6)
    assert row["age_days"] >= 0
    (load,) = row["loads"]
    assert len(load["sha256"]) == 64
    assert load["loaded"] == "2026-11-20T12:30:00+00:00"


def test_export_and_import_elsewhere(site: Site, run) -> None:  # type: ignore[no-untyped-def]
    site.load(("ccipra-v322r0-f1.txt", tsv(PTP)))
    bundle, elsewhere = site.folder / "tables.bundle", site.folder / "elsewhere"
    assert run("export", "-o", bundle)[0] == 0
    assert run("import", bundle, "--tables", elsewhere)[0] == 0
    assert json.loads(run("status", "--format", "json", "--tables", elsewhere)[1])["imported"][0]["rows"] == 6
