"""``scrubber payers``: the payer profiles, and what one says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.output import opened
from scrubber.cli.terminal import look_for
from scrubber.errors import ConfigError
from scrubber.payers.keys import KEYS, unknown
from scrubber.payers.shelf import Shelf, bundled, read_folder
from scrubber.report.paint import Line, painter, wrap

if TYPE_CHECKING:
    from scrubber.payers import Change, Habit
    from scrubber.payers.reading import Document


@click.command(name="payers")
@click.argument("payer", metavar="[PAYER]", required=False)
@click.option("--profile", type=click.Path(path_type=Path), help="A folder of payer profiles of your own.")
@click.option("--no-color", is_flag=True, help="No colour, even on a terminal.")
def command(*, payer: str | None, profile: Path | None, no_color: bool) -> int:
    """List the payers that are known, or show what PAYER (a name in the list, or a payer id) wants.

    A habit marked with a star may decide a reject or deny; the others only advise.
    """
    shelves = [bundled()]
    if profile is not None:
        shelves.insert(0, read_folder(profile, bundled()))
    look = look_for(None, mask=True, no_color=no_color)
    shown = [_shown(one, look.width) for one in _asked(shelves, payer)] if payer else [_listed(shelves)]
    with opened(None) as sink:
        sink.text(painter(look)(line for lines in shown for line in lines))
    return 0


def _asked(shelves: list[Shelf], payer: str) -> list[Document]:
    """The profiles of that name, else of that payer id. Raises ConfigError when there is none."""
    for shelf in shelves:
        if payer in shelf.index.entries:
            return [shelf.document(payer)]
    for shelf in shelves:
        found = shelf.by_id(payer)
        if found:
            return [shelf.document(entry.name) for entry in found]
    names = tuple(sorted(name for shelf in shelves for name in shelf.index.entries))
    raise ConfigError(f"payer {unknown(payer, names)}")


def _listed(shelves: list[Shelf]) -> list[Line]:
    lines: list[Line] = []
    for shelf in shelves:
        ids: dict[str, list[str]] = {}
        for id_, names in shelf.index.ids.items():
            for name in names:
                ids.setdefault(name, []).append(id_)
        width = max(map(len, shelf.index.entries), default=0)
        for entry in shelf.index.entries.values():
            known = ", ".join(ids.get(entry.name, []))
            more = f"  {entry.title}" + (f" ({known})" if known else "")
            lines.append([("rule", f"{entry.name:{width}}"), ("", more)])
    return lines


def _shown(document: Document, width: int) -> list[Line]:
    profile, by = document.profile, document.recognise
    lines: list[Line] = [[("head", f"{profile.name}: {profile.title}")]]
    facts = {
        "class": document.classes,
        "MAC": (profile.mac,),
        "extends": (document.extends,),
        "payer id": (*by.ids, *by.aliases),
        "name": by.names,
        "subscribers in": by.states,
        "Medicare in": by.medicare_states,
    }
    for head, values in facts.items():
        lines += _wrapped(f"  {head}: {', '.join(values)}", width) if any(values) else []
    for habit in profile.habits:
        star = "*" if habit.decides else " "
        lines.append([("rule", f"{star} {habit.key} = {habit.value}"), ("quiet", f"  {_period(habit)}")])
        lines += _wrapped("    " + "; ".join(_said(KEYS[habit.key].about, habit.note)), width)
        lines += _wrapped("    " + ", ".join(_said(habit.quality, habit.source)), width)
        lines += [[("quiet", "    " + habit.url)]] if habit.url else []
    for change in profile.changes:
        what = change.severity or ("on" if change.on else "off")
        lines.append([("rule", f"  {change.code}: {what}"), ("quiet", f"  {_period(change)}")])
        lines += _wrapped("    " + "; ".join(_said(change.note, change.source)), width)
        lines += [[("quiet", "    " + change.url)]] if change.url else []
    return [*lines, [("", "")]]


def _said(*texts: str) -> Iterator[str]:
    return filter(None, texts)


def _wrapped(text: str, width: int) -> Iterable[Line]:
    indent = text[: len(text) - len(text.lstrip())]
    return ([("", indent + part)] for part in wrap(text.strip(), width - len(indent)))


def _period(one: Habit | Change) -> str:
    if one.from_ is None and one.thru is None:
        return "undated"
    return " ".join(f"{word} {day}" for word, day in (("from", one.from_), ("thru", one.thru)) if day)
