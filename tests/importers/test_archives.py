"""Archives within limits: nothing is written where they say, nothing is unpacked that is too much."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from table_files import MUE, PTP, Site, csv, tsv, xlsx, zipped

from scrubber.tables import TableError
from scrubber.tables.importers import archive


def refusal(site: Site, name: str, data: bytes) -> str:
    with pytest.raises(TableError) as raised:
        site.load((name, data))
    assert "\n" not in str(raised.value)
    assert not list(site.store.glob("load-*"))
    return str(raised.value)


def test_a_member_that_unpacks_to_far_more_than_it_is(site: Site) -> None:
    assert "times its size" in refusal(site, "v322r0.zip", zipped({"a.txt": b"0" * 50_000_000}))


def test_a_spreadsheet_that_unpacks_to_far_more_than_it_is(site: Site) -> None:
    stream = io.BytesIO(xlsx(PTP))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet2.xml", b" " * 50_000_000)
    assert "times its size" in refusal(site, "v322r0.xlsx", stream.getvalue())
    assert "times its size" in refusal(site, "v322r0.zip", zipped({"a.xlsx": stream.getvalue()}))


def test_too_many_members(site: Site) -> None:
    members = {f"{number}.txt": b"" for number in range(archive.MAX_MEMBERS + 1)}
    assert "no more than" in refusal(site, "v322r0.zip", zipped(members))


def test_too_much_in_all(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 1000)
    assert "unpacks to over" in refusal(site, "v322r0.zip", zipped({"a.txt": tsv(PTP), "b.txt": tsv(PTP)}))


def test_a_header_that_lies_about_the_size(site: Site) -> None:
    """The size that counts is the declared one: more than that is never unpacked."""
    data = zipped({"a.txt": tsv(PTP)})
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        size = whole.infolist()[0].file_size
    lying = data.replace(struct.pack("<L", size), struct.pack("<L", size // 2))
    assert "cut or damaged" in refusal(site, "v322r0.zip", lying)


@pytest.mark.parametrize(
    "name", ["../../evil-v322r0.txt", "/tmp/evil-v322r0.txt", "C:\\evil-v322r0.txt", "a/../b-v322r0.txt"]
)
def test_no_path_of_an_archive_is_written(site: Site, name: str, tmp_path: Path) -> None:
    before = {path for path in tmp_path.parent.rglob("*") if site.store not in path.parents}
    outcome = site.load(("archive.zip", zipped({name: tsv(PTP)})))
    after = {path for path in tmp_path.parent.rglob("*") if site.store not in path.parents}
    assert after - before == {site.store, site.folder / "archive.zip"}
    assert outcome.loaded[0].source.member in {"evil-v322r0.txt", "b-v322r0.txt"}
    assert not Path("/tmp/evil-v322r0.txt").exists()


def test_an_archive_inside_an_archive_is_passed_over(site: Site) -> None:
    inner = zipped({"a.txt": tsv(PTP)})
    outcome = site.load(("2026q3.zip", zipped({"inner.zip": inner, "mue.csv": csv(MUE)})))
    assert [load.table for load in outcome.loaded] == ["mue"]
    assert "unpack it first" in outcome.passed_over[0]
    assert "unpack it first" in refusal(
        Site(site.folder / "store"), "2026q3.zip", zipped({"inner.zip": inner})
    )


def test_a_password(site: Site) -> None:
    data = bytearray(zipped({"a.txt": tsv(PTP)}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(site, "v322r0.zip", bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_without_a_limit(site: Site, method: int) -> None:
    assert "unpack it first" in refusal(site, "v322r0.zip", zipped({"a.txt": tsv(PTP)}, method))


def test_a_method_that_is_not_supported(site: Site) -> None:
    data = bytearray(zipped({"a.txt": tsv(PTP)}))
    data[8] = data[data.rindex(b"PK\x01\x02") + 10] = 9  # deflate64, which Windows writes for large files
    assert "unpack it first" in refusal(site, "v322r0.zip", bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_byte_turned_over_is_found(site: Site, method: int) -> None:
    data = bytearray(zipped({"a.txt": tsv(PTP)}, method))
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        middle = len(whole.infolist()[0].FileHeader()) + whole.infolist()[0].compress_size // 2
    data[middle] ^= 0x10
    assert "cut or damaged" in refusal(site, "v322r0.zip", bytes(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_a_spreadsheet(site: Site, encoding: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(PTP))) as book, zipfile.ZipFile(stream, "w") as evil:
        for info in book.infolist():
            text = book.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
                text = (bomb + text.decode()).encode(encoding)
            evil.writestr(info.filename, text)
    assert "entities" in refusal(site, "v322r0.xlsx", stream.getvalue())


def test_a_zip_that_only_looks_like_a_spreadsheet(site: Site) -> None:
    assert "spreadsheet" in refusal(site, "v322r0.xlsx", zipped({"[Content_Types].xml": b"<Types/>"}))


def test_an_empty_archive(site: Site) -> None:
    assert "v322r0.zip" in refusal(site, "v322r0.zip", zipped({}))


def test_a_folder_and_a_file_that_is_not_there(site: Site) -> None:
    for path, says in ((site.folder, "is a folder"), (site.folder / "nothing.txt", "cannot be read")):
        with pytest.raises(TableError, match=says):
            site.load(path)
