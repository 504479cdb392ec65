"""Gather the index of a folder of profiles.

``python -m scrubber.payers.gather`` writes that of the bundled profiles anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from scrubber.payers import index as of
from scrubber.payers.index import Entry, Index
from scrubber.payers.reading import Document

BUNDLED: Final = Path(__file__).parent / "data"


def make_index(documents: Iterable[Document]) -> Index:
    """The index of some profiles. Raises ConfigError when two of them claim the same payer."""
    index = Index()
    seen: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        profile, states = document.profile, document.recognise.states
        if profile.name in index.entries:
            raise document.error(("name",), f'another profile is called "{profile.name}"')
        entry = Entry(profile.name, document.file.name, profile.title, document.classes, states)
        index.entries[profile.name] = entry
        for kind, key, mark in dict.fromkeys(_marks(document)):
            others = [other for other in seen[kind, mark] if _clash(document, other)]
            if others:
                says = f'"{mark}" stands for {others[0].file} too: give them different classes or states'
                raise document.error(("recognise", key), says)
            seen[kind, mark].append(document)
            getattr(index, key).setdefault(mark, []).append(profile.name)
    return index


def _marks(document: Document) -> Iterator[tuple[str, str, str]]:
    """What the payer is recognised by: kind (ids and aliases are of one kind), key, mark."""
    recognise = document.recognise
    for key in ("ids", "aliases"):
        yield from (("id", key, of.payer_id(text)) for text in getattr(recognise, key))
    yield from (("name", "names", of.payer_name(text)) for text in recognise.names)
    yield from (("state", "medicare_states", text.upper()) for text in recognise.medicare_states)


def _clash(one: Document, other: Document) -> bool:
    """Whether a claim could be of both."""
    mine, theirs = set(one.classes), set(other.classes)
    if mine and theirs and not mine & theirs:
        return False
    here, there = set(one.recognise.states), set(other.recognise.states)
    return bool(here & there) or not (here or there)


if __name__ == "__main__":
    from scrubber.payers.shelf import read_folder

    index = read_folder(BUNDLED, None).index
    (BUNDLED / of.FILE).write_text(of.to_json(index), encoding="utf-8")
