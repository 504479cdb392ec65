"""Ledgers on both databases. PostgreSQL's is a server of its own, started here from Debian's package.

With REQUIRE_POSTGRES=1 a run fails where there is no server; else the tests that need it are skipped.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
OWNERS = ("postgres", "nobody")  # the server refuses to run as root


class Server:
    """A PostgreSQL server on a socket in a folder of its own."""

    def __init__(self, folder: Path, bin_: Path) -> None:
        self.folder = folder
        self._bin = bin_
        self._as = self._owner()
        self._schemas = itertools.count(1)
        self._run("initdb", "-D", folder / "data", "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-F -c listen_addresses='' -c unix_socket_directories='{folder}'"
        self._run("pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start")

    def _owner(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        owner = next(pwd.getpwnam(name) for name in OWNERS if name in {one.pw_name for one in pwd.getpwall()})
        os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._bin / program), *map(str, arguments)]
        done = subprocess.run(
            command, check=False, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **self._as
        )
        assert done.returncode == 0, done.stderr.decode()

    def url(self) -> str:
        """The URL of a schema with nothing in it."""
        schema = f"test{next(self._schemas)}"
        with psycopg.connect(f"postgresql://tester@/postgres?host={self.folder}") as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
        return f"postgresql://tester@/postgres?host={self.folder}&options=-csearch_path%3D{schema}"

    def restart(self) -> None:
        """Stop it as a crash would, and start it again."""
        self._run(
            "pg_ctl",
            "-D",
            self.folder / "data",
            "-m",
            "immediate",
            "-w",
            "restart",
            "-l",
            self.folder / "log",
        )

    def stop(self) -> None:
        """Stop it."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running server."""
    if not BINARIES:
        absent = "no PostgreSQL server is installed here (Debian: postgresql)"
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(absent)
        pytest.skip(absent)
    folder = Path(tempfile.mkdtemp(prefix="ledger"))
    server = Server(folder, BINARIES[-1].parent)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new ledger can be, on each database."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    return request.getfixturevalue("postgres").url()
