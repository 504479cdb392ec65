"""What ``scrubber batch`` and ``scrubber watch`` share: options, the table ``[batch]``, the exit code."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from scrubber.cli import options
from scrubber.errors import FINDINGS, GUARD, OK, PARTLY, UNREADABLE, ConfigError, near

if TYPE_CHECKING:
    from loops.answers.write_277 import Answerer
    from scrubber.batch.run import Totals
    from scrubber.batch.setting import Setting
    from scrubber.checker import Checker
    from scrubber.rewrite.approvals import Approvals

_Command = TypeVar("_Command", bound=Callable[..., Any])
_KEYS: Final = (
    *("policy", "severities", "rules", "payers", "approvals", "ledger", "answer"),
    *("settle", "require-sentinel", "interval", "jobs"),
)
_ANSWER: Final = ("role", "name", "id-qualifier", "id")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options of the batch step say; `table` is ``[batch]`` of the configuration."""

    policy: str | None
    approvals: Path | None
    ledger: str
    settle: float
    sentinel: str
    table: Mapping[str, Any]

    def setting(self, outbox: Path, judging: options.Judging, jobs: int) -> Setting:
        """The setting of a run. Raises ConfigError for what cannot be used, TableMissing as the tables do."""
        from scrubber.batch.policy import read_policy  # noqa: PLC0415 - help must not pay for the rules
        from scrubber.batch.setting import Setting  # noqa: PLC0415

        if not judging.guide:
            raise ConfigError(
                "the batch step answers with a 999, which guide validation makes: no --no-guide"
            )
        for key in self.table:
            if key not in _KEYS:
                raise ConfigError(_unknown("batch", key, _KEYS))
        codes, payers = _names(judging.checker())
        return Setting(
            outbox=outbox,
            checker=judging.checker,
            policy=read_policy(self.table, self.policy, codes, payers),
            ledger=self.ledger,
            jobs=jobs,
            select=judging.select,
            ignore=judging.ignore,
            answerer=self._answerer(),
        )

    def approved(self, today: date) -> Approvals:
        """The approvals, judged on the day `today`. Raises ConfigError as `open_approvals`."""
        from scrubber.rewrite.approvals import NONE_APPROVED, open_approvals  # noqa: PLC0415

        return open_approvals(self.approvals, today) if self.approvals else NONE_APPROVED

    def _answerer(self) -> Answerer | None:
        from loops.answers.write_277 import Answerer  # noqa: PLC0415

        told = self.table.get("answer")
        if told is None:
            return None
        if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
            raise ConfigError(f"batch.answer must be a table of texts, with the keys {', '.join(_ANSWER)}")
        for key in told:
            if key not in _ANSWER:
                raise ConfigError(_unknown("batch.answer", key, _ANSWER))
        return Answerer(**{key.replace("-", "_"): value for key, value in told.items()})


def batching(command: _Command) -> Callable[..., Any]:
    """INBOX, OUT, and the options of the batch step, passed as ``wanted``, a `Wanted`."""

    @click.argument("inbox", metavar="INBOX", type=click.Path(path_type=Path))
    @click.option(
        "--output",
        "-o",
        type=click.Path(path_type=Path),
        metavar="OUT",
        required=True,
        help="Folder for what is released, held and answered.",
    )
    @click.option(
        "--policy",
        type=click.Choice(["hold", "annotate", "rewrite"]),
        help="Claims with a fault: hold them (default), release them with a note, or mend them.",
    )
    @click.option(
        "--approvals",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Approved fixes that change what is billed (TOML).",
    )
    @click.option(
        "--ledger", default="", metavar="URL", help="Another ledger than OUT/ledger.sqlite: a path or URL."
    )
    @click.option(
        "--settle",
        type=click.FloatRange(min=0),
        default=5.0,
        show_default=True,
        metavar="SECONDS",
        help="A file must not have changed for so long.",
    )
    @click.option(
        "--require-sentinel",
        "sentinel",
        default="",
        metavar="ENDING",
        help="Take NAME only when NAME.ENDING stands beside it, such as .ok.",
    )
    @functools.wraps(command)
    def wrapped(
        *args: Any,
        policy: str | None,
        approvals: Path | None,
        ledger: str,
        settle: float,
        sentinel: str,
        **more: Any,
    ) -> Any:
        if sentinel and not sentinel.startswith("."):
            sentinel = f".{sentinel}"
        table = click.get_current_context().meta.get(options.BATCH, {})
        wanted = Wanted(policy, approvals, ledger, settle, sentinel, table)
        return command(*args, wanted=wanted, **more)

    return wrapped


def exit_code(totals: Totals, fail_on: str) -> int:
    """The exit code of the contract for a run."""
    from scrubber.finding import Severity  # noqa: PLC0415

    if totals.guard:
        return GUARD
    if totals.failed:
        return PARTLY if totals.files or totals.again else UNREADABLE
    least = Severity(fail_on).rank if fail_on != "never" else len(Severity)
    return FINDINGS if any(Severity(name).rank >= least for name in +totals.severities) else OK


def _names(checker: Checker) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes that a policy may name, and the payer classes and profiles."""
    from loops.validate import CATALOGUE  # noqa: PLC0415
    from scrubber.enginefaults import CATALOGUE as ENGINE_FAULTS  # noqa: PLC0415
    from scrubber.payers.classes import CLASSES  # noqa: PLC0415
    from scrubber.registry import all_rules  # noqa: PLC0415

    codes = (*(rule.code for rule in all_rules()), *CATALOGUE, *ENGINE_FAULTS)
    return codes, (*CLASSES, *sorted(checker.payers.names()))


def _unknown(where: str, key: str, known: tuple[str, ...]) -> str:
    listed = f": the keys are {', '.join(known)}"
    return f'{where}: key "{key}" is unknown{near(key, known, listed)}'
