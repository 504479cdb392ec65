"""The page of a comparison: in Chromium, by keyboard, narrow and wide, with markup in claim data."""

from __future__ import annotations

import pytest
from commands import run
from comparing import CLAIM, whole

BEFORE = whole(
    f"{CLAIM}\n=== TEST0002\nCLM*GONE\nSV1*HC:96372*30*UN*1***1\n=== TEST0003\nCLM*SAME\nSV1*HC:96372*30*UN*1***1"
)
AFTER = (
    whole(
        f"{CLAIM}\n=== TEST0003\nCLM*SAME\nSV1*HC:96372*30*UN*1***1\n=== TEST0004\nCLM*NEW\nSV1*HC:96372*30*UN*1***1"
    )
    .replace(b"HC:96372*", b"HC:96372:59*", 1)
    .replace(b"LINE-A", b"<b>LINE</b>")
    .replace(b"DOE*JANE", b"DOE*<script>alert(1)</script>", 1)
    .replace(b"HI*ABK", b"NTE*ADD*" + b"W" * 200 + b"~HI*ABK", 1)
    .replace(b"*00*", b"*03*", 1)
)


@pytest.fixture
def page(tmp_path):
    """A path of the page; its argument says what is shown."""

    def made(*options: str):
        (tmp_path / "a.837").write_bytes(BEFORE)
        (tmp_path / "b.837").write_bytes(AFTER)
        path = tmp_path / "diff.html"
        assert (
            run("diff", tmp_path / "a.837", tmp_path / "b.837", "--format", "html", "-o", path, *options).code
            == 1
        )
        return path

    return made


def test_markup_in_claim_data_is_text(page):
    text = page("--phi", "show").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert "<b>" not in text
    assert "JANE" not in page().read_text()


@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("options", [(), ("--phi", "show")], ids=["masked", "shown"])
def test_the_page_in_a_browser(browser, page, width, options):
    shown = browser.open(page(*options), width=width)
    shown.check()
    assert shown.texts("h2") == ["Above the claims", "Claims"]
    assert [text.split()[0] for text in shown.texts("#claims h3")] == ["CLAIM1", "GONE", "NEW"]
    assert shown.texts(".tile .figure") == ["3", "3", "1", "1", "1", "1"]
    assert "2400/SV101-03" in shown.text
    assert ("<script>alert(1)</script>" in shown.text) == bool(options)


@pytest.mark.browser
def test_claims_can_be_narrowed_by_kind_and_by_words(browser, page):
    shown = browser.open(page())
    stops = [stop["tag"] for stop in shown.tab_order()]
    assert stops[:3] == ["a", "input", "select"]
    shown.js("document.querySelector('select').value = 'removed'")
    shown.js("document.querySelector('select').dispatchEvent(new Event('input', {bubbles: true}))")
    assert [text.split()[0] for text in shown.texts("#claims h3")] == ["GONE"]
    assert shown.texts("output") == ["1 of 3 shown"]


@pytest.mark.browser
def test_files_that_are_the_same(browser, tmp_path):
    (tmp_path / "a.837").write_bytes(BEFORE)
    path = tmp_path / "diff.html"
    assert run("diff", tmp_path / "a.837", tmp_path / "a.837", "--format", "html", "-o", path).code == 0
    shown = browser.open(path, width=400)
    shown.check()
    assert "no difference" in shown.text
    assert shown.texts("h2") == []
