"""The direction of imports (pyproject.toml, tool.importlinter), and what a start may load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import loops

ROOT = Path(__file__).resolve().parents[2]
WHERE = {**os.environ, "PYTHONPATH": str(Path(loops.__file__).parents[1])}


def test_every_import_contract_is_kept(capsys):
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that are loaded after a statement in a fresh interpreter."""
    program = f"import sys; {statement}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=WHERE, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "statement",
    [
        "import loops",
        "import loops; list(loops.read('fixtures/edi/clean-many-loops.837').claims())",
    ],
)
def test_reading_loads_neither_pyx12_nor_lxml_nor_the_command_line(statement):
    """pyx12's map is compiled beforehand: pyx12 and lxml cost a start that reading does not need."""
    assert (
        loaded_by(statement) & {"pyx12", "lxml", "click", "rich", "scrubber", "importlib_metadata"} == set()
    )


def test_help_loads_nothing_heavy():
    loaded = loaded_by("from scrubber.cli.main import cli; cli.main(['--help'], standalone_mode=False)")
    assert "click" in loaded
    assert loaded & {"pyx12", "lxml", "rich", "sqlite3", "loops"} == set()
