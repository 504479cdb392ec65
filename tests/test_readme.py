"""README is true: what it shows is what the commands print, and its Python runs."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from scrubber.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ scrubber (.*?)\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_a_command_prints_what_is_shown(command, output, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli, shlex.split(command))
    assert done.stdout.rstrip() == output.rstrip()


def test_every_command_is_told():
    assert SHOWN
    for name in COMMANDS:
        assert f"`scrubber {name}" in README, name


def test_the_example_of_the_library_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert "INJ-E02" in capsys.readouterr().out
