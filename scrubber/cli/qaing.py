"""Where ``scrubber qa`` takes its claims from: a ledger, the files of an outbox, or files that were sent."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from scrubber.cli.faults import say
from scrubber.cli.inputs import find_inputs
from scrubber.cli.ledger import LEDGER
from scrubber.cli.options import Judging, read_config
from scrubber.errors import ConfigError
from scrubber.ledger import new_key, open_ledger
from scrubber.qa.answers import Named
from scrubber.qa.result import About
from scrubber.qa.sources import Batches, Recorded, Scrubbed

if TYPE_CHECKING:
    from scrubber.checker import Checker
    from scrubber.qa.book import Claimed

_JUDGED: Final = ("profile", "select", "ignore", "guide", "tables", "waivers")
_ST: Final = re.compile(rb"[^A-Za-z0-9]\s*ST[^A-Za-z0-9\s]([0-9]{3})\b")
_PATHS: Final = ("profile", "tables", "waivers")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for; `judged`: an option says how claims are to be judged."""

    outbox: Path | None
    claims: tuple[Path, ...]
    ledger: str | None
    as_if: Path | None
    judging: Judging
    judged: bool
    answers: tuple[Named, ...]
    jobs: int
    quiet: bool


@dataclass(slots=True)
class Source:
    """Claims, and what is needed beside them.

    `checker` judges them (those of a ledger: would judge them now), `key` is that of their keyed hashes,
    `files` are the files of claims by name, `failures` those that were not or not wholly read.
    """

    about: About
    checker: Checker
    key: bytes
    files: Mapping[str, Sequence[Path]]
    read: Callable[[Callable[[Scrubbed], None]], Iterator[Claimed]]
    failures: list[str] = field(default_factory=list)

    @property
    def paths(self) -> list[Path]:
        """All files of claims."""
        return [path for paths in self.files.values() for path in paths]

    def claims(self) -> Iterator[Claimed]:
        """The claims; a file that fails is told on standard error, and the others go on."""
        return self.read(self._heard)

    def _heard(self, one: Scrubbed) -> None:
        if one.fault:
            self.failures.append(one.name)
            say(f"{one.name}: {one.fault}")


@contextlib.contextmanager
def source_of(asked: Asked) -> Iterator[Source]:
    """The claims that are asked for. Raises ConfigError, UsageError, LedgerError, TableMissing."""
    if bool(asked.claims) == bool(asked.outbox or asked.ledger):
        raise click.UsageError("name an outbox (or --ledger), or files of claims with --claims")
    if asked.claims:
        judging = _judging(asked.as_if) if asked.as_if else asked.judging
        sent = _without_answers(_named(asked.claims, quiet=asked.quiet), asked.answers)
        yield _scrubbed(sent, [], judging, asked, "as-if" if asked.as_if else "scrubbed")
    elif asked.as_if:
        if asked.outbox is None:
            raise click.UsageError("--as-if needs the outbox: the ledger does not keep the claims themselves")
        sent, held = (_folder(asked.outbox / name) for name in ("released", "held"))
        if not sent and not held:
            raise ConfigError(f"{asked.outbox}: no released or held files in it: --as-if needs the claims")
        yield _scrubbed(sent, held, _judging(asked.as_if), asked, "as-if")
    else:
        if asked.judged:
            raise click.UsageError(
                "the claims of an outbox were judged when they were batched: --as-if CONFIG judges them again"
            )
        with _recorded(asked) as source:
            yield source


def _judging(config: Path) -> Judging:
    """How a configuration judges claims."""
    data = {key: value for key, value in read_config(config).items() if key in _JUDGED}
    for key in _PATHS:
        if key in data:
            data[key] = config.parent / data[key]
    for key in ("select", "ignore"):
        data[key] = tuple(data.get(key, ()))
    return Judging(**data, today=datetime.now().astimezone().date())


def _scrubbed(
    sent: Sequence[Named], held: Sequence[Named], judging: Judging, asked: Asked, mode: str
) -> Source:
    checker, key = judging.checker(), new_key()
    files: dict[str, list[Path]] = {}
    for named in (*sent, *held):
        files.setdefault(named.name, []).append(named.path)
    where = asked.outbox or asked.claims[0]
    about = About(
        claims=str(where),
        mode=mode,
        rules=tuple(rule.code for rule in checker.rules),
        select=judging.select,
        ignore=judging.ignore,
        tables=tuple((name, checker.tables.table(name).vintage) for name in checker.tables.names()),
        config=str(asked.as_if or ""),
    )
    return Source(about, checker, key, files, Batches(sent, held, judging.checker, key, asked.jobs).claims)


@contextlib.contextmanager
def _recorded(asked: Asked) -> Iterator[Source]:
    outbox = asked.outbox
    place = asked.ledger or (outbox / LEDGER if outbox and outbox.is_dir() else outbox)
    assert place is not None
    with open_ledger(place, create=False) as ledger:
        released = outbox / "released" if outbox and outbox.is_dir() else None
        files = _parts(outbox) if released else {}
        last = None
        for last in ledger.runs():  # noqa: B007 - the newest tells what judges now
            pass
        about = About(
            claims=ledger.name,
            mode="ledger",
            select=last.select if last else (),
            ignore=last.ignore if last else (),
            tables=last.tables if last else (),
        )
        recorded = Recorded(ledger, released)
        yield Source(about, Judging().checker(), ledger.key, files, lambda _: recorded.claims())


def _without_answers(claims: Sequence[Named], answers: Sequence[Named]) -> list[Named]:
    """Files of claims, where some are named as answers too, as all came in one folder: those with claims."""
    both = {one.path.resolve() for one in answers}
    return [one for one in claims if one.path.resolve() not in both or _holds(one.path, claims=True)]


def without_claims(answers: Sequence[Named], claims: Sequence[Path]) -> list[Named]:
    """Files of answers, where some are among the files of claims too: those that hold more than claims."""
    both = {path.resolve() for path in claims}
    return [one for one in answers if one.path.resolve() not in both or _holds(one.path, claims=False)]


def _holds(path: Path, *, claims: bool) -> bool:
    """Whether a file holds transactions of claims, or others; one that cannot be opened says so when read."""
    try:
        kinds = _ST.findall(path.read_bytes())
    except OSError:
        return True
    return any((kind == b"837") is claims for kind in kinds)


def _parts(outbox: Path | None) -> dict[str, list[Path]]:
    """The files of an outbox by the name of the input that they are parts of."""
    parts: dict[str, list[Path]] = {}
    for name in ("released", "held"):
        for named in _folder(outbox / name) if outbox else ():
            parts.setdefault(named.name, []).append(named.path)
    return parts


def _folder(folder: Path) -> list[Named]:
    return _named([folder], quiet=True) if folder.is_dir() else []


def _named(paths: Sequence[Path], *, quiet: bool) -> list[Named]:
    return [Named(one.path, one.name) for one in find_inputs(map(str, paths), quiet=quiet) if one.path]
