"""Find the line of a TOML file where a key stands: `tomllib` does not tell."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from typing import Any

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int | None:
    """The line (from 1) where the last key of `path` stands; None when it cannot be told.

    `path` are keys, and numbers (from 0) in arrays: ``("habit", 2, "value")``. `text` must be valid
    TOML. However a key is written (dotted, quoted, in an inline table), a beginning of the file holds
    it or it does not, and no shorter one does once a longer one does not: so the line is searched by halves.
    """
    lines = text.split("\n")
    word = next((part for part in reversed(path) if isinstance(part, str)), "")
    candidates = [number for number, line in enumerate(lines) if word in line]
    found = bisect_left(candidates, True, key=lambda number: _holds(lines, number, path))  # noqa: FBT003
    return candidates[found] + 1 if found < len(candidates) else None


def _holds(lines: list[str], number: int, path: Path) -> bool:
    """Whether the file up to the end of the statement on line `number` (from 0) holds the path."""
    for end in range(number + 1, len(lines) + 1):
        try:
            data = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue  # in the midst of a value of several lines
        return _present(data, path)
    return True


def _present(data: Any, path: Path) -> bool:
    for part in path:
        if isinstance(data, list):
            data = dict(enumerate(data))
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True
