"""The page of findings in Chromium: it loads nothing, runs nothing of a claim, and is read and steered with ease."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import run
from fixing import INJECTION, text

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [400, 1400])
EVIL = b"<script>alert(1);fetch('https://example.invalid/a')</script>"


def page_of(folder: Path, data: bytes, *options: str) -> Path:
    path, out = folder / "a.837", folder / "a.html"
    path.write_bytes(data)
    run("annotate", path, "--as", "html", "-o", out, *options)
    return out


@WIDTHS
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_batch_with_fixes_is_read_at_any_width(browser, fixtures, tmp_path, width, dark):
    data = (fixtures / "inj-d05.837").read_bytes()
    page = browser.open(page_of(tmp_path, data), width=width, dark=dark)
    page.check()
    assert len(page.texts("article")) > 5
    assert all("INJ-D05" in one or "INJ-D14" in one for one in page.texts("article"))
    assert "the NDC of J2550 (LIN03) is not eleven digits: write 00404994201" in page.text
    assert "0404-9942-01" in page.texts("del")
    assert "00404994201" in page.texts("ins")
    page.js("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.check()


def test_the_fixtures_fit_on_one_page(browser, fixtures, tmp_path):
    out = tmp_path / "all.html"
    run("check", fixtures, "--format", "html", "--phi", "show", "-o", out)
    page = browser.open(out, width=400)
    assert page.requests == page.complaints == []
    assert len(page.texts("article")) > 300
    page.js("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width in (400, 700, 1024, 1200, 1400):
        page.resize(width)
        assert page.too_wide() == page.torn() == []


@WIDTHS
def test_a_name_that_is_a_script_is_text(browser, tmp_path, width):
    data = text(f"{INJECTION}\n{INJECTION}").replace(b"DOE", EVIL).replace(b"EXAMPLE PAYER", EVIL)
    page = browser.open(page_of(tmp_path, data.replace(b"CLAIM1", EVIL), "--phi", "show"), width=width)
    page.check()
    assert EVIL.decode() in page.text
    assert page.js("document.scripts.length") == 1


def test_the_keyboard_goes_through_the_page_as_it_is_read(browser, fixtures, tmp_path):
    page = browser.open(page_of(tmp_path, (fixtures / "inj-d05.837").read_bytes()))
    stops = page.tab_order()
    assert [stop["order"] for stop in stops] == sorted(stop["order"] for stop in stops)
    assert [stop["top"] for stop in stops[1:]] == sorted(stop["top"] for stop in stops[1:])
    assert all(stop["outline"] for stop in stops)
    assert stops[0]["text"] == "Skip to content"
    tags = [stop["tag"] for stop in stops]
    assert tags.index("button") < tags.index("input") < len(tags) - 1
    reached = {stop["order"] for stop in stops}
    wanted = page.js(
        "Array.from(document.querySelectorAll('a, button, input, select, summary'))"
        ".filter(one => one.checkVisibility())"
        ".map(one => Array.from(document.querySelectorAll('*')).indexOf(one))"
    )
    assert set(wanted) == reached


def test_the_contents_lead_to_the_claim(browser, fixtures, tmp_path):
    page = browser.open(page_of(tmp_path, (fixtures / "inj-d05.837").read_bytes()))
    page.js("document.querySelector('nav summary').click()")
    last = "Array.from(document.querySelectorAll('nav a')).at(-1)"
    page.js(f"{last}.focus()")
    page.press("Enter")
    name, target = page.js(f"[{last}.textContent, document.querySelector(':target').textContent]")
    assert target.startswith(f"Claim {name}")
    assert 0 <= page.js("document.querySelector(':target').getBoundingClientRect().top") < 600


def test_claims_are_narrowed_by_severity_and_rule(browser, fixtures, tmp_path):
    page = browser.open(page_of(tmp_path, (fixtures / "inj-d05.837").read_bytes()))
    whole = len(page.texts("article"))
    page.js(
        "(() => { const one = document.querySelector('[name=severity]'); one.value = 'advise';"
        "one.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    assert page.texts("article > h3") == ["Claim OK3-D05-NONE-MB"]
    assert page.texts("output") == [f"1 of {whole} shown"]


def test_a_batch_of_thousands_makes_a_page_that_opens(browser, tmp_path):
    path = tmp_path / "big.837"
    run("sample", "-n", 2400, "-o", path, "--seed", 7)
    out = tmp_path / "big.html"
    run("annotate", path, "--as", "html", "-o", out, "--most", 400)
    page = browser.open(out, width=400)
    assert page.requests == page.complaints == page.too_wide() == []
    assert len(page.texts("article")) == 400
    assert "claims with findings are not on this page" in page.text
