"""What the distribution says of itself, against what it holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("loops", "scrubber")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Import names that differ from the name of the distribution.
DISTRIBUTION = {"stdnum": "python-stdnum"}


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Top-level names of the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def test_every_library_that_is_imported_is_declared_and_the_other_way_round():
    used = (
        {name for path in sources() for name in imported(path)} - set(sys.stdlib_module_names) - set(PACKAGES)
    )
    declared = {requirement.split(">")[0].split("[")[0] for requirement in PROJECT["dependencies"]}
    optional = {
        requirement.split(">")[0].split("[")[0]
        for requirements in PROJECT["optional-dependencies"].values()
        for requirement in requirements
    }
    needed = {DISTRIBUTION.get(name, name) for name in used}
    assert needed - declared - optional == set()
    assert declared - needed <= {"pyx12"}  # its map is found without an import


def test_every_requirement_is_bounded_on_both_sides():
    requirements = [*PROJECT["dependencies"]]
    assert all(">=" in one and "<" in one for one in requirements), requirements


def test_licence():
    assert PROJECT["license"] == "Apache-2.0"
    assert PROJECT["license-files"] == ["LICENSE", "NOTICE"]
    licence = " ".join((ROOT / "LICENSE").read_text(encoding="ascii").split())
    assert licence.startswith("Apache License Version 2.0, January 2004 http://www.apache.org/licenses/")
    assert "END OF TERMS AND CONDITIONS" in licence


def test_the_notice_says_whose_the_codes_are():
    notice = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    for owner in ("American Medical Association", "Centers for Medicare & Medicaid Services", "pyx12"):
        assert owner in notice
    assert "no CPT descriptors" in notice


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_say_that_they_are_typed(package):
    assert files(package).joinpath("py.typed").is_file()


def test_the_prepared_guide_comes_with_the_package():
    assert files("loops.guide").joinpath("837p.json").read_bytes().startswith(b'{"source":{"package":"pyx12"')


def test_the_python_versions_agree():
    classified = sorted(
        tuple(map(int, one.rsplit(" ", 1)[1].split(".")))
        for one in PROJECT["classifiers"]
        if one.startswith("Programming Language :: Python :: 3.")
    )
    (low, _), (high, _) = classified[0], classified[-1]
    assert low == high == 3
    assert PROJECT["requires-python"] == f">=3.{classified[0][1]},<3.{classified[-1][1] + 1}"


def test_the_command_is_there():
    module, _, function = PROJECT["scripts"]["scrubber"].partition(":")
    tree = ast.parse(ROOT.joinpath(*module.split(".")).with_suffix(".py").read_bytes())
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert function in names


def tracked() -> list[Path]:
    """The files of the project; without git, those that lie there."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return [path for path in ROOT.rglob("*") if path.suffix in (".py", ".md", ".toml")]
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_folder_of_a_developers_machine():
    """Nothing that ships or is tested may rest on where somebody keeps the checkout."""
    folder = re.compile(rb"[\s\"'(=]/(?:work|home|Users|root)/")
    kinds = (".py", ".md", ".toml", ".csv", "")
    named = [path for path in tracked() if path.suffix in kinds and folder.search(path.read_bytes())]
    assert named == []


def test_fixtures_keep_their_bytes_in_git():
    lines = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "fixtures/edi/** -text" in lines
