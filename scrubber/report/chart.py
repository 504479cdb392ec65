"""Charts as shapes, in shares of their box, for the macros of ``page/charts.html``.

The charts are plain SVG in the page: rectangles and texts. What libraries offer was weighed first. pygal
(LGPL) and other makers of SVG scale the whole picture, so that its text is too small on a telephone, and fix
their colours in ``<style>`` or ``style=``, which the policy of our pages forbids and the dark mode would need
otherwise. Chart.js and uPlot draw on a canvas: nothing to see without script, nothing for a screen reader,
dots on paper, and 50 to 200 kB in every page. matplotlib and Vega are heavier than the scrubber itself.
Here lengths are per cent of the box and texts keep their size, so a chart fits any width without script; its
colours are those of ``page.css``, light, dark and printed.

Colours by name: ``blue``, ``red``, ``amber``, ``grey``, ``teal``, ``violet``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

_STEPS: Final = (1, 2, 5)
_TICKS: Final = 4  # at most, beside that of 0
_GAP: Final = 0.28  # of the room of a column
_LABELS: Final = 12  # beside each other on a wide screen; half of them on a narrow one


class Part(NamedTuple):
    """A part of a bar: its colour, how much it is, and what it says when pointed at."""

    colour: str
    value: int
    says: str


class Shape(NamedTuple):
    """A part as drawn: from `at`, `size` long, in per cent of the box."""

    colour: str
    at: float
    size: float
    says: str


class Column(NamedTuple):
    """A column: `x`, `width`, `middle` and `top` (from above) in per cent.

    `label` stands below; `shown` is ``""`` on any screen, ``wide`` on a wide one, ``never``. `total` stands
    above; `values` are those of all parts, for a table.
    """

    label: str
    says: str
    total: str
    values: Sequence[int]
    x: float
    width: float
    middle: float
    top: float
    shown: str
    shapes: Sequence[Shape]


class Columns(NamedTuple):
    """Columns beside each other; `ticks` are the lines behind them: per cent from above, and text.

    `totals`: whether there is room for the figures above columns, ``wide`` or ``""`` as in `Column`.
    """

    columns: Sequence[Column]
    ticks: Sequence[tuple[float, str]]
    totals: str


def stacked(parts: Iterable[Part], most: int) -> list[Shape]:
    """The parts of a bar one after another, where `most` would fill the box; nothing of what is none."""
    shapes, at = [], 0
    for part in parts:
        if part.value > 0 and most > 0:
            shapes.append(Shape(part.colour, 100 * at / most, 100 * part.value / most, part.says))
            at += part.value
    return shapes


def columns(
    rows: Sequence[tuple[str, str, Sequence[Part]]], figure: Callable[[int], str] = "{:,}".format
) -> Columns:
    """Columns of stacked parts, from below; a row is its label, what it says, its parts. At least one row."""
    totals = [sum(part.value for part in parts) for _, _, parts in rows]
    ticks = scale(max(totals))
    room, top = 100 / len(rows), ticks[-1]
    every = -(-len(rows) // _LABELS)
    made = []
    for n, (label, says, parts) in enumerate(rows):
        shapes = [
            Shape(one.colour, 100 - one.at - one.size, one.size, one.says) for one in stacked(parts, top)
        ]
        shown = "never" if n % every else "wide" if len(rows) > _LABELS // 2 and n // every % 2 else ""
        x, width = room * (n + _GAP / 2), room * (1 - _GAP)
        height = 100 * totals[n] / top
        values = [part.value for part in parts]
        place = (x, width, x + width / 2, 100 - height)
        made.append(Column(label, says, figure(totals[n]), values, *place, shown, shapes))
    lines = [(100 - 100 * tick / top, figure(tick)) for tick in ticks]
    fits = "" if len(rows) <= _LABELS // 2 else "wide" if len(rows) <= 2 * _LABELS else "never"
    return Columns(made, lines, fits)


def scale(most: int) -> list[int]:
    """Round figures from 0 to the first that is not below `most`, at equal steps."""
    step = next(step for step in _rounds() if step * _TICKS >= most)
    return list(range(0, step * -(-max(most, 1) // step) + 1, step))


def _rounds() -> Iterable[int]:
    """1, 2, 5, 10, 20, 50, ..."""
    ten = 1
    while True:
        for step in _STEPS:
            yield step * ten
        ten *= 10
