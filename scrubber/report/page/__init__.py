"""The look that every HTML page of the product shares, and how a page is made of a template.

A page is one file that works offline: its style and its script stand in it, and a Content
Security Policy lets nothing else in, so that no request leaves the page and no markup out of a
claim could run. Templates (Jinja2, autoescape on) are the ``.html`` files beside this module::

    {% extends "base.html" %}
    {% import "parts.html" as parts %}
    {% block main %}
    <div class="tiles">{{ parts.tile("Claims", claims | count) }}</div>
    {% endblock %}

and ``render("run.html", title="Run of a.837", claims=120)`` gives the page. What a template is
given besides its own data: ``title`` (heading and window), ``subtitle`` (a line below it, or
nothing). Filters: ``count`` (10,000), ``money`` ($1,234.50, of a Decimal or its text), ``cents`` (the same
of cents) and ``percent`` (83.5 %, of a share). Macros: see ``parts.html`` and, for charts, ``charts.html``
with `scrubber.report.chart`. Values are escaped and made legible (`scrubber.report.xmltext`), None is shown
as nothing; only `Markup` goes in as it is. Masking data of persons is the caller's matter.

What ``page.css`` and ``page.js`` know, by class and attribute:

- ``<table class="sortable">``: heads of columns become buttons, with ``aria-sort``. A cell sorts by
  its ``data-value`` or its text, numbers as numbers. ``<th data-sort="none">`` stays as it is.
- ``<table class="stack">``: below 600 px each row is a card, a line a cell; cells name their column in
  ``data-label``; ``even`` makes its columns equally wide. ``<table class="brief">``: there the cells of a
  row follow each other, figures with their ``data-label``, ``td.long`` on a line of its own. Other wide
  tables stand in ``<div class="scroll" tabindex="0" role="region" aria-label="...">``, so that they scroll
  and the page does not; ``<table class="fit">`` breaks its lines between words before it scrolls.
- ``<nav class="jump"><ul>``: links to the parts of a long page, in a line.
- ``<form class="filter" data-for="ID">``: its search field and its selects (``name="severity"``)
  hide items in the element ID: rows of its table body, or elements with ``data-item``. A select, and an
  ``<input type="hidden" data-label="...">``, compares with the item's ``data-severity`` (words, any of
  which may match). ``data-most="100"`` shows so many at first, and a button for more. Shown with script
  only.
- ``<a href="#ID" data-fill="severity=deny&amp;rule=INJ-E01">`` leads to the items of the element ID that fit
  these fields of its form: a number to what it counts.
- ``.num`` figures, ``.keep`` text not to be broken, ``.code`` what stands in the file, ``.note`` what is
  said aside, ``.badge`` with ``.reject``, ``.deny``, ``.advise`` or ``.good``, ``ins`` and ``del`` for after
  and before, ``.tiles``, ``.card``, ``dl.facts``.

No inline ``style`` and no ``onclick``: the policy forbids both. A bar is `parts.bar`, an SVG.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from scrubber.report.xmltext import legible

if TYPE_CHECKING:
    from jinja2 import Environment

_ENCODING: Final = ("utf-8", "xmlcharrefreplace")


def render(template: str, *, title: str, **data: Any) -> bytes:
    """The page made of a template in this package, as UTF-8; `data` are the template's variables.

    Raises jinja2.TemplateNotFound, and jinja2.UndefinedError for a variable that was not given.
    """
    return _environment().get_template(template).render(title=title, **data).encode(*_ENCODING)


def write(out: BinaryIO, template: str, *, title: str, **data: Any) -> None:
    """Write a page as `render` makes it, piece by piece.

    What the template loops over may be an iterator: memory does not grow
    with the page. A loop that asks for ``loop.last`` or the like looks one item ahead.
    """
    out.writelines(_parts(template, title, data))


def _parts(template: str, title: str, data: dict[str, Any]) -> Iterator[bytes]:
    for part in _environment().get_template(template).generate(title=title, **data):
        yield part.encode(*_ENCODING)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - pages are seldom asked for
    from markupsafe import Markup  # noqa: PLC0415

    made = Environment(
        loader=PackageLoader("scrubber.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # nobody changes a template while this runs
        optimized=False,  # they have no constants to fold, and looking for some takes long
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = (files(__name__).joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
    made.globals.update(
        style=Markup(style),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours
        policy=_policy(style, script),
        subtitle="",
    )
    made.filters.update(count=_count, money=_money, cents=_cents, percent=_percent)
    return made


def _policy(style: str, script: str) -> str:
    """The Content Security Policy: nothing but this style, this script and the empty icon."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _shown(value: Any) -> Any:
    """A value as a page shows it: Markup as it is, text legible line by line, None as nothing."""
    if value is None:
        return ""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return "\n".join(map(legible, value.split("\n")))


def _count(value: int) -> str:
    return f"{value:,}"


def _money(value: Decimal | str | int) -> str:
    amount = Decimal(value)
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def _cents(value: int) -> str:
    return _money(Decimal(value).scaleb(-2))


def _percent(share: float | None, digits: int = 1) -> str:
    return "" if share is None else f"{100 * share:.{digits}f} %"
