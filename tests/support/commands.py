"""Run the commands of ``scrubber``, in this process and as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from scrubber.cli.main import cli
from scrubber.sample.fragment import batch

# As a user starts it. CPython ends what was begun with -m by the signal itself, and not with exit code 130,
# where an interrupt falls into an exec (of a dataclass, say); a shell sees 130 of both.
SCRUBBER = str(Path(sys.executable).with_name("scrubber"))

# The visit lacks 25 (INJ-E02, deny); the second claim is right.
FAULTY = batch(
    """
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00143961901
    CTP****1*ML
    === TEST0002
    HI*ABK:D510
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00143961901
    CTP****1*ML
    """
).encode()
RIGHT = batch(
    """
    HI*ABK:D510
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00143961901
    CTP****1*ML
    """
).encode()
INSTITUTIONAL = FAULTY.replace(b"005010X222A1", b"005010X223A2")


@dataclass(frozen=True)
class Ran:
    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        """Of standard error: every one begins with the name of the program."""
        lines = self.err.splitlines()
        assert all(line.startswith("scrubber: ") for line in lines), self.err
        return lines

    @property
    def text(self) -> str:
        return self.out.decode()


def run(*args: object, stdin: bytes | None = None) -> Ran:
    """Run a command in this process."""
    result = CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin, prog_name="scrubber")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ran(result.exit_code, result.stdout_bytes, result.stderr)


def process(*args: object, stdin: bytes = b"", cwd: Path | None = None, **env: str) -> Ran:
    """Run a command as a process of its own."""
    clean = {
        key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")
    }
    done = subprocess.run(
        [sys.executable, "-m", "scrubber", *(str(arg) for arg in args)],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
        cwd=cwd,
        env=clean | env,
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode())
