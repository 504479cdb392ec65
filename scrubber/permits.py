"""Files in which a person permits something for a time: TOML, one table each, read strictly.

TOML, as a spreadsheet program rewrites dates and drops the zeros of claim numbers when it saves.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from scrubber.errors import ConfigError, near

UNTIL = "until"


def read_permits(
    path: Path, kind: str, texts: Collection[str], needed: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables under ``[[kind]]``, each with what to begin a complaint about it with.

    `texts` are the keys that may stand in one, each a text that is not empty; `until`, a date, must
    stand in each, as must those of `needed`. Raises ConfigError, one line with the file, the table
    and the key, for what cannot be used.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ConfigError(f"{path}: cannot be read: {(fault.strerror or 'unknown').lower()}") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{path}: not readable as TOML in UTF-8: {fault}") from fault
    rows = data.pop(kind, [])
    if data:
        raise ConfigError(f'{path}: key "{next(iter(data))}" is unknown: each {kind} stands under [[{kind}]]')
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f"{path}: {kind} must be a list of tables: write each under [[{kind}]]")
    for number, row in enumerate(rows, 1):
        where = f"{path}: {kind} {number}"
        _check(where, row, texts, needed)
        yield where, row


def _check(where: str, row: dict[str, Any], texts: Collection[str], needed: Collection[str]) -> None:
    for key, value in row.items():
        if key not in (*texts, UNTIL):
            raise ConfigError(f'{where}: key "{key}" is unknown{near(key, (*texts, UNTIL))}')
        if key in texts and not (isinstance(value, str) and value.strip()):
            raise ConfigError(f"{where}: {key} must be a text in quotes, and not empty")
    for key in (*needed, UNTIL):
        if key not in row:
            raise ConfigError(f"{where}: {key} is missing")
    if not isinstance(row[UNTIL], date) or isinstance(row[UNTIL], datetime):
        raise ConfigError(f"{where}: until must be a date without quotes, such as 2026-12-31")
