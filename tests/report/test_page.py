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
