"""Fixtures of the whole suite, and the rule that tests on the reference corpus may not be skipped unnoticed.

With REQUIRE_SHARED=1 the run fails when a test marked `shared` was skipped,
or when none ran.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FIXTURES = ROOT / "fixtures" / "edi"
_WITHOUT_BATCH = {".md", ".json", ".toml", ".csv"}


def fixture_files() -> list[Path]:
    """The batches of fixtures/edi, by name."""
    return sorted(path for path in FIXTURES.glob("[!.]*") if path.suffix not in _WITHOUT_BATCH)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`fixture_file` runs a test once for each batch of fixtures/edi."""
    if "fixture_file" in metafunc.fixturenames:
        metafunc.parametrize("fixture_file", fixture_files(), ids=lambda path: path.name)


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder fixtures/edi."""
    return FIXTURES


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the reference corpus and data; only tests marked `shared` may ask for it."""
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the reference corpus where that is absent."""
    absent = pytest.mark.skip(reason="the reference corpus does not stand beside this checkout")
    for item in items:
        marked = item.get_closest_marker("shared") is not None
        if not marked and "shared" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid} asks for the reference corpus: mark it shared")
        if marked and not SHARED.is_dir():
            item.add_marker(absent)


class SharedTests:
    """Counts the tests marked `shared` and fails a run that must have them and had not."""

    def __init__(self) -> None:
        self.ran: set[str] = set()
        self.skipped: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "shared" not in report.keywords or hasattr(report, "wasxfail"):
            return
        if report.skipped:
            self.skipped.add(report.nodeid)
        elif report.when == "call":
            self.ran.add(report.nodeid)

    @property
    def fault(self) -> str:
        if self.skipped:
            return f"REQUIRE_SHARED: {len(self.skipped)} tests marked shared were skipped"
        return "" if self.ran else "REQUIRE_SHARED: no test marked shared ran"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.fault and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.fault:
            terminalreporter.write_line(self.fault, red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Watch the tests marked `shared` where the environment asks for them."""
    os.environ["SCRUBBER_TABLES"] = str(ROOT / "no-imported-tables")  # not those of whoever runs the tests
    if os.environ.get("REQUIRE_SHARED") == "1" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SharedTests(), "shared-tests")
