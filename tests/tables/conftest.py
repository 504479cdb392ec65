"""A folder of tables made for one test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

INDEX = """
[toy]
about = "A toy"
key = ["code"]
values = ["kind"]
vintage = "2024Q3"
covers_from = 2024-07-01
checked_on = 2026-11-01
"""
CITES = """
[book]
title = "A book"
section = "page 1"
url = "https://example.org"
checked_on = 2026-11-01
"""
HEADER = ("code", "kind", "from", "thru", "cite", "confidence")

Row = Sequence[str]
MakeFolder = Callable[..., Path]


def line(cells: Row) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


@pytest.fixture
def make(tmp_path: Path) -> MakeFolder:
    """Write a folder with index.toml, cites.toml and one table; give back the folder."""

    def write(
        rows: Sequence[Row] = (),
        *,
        header: Row = HEADER,
        index: str = INDEX,
        cites: str = CITES,
        name: str = "toy",
        raw: bytes | None = None,
    ) -> Path:
        (tmp_path / "index.toml").write_text(index, encoding="utf-8")
        (tmp_path / "cites.toml").write_text(cites, encoding="utf-8")
        body = "".join(line(cells) + "\n" for cells in (header, *rows)).encode() if raw is None else raw
        (tmp_path / f"{name}.csv").write_bytes(body)
        return tmp_path

    return write
