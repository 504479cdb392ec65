"""The rule of tests/conftest.py: tests that the environment requires may not be skipped unnoticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
CONFIG = """
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "--strict-markers", "-p", "no:cacheprovider", "-p", "no:randomly"]
pythonpath = ["tests/support"]
markers = ["shared: needs the corpus", "browser: needs Chromium"]
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


def run(
    folder: Path, tests: str, *, corpus: bool, required: bool, more: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run `tests` in a project of their own; its exit code and what it printed."""
    checkout = folder / "checkout"
    (checkout / "tests").mkdir(parents=True)
    shutil.copy(TESTS / "conftest.py", checkout / "tests" / "conftest.py")
    shutil.copytree(TESTS / "support", checkout / "tests" / "support")
    (checkout / "tests" / "test_it.py").write_text(tests, encoding="utf-8")
    (checkout / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    if corpus:
        (folder / "shared").mkdir()
    where = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "REQUIRE_"))
    }
    where |= {"REQUIRE_SHARED": "1"} if required else {}
    where |= more or {}
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


DRAWN = "import pytest\n\n@pytest.mark.browser\ndef test_drawn():\n    pass\n"


def test_the_run_fails_where_a_browser_must_be_and_is_not(tmp_path):
    nowhere = {"PATH": str(tmp_path)}
    code, printed = run(tmp_path, DRAWN, corpus=False, required=False, more=nowhere)
    assert (code, "there is no Chromium" in printed) == (0, True), printed
    code, printed = run(
        tmp_path / "2", DRAWN, corpus=False, required=False, more=nowhere | {"REQUIRE_BROWSER": "1"}
    )
    assert (code, "REQUIRE_BROWSER: 1 tests marked browser were skipped" in printed) == (1, True), printed
