"""Lines of styled spans, and how they become text: plain, or coloured by rich."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scrubber.report.form import Look

Line = list[tuple[str, str]]
"""Spans of (style, text); the styles are the keys of `STYLES`, empty for none."""

STYLES: Final = {
    "reject": "bold red",
    "deny": "bold yellow",
    "advise": "bold cyan",
    "good": "bold green",
    "rule": "bold",
    "claim": "bold",
    "file": "bold",
    "head": "bold",
    "segment": "default",
    "quiet": "dim",
}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def clean(text: str | None) -> str:
    """Text that cannot steer a terminal: a question mark for every control character."""
    return _CONTROL.sub("?", text or "")


def wrap(text: str, width: int) -> list[str]:
    """Break text at blanks into lines of at most `width`, continuation lines indented by two.

    textwrap does more and takes ten times as long, which tells on a report of thousands of findings.
    """
    if len(text) <= width:
        return [text]
    lines = []
    while len(text) > width:
        cut = text.rfind(" ", 2, width + 1)
        cut = cut if cut > 2 else width
        lines.append(text[:cut].rstrip())
        text = "  " + text[cut:].lstrip()
    return [*lines, text] if text.strip() else lines


def painter(look: Look) -> Callable[[Iterable[Line]], str]:
    """A function that makes text of lines, each ended by a line feed."""
    return _coloured(look) if look.colour else plain


def plain(lines: Iterable[Line]) -> str:
    """Lines without their styles."""
    return "".join("".join([text for _, text in line]).rstrip() + "\n" for line in lines)


def _coloured(look: Look) -> Callable[[Iterable[Line]], str]:
    from rich.console import COLOR_SYSTEMS  # noqa: PLC0415 - costs as much as the checking of a small file
    from rich.style import Style  # noqa: PLC0415

    system = COLOR_SYSTEMS[look.colour]
    styles = {name: Style.parse(style) for name, style in STYLES.items()}

    def paint(lines: Iterable[Line]) -> str:
        return "".join(
            "".join(
                [styles[style].render(text, color_system=system) if style else text for style, text in line]
            )
            + "\n"
            for line in lines
        )

    return paint
