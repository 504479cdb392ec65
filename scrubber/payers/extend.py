"""A profile that extends another: what it does not say itself it takes over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from scrubber.payers.keys import unknown
from scrubber.payers.reading import Document

Find = Callable[[str], Document | None]


def extended(document: Document, find: Find, names: Iterable[str]) -> Document:
    """The document with habits, rules and, where it gives none, class and MAC of the one that it extends.

    `find` looks a document up by name, `names` are all that there are, for the message. On a day for which
    it has a habit of its own that one counts. Raises ConfigError when there is no such profile, or when
    that one extends a third.
    """
    if not document.extends:
        return document
    parent = find(document.extends)
    if parent is None:
        raise document.error(("extends",), f"extends {unknown(document.extends, tuple(sorted(names)))}")
    if parent.extends:
        says = f'"{document.extends}" extends {parent.extends} itself: only one level is followed'
        raise document.error(("extends",), says)
    mine, theirs = document.profile, parent.profile
    profile = replace(
        mine,
        payer_class=mine.payer_class if document.classes else theirs.payer_class,
        habits=(*mine.habits, *theirs.habits),
        changes=(*mine.changes, *theirs.changes),
        mac=mine.mac or theirs.mac,
    )
    return replace(document, profile=profile, classes=document.classes or parent.classes)
