"""Which software, rules and tables judged a batch: for the run report and the ledger."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.checker import Checker

_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Versions:
    """`software` is the version of this program, `rules` digits of a hash of the rules' source.

    `codes` are the rules that are on, `tables` the names and vintages of all tables at hand.
    """

    software: str = ""
    rules: str = ""
    codes: tuple[str, ...] = ()
    tables: tuple[tuple[str, str], ...] = ()


def versions(checker: Checker) -> Versions:
    """The versions of what `checker` judges by. Raises TableError for a faulty table."""
    tables = checker.tables
    return Versions(
        software=version("x12-claim-scrubber"),
        rules=_hash(),
        codes=tuple(rule.code for rule in checker.rules),
        tables=tuple((name, tables.table(name).vintage) for name in tables.names()),
    )


def _hash() -> str:
    digest = hashlib.sha256()
    for path, source in sorted(_sources(files("scrubber.rules"), "")):
        digest.update(f"{path} {len(source)}\n".encode() + source)
    return digest.hexdigest()[:_DIGITS]


def _sources(folder: Traversable, where: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{where}/{entry.name}"
        if entry.is_dir():
            yield from _sources(entry, name)
        elif name.endswith(".py"):
            yield name, entry.read_bytes()
