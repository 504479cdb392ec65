"""A month of claims with its answers and its truth, scrubbed and compared once.

Of 4,000 claims, unless QA_CLAIMS says how many: the figures of the project are those of 20,000.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scrubber.checker import Checker
from scrubber.qa.answers import Named
from scrubber.qa.book import Claimed
from scrubber.qa.compare import compare
from scrubber.qa.differ import Differ
from scrubber.qa.result import About, Result
from scrubber.qa.sources import Batches
from scrubber.registry import all_rules
from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.answers.letters import File
from scrubber.sample.month import Month, month

from .answered import KEY, tables

COUNT = int(os.environ.get("QA_CLAIMS", "4000"))
# Everything that can happen must happen in 4,000 claims too.
BEHAVIOUR = Behaviour() if COUNT >= 20000 else Behaviour(sets_refused=0.05, reversed=0.04, misprinted=0.02)


@dataclass
class Compared:
    """A month, its claims as they were scrubbed, and the result."""

    month: Month
    claims: list[Claimed]
    batches: list[Named]
    answers: list[Named]
    result: Result

    @property
    def truth(self) -> dict[str, Any]:
        return self.month.truth.as_dict()

    def again(self, answers: Sequence[Named], claims: Sequence[Claimed] | None = None) -> Result:
        """Compare again with other files of answers, or other claims."""
        return compared(self.claims if claims is None else claims, answers, self.batches)


def written(folder: Path, files: Sequence[File]) -> list[Named]:
    folder.mkdir()
    for file in files:
        (folder / file.name).write_bytes(file.data)
    return [Named(folder / file.name, file.name) for file in files]


def compared(claims: Sequence[Claimed], answers: Sequence[Named], batches: Sequence[Named]) -> Result:
    with Differ({one.name: [one.path] for one in batches}, Checker(tables=tables())) as differ:
        return compare(
            claims,
            answers,
            about=About("month", "scrubbed"),
            tables=tables(),
            key=KEY,
            rules={rule.code: rule for rule in all_rules()},
            differ=differ.corrections,
        )


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("month")
    made = month(COUNT, 30, 11, BEHAVIOUR)
    batches, answers = written(folder / "claims", made.batches), written(folder / "answers", made.answers)
    claims = list(Batches(batches, [], Checker, KEY).claims(lambda _: None))
    return Compared(made, claims, batches, answers, compared(claims, answers, batches))
