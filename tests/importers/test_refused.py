"""A file that is wrong, half or of another kind changes nothing, and one line says what and where."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import (
    HCPCS,
    MEDICAID_MUE,
    MUE,
    MUE_HEAD,
    PFS,
    PTP,
    PTP_HEAD,
    TEXTS,
    Site,
    csv,
    hcpcs_fixed,
    icd10cm,
    tsv,
    xlsx,
    zipped,
)

from scrubber.tables import TableError
from scrubber.tables.store import Store
from scrubber.tables.store.rows import Rows

WRONG = {
    "empty": (b"", "empty"),
    "blank lines": (b"\r\n\r\n\r\n", "header is missing"),
    "a letter": (b"Dear reader, here are the edits that you asked for.\r\n", "header is missing"),
    "a claim": (b"ISA*00*          *00*", "a batch of claims"),
    "a page": (b"\r\n<!DOCTYPE html><html><body>I accept</body></html>", "a web page"),
    "a paper": (b"%PDF-1.7 and so on", "a PDF"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx"),
    "bytes": (b"\x7fELF\0\0\0\1", "not a text file"),
    "a header alone": (tsv(PTP_HEAD), "no rows below the header"),
    "a short code": (
        tsv([*PTP, ["1234", "22222", "", "20200101", "*", "0", ""]]),
        'line 13: column 1 "1234"',
    ),
    "a wrong date": (
        tsv([*PTP, ["12345", "22222", "", "20200231", "*", "0", ""]]),
        'effective date "20200231"',
    ),
    "no date": (tsv([*PTP, ["12345", "22222", "", "", "*", "0", ""]]), "line 13: effective date"),
    "indicator 7": (tsv([*PTP, ["12345", "22222", "", "20200101", "*", "7", ""]]), 'indicator "7"'),
    "units in words": (csv([*MUE, ["12345", "one", "1 Line Edit", ""]]), 'line 8: MUE value "one"'),
    "half a unit": (csv([*MUE, ["12345", "1.5", "1 Line Edit", ""]]), "no whole number"),
    "mai 4": (csv([*MUE, ["12345", "1", "4 Other", ""]]), "is not 1, 2 or 3"),
    "one code twice": (csv([*MUE, ["96372", "5", "3 Clinical", ""]]), "96372 stands twice"),
    "units of hospitals": (
        csv(
            [
                ["HCPCS/CPT Code", "Outpatient Hospital Services MUE Values", "MUE Rationale"],
                ["11111", "1", ""],
            ]
        ),
        "practitioner",
    ),
    "whose units": (csv(MEDICAID_MUE), "--program"),
    "record type 5": (csv([*HCPCS[:2], [*HCPCS[2][:2], "5", *HCPCS[2][3:]]]), 'record type "5"'),
    "a short record": (hcpcs_fixed().encode() + b"A0003001003 Something\r\n", "293"),
    "status of two": (csv([*PFS, ["12345", "", "x", "AB", *PFS[-1][4:]]]), 'status "AB"'),
    "order with a gap": (icd10cm().replace("00005 ", "00006 ").encode(), "rows are missing"),
}


def refused(site: Site, *files: tuple[str, bytes], **options: str) -> str:
    """The one line that an import is refused with; the store is as before."""
    before = sorted((path.name, path.read_bytes()) for path in site.store.glob("*"))
    with pytest.raises(TableError) as raised:
        site.load(*files, **options)  # type: ignore[arg-type]
    after = sorted((path.name, path.read_bytes()) for path in site.store.glob("*"))
    assert [one for one in after if one[0] != "lock.sqlite"] == [
        one for one in before if one[0] != "lock.sqlite"
    ]
    line = str(raised.value)
    assert "\n" not in line
    assert str(site.folder) in line
    return line


@pytest.mark.parametrize(("data", "says"), WRONG.values(), ids=WRONG)
def test_wrong_file(site: Site, data: bytes, says: str) -> None:
    site.load(("MUE_2026q2.csv", csv(MUE)))
    assert says in refused(site, ("file.txt", data), quarter="2026Q3")


@pytest.mark.parametrize(("data", "says"), WRONG.values(), ids=WRONG)
def test_one_wrong_file_holds_up_the_right_ones(site: Site, data: bytes, says: str) -> None:
    assert says in refused(site, ("first.txt", tsv(PTP)), ("second.txt", data), quarter="2026Q3")


def test_the_row_of_a_spreadsheet_is_named(site: Site) -> None:
    rows = [*PTP, ["12345", "22222", "", "20200101", "*", "x", ""]]
    assert "row 13: modifier indicator" in refused(site, ("ptp.xlsx", xlsx(rows)), quarter="2026Q3")


def test_a_quoted_cell_of_several_lines_counts_as_an_editor_counts(site: Site) -> None:
    rows = [*MUE_HEAD, ["11111", "1", "1 Line Edit", "one\ntwo\nthree"], ["222", "1", "1 Line Edit", ""]]
    assert "line 8:" in refused(site, ("mue.csv", csv(rows)), quarter="2026Q3")


def test_no_quarter_to_be_found(site: Site) -> None:
    assert "--quarter 2026Q3" in refused(site, ("edits.txt", tsv(PTP)))
    # 32.4 is no quarter of a year; whoever named the file must say what it is
    assert "--quarter 2026Q3" in refused(site, ("ccipra-v324r0-f1.txt", tsv(PTP)))


@pytest.mark.parametrize(
    "name", ["ccioph-v322r0-f1.txt", "2026q3-dme-ptp.txt", "2026q3-hospital-ptp-edits.txt"]
)
def test_edits_of_other_providers(site: Site, name: str) -> None:
    assert "practitioner" in refused(site, (name, tsv(PTP)))


def test_two_files_that_contradict_each_other(site: Site) -> None:
    other = [*PTP[:-1], ["G0008", "96372", "", "20240101", "*", "1", ""]]
    assert "import one of them" in refused(site, ("a-v322r0.txt", tsv(PTP)), ("b-v322r0.txt", tsv(other)))


def test_far_fewer_rows_than_before(site: Site) -> None:
    codes = [
        ["00001", "1", "1 Line Edit", ""],
        *([f"{n}", "1", "1 Line Edit", ""] for n in range(20000, 21200)),
    ]
    whole = [*MUE_HEAD, *codes, ["V0001", "1", "1 Line Edit", ""]]
    half = [*MUE_HEAD, *codes[:300], ["V0001", "1", "1 Line Edit", ""]]
    site.load(("mue_2026q2.csv", csv(whole)))
    assert "--force" in refused(site, ("mue_2026q3.csv", csv(half)))
    site.load(("mue_2026q3.csv", csv(half)), force=True)
    assert site.ask("mue", ("21000", "medicare"), "2026-07-01") is None


def test_an_open_quote_swallows_no_file(site: Site) -> None:
    rows = csv(MUE) + b'"22222,1,1 Line Edit,\r\n' + b"33333,1,1 Line Edit,x\r\n" * 9000
    assert "line 8" in refused(site, ("mue.csv", rows), quarter="2026Q3")


def rows_in(site: Site) -> set[tuple[object, ...]]:
    loads = Store(site.store).loads
    return {(load.table, *row) for load in loads for row in Rows(site.store / load.data, load.kind).all()}


# The last column of the two lists is a date that may be empty: cut there, it is another right row.
CUT = [one for one in TEXTS if not one[0].startswith(("carc", "rarc"))]


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[object, ...]]]:
    found = {}
    for name, data, _ in CUT:
        site = Site(tmp_path_factory.mktemp("whole"))
        site.load((name, data))
        found[name] = rows_in(site)
    return found


@given(st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_file_cut_anywhere_is_refused_or_gives_rows_of_the_whole(
    wholes: dict[str, set[tuple[object, ...]]], tmp_path: Path, data: st.DataObject
) -> None:
    name, whole, _ = data.draw(st.sampled_from(CUT))
    length = data.draw(st.integers(0, len(whole) - 3))
    with TemporaryDirectory(dir=tmp_path) as folder:
        site = Site(Path(folder))
        with suppress(TableError):
            site.load((name, whole[:length]))
        assert rows_in(site) <= wholes[name]


@given(st.binary(max_size=3000), st.sampled_from(TEXTS), st.integers(0, 2000))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_bytes_are_too_odd(
    tmp_path: Path, noise: bytes, text: tuple[str, bytes, dict[str, int]], place: int
) -> None:
    name, data, _ = text
    with TemporaryDirectory(dir=tmp_path) as folder, suppress(TableError):
        Site(Path(folder)).load((name, data[:place] + noise + data[place:]))


@pytest.mark.parametrize("length", [100, 1000, 4000])
def test_a_spreadsheet_or_an_archive_cut_is_refused(site: Site, length: int) -> None:
    assert "cut or damaged" in refused(site, ("v322r0.xlsx", xlsx(PTP)[:length]))
    rows = [
        [f"{n}", f"{n * 7 % 89999 + 10000}", "", "20200101", "*", "0", f"{n * n}"]
        for n in range(20000, 21000)
    ]
    assert "cut or damaged" in refused(
        site, ("v322r0.zip", zipped({"a.txt": tsv([*PTP_HEAD, *rows])})[:length])
    )
