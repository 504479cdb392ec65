"""README is true: what it shows is what the commands print, and its Python runs."""

import os
import re
import shlex
import subprocess
import sys
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


def run_as_printed(commands: str, folder: Path) -> str:
    """Run lines of a shell in `folder`, with the scrubber of this environment."""
    beside = Path(sys.executable).parent
    path = os.pathsep.join([str(beside), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["sh", "-e", "-c", commands.replace(".venv/bin/", "")],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_command_gives_what_is_shown(tmp_path):
    (command,) = re.findall(r"```sh\n(python3 .* scrubber batch .*|python3 .*scrubber batch.*)\n```", README)
    (shown,) = re.findall(r"```text\n(received.*?)```", README, re.DOTALL)
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    _, _, step = command.partition("pip install --quiet . && ")
    assert run_as_printed(step, tmp_path) == shown


def test_the_way_from_nothing_to_a_dashboard(tmp_path):
    (commands,) = re.findall(r"```sh\n(scrubber sample .*?)```", README, re.DOTALL)
    said = run_as_printed(commands, tmp_path)
    assert "recall" in said
    page = (tmp_path / "dashboard.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "INJ-E02" in page
