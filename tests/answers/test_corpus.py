"""Public answers: each is read or answered in a line, and what pyx12 reads too is read alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from loops.answers import read
from loops.answers.kinds import Answer, Problem, Remittance
from loops.errors import NotX12Error

from . import plain, pyx12_tree

KINDS = ("999", "277ca", "277", "835")


def files(shared: Path, *kinds: str) -> Iterator[Path]:
    for kind in kinds:
        yield from sorted((shared / "corpus" / kind).iterdir())


def told(path: Path) -> list[Answer]:
    return list(read(path))


@pytest.mark.shared
def test_every_answer_says_something(shared: Path):
    count = 0
    for path in files(shared, *KINDS):
        found = told(path)
        count += 1
        assert any(not isinstance(answer, Problem) for answer in found) or (
            len({answer.message for answer in found}) == len(found) == 1
        ), path.name
    assert count == 125


@pytest.mark.shared
def test_every_other_file_is_answered_in_lines(shared: Path):
    """837, 276, faulty files: problems of one line each, or one line that says it is no X12."""
    folders = [folder.name for folder in (shared / "corpus").iterdir() if folder.is_dir()]
    for path in files(shared, *sorted(folders)):
        try:
            found = told(path)
        except NotX12Error as error:
            found = [Problem("none", str(error), 0, 0)]
        assert found, path.name
        for answer in found:
            if isinstance(answer, Problem):
                assert answer.message, path.name
                assert "\n" not in answer.message
                assert len(answer.message) < 200


def compared(
    paths: Iterable[Path], theirs: Callable[[list[Any]], list[Any]], ours: Callable[[list[Answer]], list[Any]]
) -> int:
    count = 0
    for path in paths:
        nodes = pyx12_tree.walk(path.read_bytes())
        if nodes is not None:
            assert ours(told(path)) == theirs(nodes), path.name
            count += 1
    return count


@pytest.mark.shared
def test_remittances_as_in_the_tree_of_pyx12(shared: Path):
    assert compared(files(shared, "835"), pyx12_tree.remittances, plain.remittances) >= 55


@pytest.mark.shared
def test_claim_statuses_as_in_the_tree_of_pyx12(shared: Path):
    assert compared(files(shared, "277ca"), pyx12_tree.statuses, plain.statuses) >= 6


@pytest.mark.shared
def test_acknowledgements_as_in_the_tree_of_pyx12(shared: Path):
    def theirs(nodes: list[Any]) -> list[Any]:
        return [one for one in pyx12_tree.acknowledgements(nodes) if one[0] != "AK1"]

    assert compared(files(shared, "999"), theirs, plain.acknowledgements) >= 11


@pytest.mark.shared
def test_payers_and_payees_are_known(shared: Path):
    heads = [a for path in files(shared, "835") for a in told(path) if isinstance(a, Remittance)]
    assert len(heads) > 60
    assert sum(bool(head.payer) for head in heads) > 0.9 * len(heads)
    assert sum(bool(head.payee_npi) for head in heads) > 0.5 * len(heads)
