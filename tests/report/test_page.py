"""What every page keeps to: one file, nothing loaded, nothing that data could run."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from jinja2 import UndefinedError
from lxml import html

from scrubber.report import page

TITLE = "Run of a.837"


def bare(**data: object) -> str:
    return page.render("base.html", title=TITLE, **data).decode()


def test_the_policy_lets_in_the_style_and_the_script_of_the_page_and_nothing_else() -> None:
    text = bare()
    tree = html.fromstring(text)
    policy = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert not tree.xpath("//@src | //@style | //@*[starts-with(name(), 'on')] | //link[@rel != 'icon']")
    assert "url(" not in text
    assert "@import" not in text


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "</title><img src=x onerror=y>", "\x1b[2J\0\u202e"]
)
def test_data_are_text(evil: str) -> None:
    text = page.render("base.html", title=evil, subtitle=evil).decode()
    tree = html.fromstring(text)
    assert not tree.xpath("//img")
    assert len(tree.xpath("//script")) == 1
    assert not re.search("[\0\x1b\u202e]", text)


def test_a_template_that_lacks_its_data_says_so() -> None:
    with pytest.raises(UndefinedError, match="title"):
        page._environment().get_template("base.html").render()


def test_what_a_template_loops_over_is_asked_for_as_the_page_is_written() -> None:
    out = io.BytesIO()
    seen: list[int] = []

    def rows() -> Iterator[str]:
        for n in range(3):
            seen.append(len(out.getvalue()))
            yield f"row {n}"

    template = page._environment().from_string("{% for row in rows %}<p>{{ row }}</p>{% endfor %}")
    for part in template.generate(rows=rows()):
        out.write(part.encode())
    assert seen == sorted(set(seen))


def test_figures_and_money_are_shown_as_people_write_them() -> None:
    filters = page._environment().filters
    assert filters["count"](12345) == "12,345"
    assert filters["money"]("-1234.5") == "-$1,234.50"


def test_checking_does_not_import_the_maker_of_pages() -> None:
    code = "import sys, scrubber.cli.check, scrubber.report.page; sys.exit('jinja2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_the_parts_of_pages_in_a_browser(browser, tmp_path, width, dark) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(parts())
    shown = browser.open(path, width=width, dark=dark)
    shown.check()
    assert [stop["text"] for stop in shown.tab_order()][:2] == ["Skip to content", "text"]
    assert all(stop["outline"] for stop in shown.tab_order())


@pytest.mark.browser
def test_tables_sort_by_figures_and_words_and_what_is_empty_stands_last(browser, tmp_path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(parts())
    shown = browser.open(path)

    def sorted_by(column: int) -> list[str]:
        shown.js(f"document.querySelectorAll('th button')[{column - 1}].focus()")
        shown.press("Enter")
        head = shown.js(f"document.querySelectorAll('th')[{column - 1}].ariaSort")
        return [head, *shown.texts(f"tbody td:nth-child({column})")]

    assert sorted_by(1) == ["ascending", "INJ-E2", "INJ-E10", "INJ-E11"]
    assert sorted_by(1) == ["descending", "INJ-E11", "INJ-E10", "INJ-E2"]
    assert sorted_by(2) == ["ascending", "9", "10", "1,000"]
    assert sorted_by(3) == ["ascending", "$20.00", "$1,000.00", ""]
    assert sorted_by(3) == ["descending", "$1,000.00", "$20.00", ""]
    assert len(shown.js("Array.from(document.querySelectorAll('[aria-sort]'), e => e.textContent)")) == 1


@pytest.mark.browser
def test_a_list_is_narrowed_as_one_types(browser, tmp_path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(parts())
    shown = browser.open(path)
    shown.js("document.querySelector('input').focus()")
    for letter in "e10":
        shown.press(letter)
    assert shown.texts("tbody td:first-child") == ["INJ-E10"]
    assert shown.texts("output") == ["1 of 3 shown"]
    shown.js("document.querySelector('form').reset()")
    shown.js("new Promise(done => setTimeout(done))")
    assert len(shown.texts("tbody tr")) == 3


def parts() -> bytes:
    """A page with every part in it."""
    source = """{% extends "base.html" %}{% import "parts.html" as parts %}{% block main %}
    <h2>Figures</h2><div class="tiles">{{ parts.tile("Claims", 12000 | count, "of 3 files") }}
    {{ parts.tile("reject", 12, kind="reject") }}{{ parts.tile("deny", 3, kind="deny") }}</div>
    {{ parts.filter("rules", "Find", [("severity", "Severity", ["reject", "deny"])]) }}
    {{ parts.table("rules", "By rule", [("Rule", "code"), ("Claims", "num"), ("Charge", "num"), ("Share", "")], rows) }}
    <p>{% for kind in ("reject", "deny", "advise", "good", "other") %}{{ parts.badge(kind) }} {% endfor %}
    <del>25</del> <ins>59</ins> <a href="#main">a link</a> <span class="note">a note</span></p>
    <div class="card"><dl class="facts"><dt>Payer</dt><dd>EXAMPLE</dd></dl><pre>SV1*HC:96372</pre></div>
    {% endblock %}"""
    environment = page._environment()
    bar = environment.get_template("parts.html").module.bar  # type: ignore[attr-defined]
    rows = [
        ["INJ-E11", 10, ("$1,000.00", 1000), bar(0.3)],
        ["INJ-E2", 9, "$20.00", bar(0.9)],
        ["INJ-E10", "1,000", "", bar(1)],
    ]
    return environment.from_string(source).render(title=TITLE, rows=rows).encode()
