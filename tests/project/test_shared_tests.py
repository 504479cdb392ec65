"""The rule of tests/conftest.py: where the reference corpus is there, its tests may not be skipped unnoticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
CONFIG = """
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "--strict-markers", "-p", "no:cacheprovider", "-p", "no:randomly"]
markers = ["shared: needs the corpus"]
"""
PLAIN = "def test_plain():\n    pass\n"
MARKED = """
import pytest

@pytest.mark.shared
def test_marked(shared):
    assert shared.is_dir()
"""
SKIPPED = MARKED + "\n@pytest.mark.shared\ndef test_skipped(shared):\n    pytest.skip('no reason')\n"
UNMARKED = "def test_unmarked(shared):\n    pass\n"


def run(folder: Path, tests: str, *, corpus: bool, required: bool) -> tuple[int, str]:
    """Run `tests` in a project of their own; its exit code and what it printed."""
    checkout = folder / "checkout"
    (checkout / "tests").mkdir(parents=True)
    shutil.copy(CONFTEST, checkout / "tests" / "conftest.py")
    (checkout / "tests" / "test_it.py").write_text(tests, encoding="utf-8")
    (checkout / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    if corpus:
        (folder / "shared").mkdir()
    where = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "REQUIRE_"))
    }
    where |= {"REQUIRE_SHARED": "1"} if required else {}
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "tests"]
    done = subprocess.run(command, cwd=checkout, env=where, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("tests", "corpus", "required", "code", "said"),
    [
        (MARKED, True, True, 0, "1 passed"),
        (MARKED, False, False, 0, "does not stand beside this checkout"),
        (MARKED, False, True, 1, "REQUIRE_SHARED: 1 tests marked shared were skipped"),
        (SKIPPED, True, True, 1, "REQUIRE_SHARED: 1 tests marked shared were skipped"),
        (SKIPPED, True, False, 0, "1 passed, 1 skipped"),
        (PLAIN, True, True, 1, "REQUIRE_SHARED: no test marked shared ran"),
        (PLAIN, False, False, 0, "1 passed"),
        (UNMARKED, True, False, 4, "mark it shared"),
    ],
)
def test_the_run_fails_when_it_must(tmp_path, tests, corpus, required, code, said):
    got, printed = run(tmp_path, tests, corpus=corpus, required=required)
    assert (got, said in printed) == (code, True), printed
