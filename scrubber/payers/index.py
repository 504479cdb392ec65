"""By what the payers of some profiles are recognised, so that no profile is read before it is needed."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any, Final

FILE: Final = "index.json"
_IDLE_WORDS: Final = frozenset({"OF", "THE", "AND", "INC", "LLC"})
_BLUES: Final = re.compile(r"\bBLUE CROSS BLUE SHIELD\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """A profile by name: its file, its classes and the states of its subscribers (empty: all)."""

    name: str
    file: str
    title: str
    classes: tuple[str, ...]
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Entries by name; names of profiles by id, alias, pattern of a name, and state of Medicare."""

    entries: dict[str, Entry] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    medicare_states: dict[str, list[str]] = field(default_factory=dict)


def payer_id(text: str) -> str:
    """A payer id (2010BB NM109) as the index has it: capitals, no blanks around."""
    return text.strip().upper()


def payer_name(text: str) -> str:
    """A payer name (2010BB NM103) as the index has it; ``*`` is kept, for patterns.

    Capitals and digits, one blank between words, without little words, and BCBS for the long form.
    """
    words = re.sub(r"[^A-Z0-9*]+", " ", text.upper().replace("'", "")).split()
    return _BLUES.sub("BCBS", " ".join(word for word in words if word not in _IDLE_WORDS))


def fits(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern, in which ``*`` stands for anything. Both as `payer_name` gives them."""
    first, *rest = pattern.split("*")
    if not rest:
        return name == first
    *middle, last = rest
    if not (name.startswith(first) and name.endswith(last)):
        return False
    at = len(first)
    for part in middle:
        at = name.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return at + len(last) <= len(name)


def to_json(index: Index) -> str:
    """The index as it is kept."""
    return json.dumps(asdict(index), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def from_json(text: str) -> Index:
    """The index as `to_json` wrote it."""
    data: dict[str, Any] = json.loads(text)
    entries = {
        name: Entry(name, one["file"], one["title"], tuple(one["classes"]), tuple(one["states"]))
        for name, one in data.pop("entries").items()
    }
    return Index(entries, **data)
