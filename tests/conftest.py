"""Fixtures of the whole suite, and the rule that some tests may not be skipped unnoticed.

With REQUIRE_SHARED=1 the run fails when a test marked `shared` (it needs the
reference corpus) was skipped, or when none ran; with REQUIRE_BROWSER=1 when
that befell one marked `browser` (it needs Chromium).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from browser import Browser, chromium
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FIXTURES = ROOT / "fixtures" / "edi"
_WITHOUT_BATCH = {".md", ".json", ".toml", ".csv"}

# How long an example takes is the machine's affair, and no fault.
settings.register_profile(
    "untimed", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


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


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium for the session (tests/support/browser.py); only tests marked `browser` may ask for it."""
    path = chromium()
    assert path
    with Browser(path, tmp_path_factory.mktemp("chromium")) as made:
        yield made


_ABSENT: Final = {
    "shared": lambda: not SHARED.is_dir() and "the reference corpus does not stand beside this checkout",
    "browser": lambda: not chromium() and "there is no Chromium",
}
"""What a mark says that a test needs, and the fixture of that name gives: why it is not there, or nothing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs something that is absent."""
    absent = {mark: why for mark, find in _ABSENT.items() if (why := find())}
    for item in items:
        for mark in _ABSENT:
            marked = item.get_closest_marker(mark) is not None
            if not marked and mark in getattr(item, "fixturenames", ()):
                raise pytest.UsageError(f"{item.nodeid} asks for {mark}: mark it {mark}")
            if marked and mark in absent:
                item.add_marker(pytest.mark.skip(reason=absent[mark]))


class Required:
    """Counts the tests with a mark and fails a run that must have them and had not."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.ran: set[str] = set()
        self.skipped: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.mark not in report.keywords or hasattr(report, "wasxfail"):
            return
        if report.skipped:
            self.skipped.add(report.nodeid)
        elif report.when == "call":
            self.ran.add(report.nodeid)

    @property
    def fault(self) -> str:
        if self.skipped:
            return f"{_variable(self.mark)}: {len(self.skipped)} tests marked {self.mark} were skipped"
        return "" if self.ran else f"{_variable(self.mark)}: no test marked {self.mark} ran"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.fault and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.fault:
            terminalreporter.write_line(self.fault, red=True)


def _variable(mark: str) -> str:
    return f"REQUIRE_{mark.upper()}"


def pytest_configure(config: pytest.Config) -> None:
    """Watch the tests with a mark where the environment asks for them."""
    os.environ["SCRUBBER_TABLES"] = str(ROOT / "no-imported-tables")  # not those of whoever runs the tests
    os.environ.pop("COLUMNS", None)  # nor the width of their terminal: xdist hands it to its processes
    for mark in _ABSENT:
        if os.environ.get(_variable(mark)) == "1" and not hasattr(config, "workerinput"):
            config.pluginmanager.register(Required(mark), f"required-{mark}")
