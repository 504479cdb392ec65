"""The program as a whole: help, version, late imports."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.metadata import version

import click
import pytest
from commands import process, run

from scrubber.cli.main import COMMANDS

HEAVY = {
    "lxml",
    "rich",
    "pyx12",
    "loops",
    "stdnum",
    "scrubber.tables",
    "scrubber.engine",
    "multiprocessing",
    "json",
}


def test_help_names_every_command_and_exit_code():
    ran = run("--help")
    assert ran.code == 0
    assert all(name in ran.text for name in COMMANDS)
    assert "130 interrupted" in ran.text
    assert process("--help").text.split() == ran.text.split()


def test_help_imports_nothing_heavy():
    code = "import sys; from scrubber.cli.main import cli; cli.main(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    ran = run(name, "--help")
    assert ran.code == 0
    assert ran.text.startswith(f"Usage: scrubber {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says_of_itself(name):
    module, line = COMMANDS[name]
    command = importlib.import_module(module).command
    assert isinstance(command, click.Command)
    assert command.name == name
    assert line.endswith(".")


def test_version():
    assert run("--version").text == f"scrubber {version('x12-claim-scrubber')}\n"


def test_nothing_asked_for_shows_the_help():
    ran = process()
    assert ran.code == 2
    assert "Usage:" in ran.err
