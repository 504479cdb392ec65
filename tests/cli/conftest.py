from __future__ import annotations

from pathlib import Path

import pytest
from commands import FAULTY, INSTITUTIONAL, RIGHT


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A batch with an INJ-E02."""
    return _file(tmp_path, "faulty.837", FAULTY)


@pytest.fixture
def right(tmp_path: Path) -> Path:
    """A batch without a fault."""
    return _file(tmp_path, "right.837", RIGHT)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """An institutional batch."""
    return _file(tmp_path, "foreign.837", INSTITUTIONAL)


def _file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
