"""Options that several commands share, and the configuration file that gives their defaults.

A command takes what it needs: ``@inputs``, ``@judging`` (gives one `Judging`), ``@fail_on``,
``@jobs``, ``@formats(...)``, ``@output``, ``@phi``, ``@console`` (``quiet``, ``no_color``), and
``@config``, which reads ``scrubber.toml`` or ``[tool.scrubber]`` for the defaults of the others.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from scrubber.errors import ConfigError, near

if TYPE_CHECKING:
    from scrubber.checker import Checker

_Command = TypeVar("_Command", bound=Callable[..., Any])
FAIL_ON: Final = ("reject", "deny", "advise", "never")
BATCH: Final = "scrubber.batch"
"""Where in a context's `meta` the table ``[batch]`` of the configuration stands."""
_KEYS: Final[dict[str, type]] = {
    "profile": str,
    "tables": str,
    "waivers": str,
    "select": list,
    "ignore": list,
    "guide": bool,
    "fail-on": str,
    "jobs": int,
    "format": str,
    "all-outcomes": bool,
    "quiet": bool,
    "no-color": bool,
    "batch": dict,
}
_KINDS: Final = {
    str: "a text in quotes",
    list: "a list of texts",
    bool: "true or false",
    int: "a number",
    dict: "a table",
}
_OF_BATCH: Final = ("batch", "watch")
_PATHS: Final = ("profile", "tables", "approvals", "waivers")


@dataclass(frozen=True, slots=True)
class Judging:
    """How a batch is judged: payer profile, rules that are on, guide validation, imported tables, waivers.

    Picklable for workers. `today` is the day on which waivers are judged.
    """

    profile: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    guide: bool = True
    tables: Path | None = None
    waivers: Path | None = None
    today: date = date.min

    def checker(self, *, passes: bool = False) -> Checker:
        """Make the checker; `passes` asks for findings of rules that found no fault too.

        Raises ConfigError for an unknown code, a faulty profile or file of waivers, TableMissing as the
        tables do.
        """
        from scrubber.checker import Checker  # noqa: PLC0415 - help must not pay for the rules
        from scrubber.payers import open_payers  # noqa: PLC0415
        from scrubber.tables import load_tables  # noqa: PLC0415

        payers, tables = open_payers(self.profile), load_tables(store=self.tables)
        more: dict[str, Any] = {"guide": self.guide, "passes": passes, "tables": tables}
        if self.waivers:
            from scrubber.waivers import open_waivers  # noqa: PLC0415

            more["waivers"] = open_waivers(self.waivers, self.today)
        return Checker(payers, self.select, self.ignore, **more)


def _codes(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip() for text in value for code in text.split(",") if code.strip())


def selecting(command: _Command) -> _Command:
    """``--select`` and ``--ignore``, each a tuple of prefixes."""
    select = click.option(
        "--select", multiple=True, metavar="CODES", callback=_codes, help="Only rules with these prefixes."
    )
    ignore = click.option(
        "--ignore", multiple=True, metavar="CODES", callback=_codes, help="No rules with these prefixes."
    )
    return select(ignore(command))


def tables_folder(name: str) -> Callable[[_Command], _Command]:
    """``--tables``: the folder of imported tables, passed as `name`."""
    return click.option(
        "--tables",
        name,
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Imported tables; else those in $SCRUBBER_TABLES or your data folder.",
    )


def judging(command: _Command) -> Callable[..., Any]:
    """Profile, rules, guide validation, imported tables, waivers: passed as ``judging``, a `Judging`."""

    @click.option(
        "--profile", type=click.Path(path_type=Path), help="Payer profile (TOML), or a folder of them."
    )
    @selecting
    @click.option("--guide/--no-guide", default=True, help="Validate against the guide too (default: yes).")
    @tables_folder("tables")
    @click.option(
        "--waivers",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Faults to put up with: TOML with tables [[waiver]] of rule, claim (CLM01) or provider (NPI) or "
        "payer, reason, until.",
    )
    @functools.wraps(command)
    def wrapped(
        *args: Any,
        profile: Path | None,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        guide: bool,
        tables: Path | None,
        waivers: Path | None,
        **more: Any,
    ) -> Any:
        today = datetime.now().astimezone().date() if waivers else date.min
        judging = Judging(profile, select, ignore, guide, tables, waivers, today)
        return command(*args, judging=judging, **more)

    return wrapped


inputs = click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
one_input = click.argument("source", metavar="INPUT")
fail_on = click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="deny",
    show_default=True,
    help="Exit 1 on a finding as bad as this.",
)
jobs = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Files worked on at a time.",
)
output = click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write here instead of standard output, complete or not at all.",
)
phi = click.option(
    "--phi",
    type=click.Choice(["show", "mask"]),
    default="mask",
    show_default=True,
    help="Names, member ids, birth dates, addresses: masked or shown.",
)


def formats(*names: str) -> Callable[[_Command], _Command]:
    """``--format`` with these names, the first the default: passed as ``format_``."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="Form of the output.",
    )


def console(command: _Command) -> _Command:
    """``--quiet`` and ``--no-color``."""
    quiet = click.option("--quiet", "-q", is_flag=True, help="No progress, no notes, no summary.")
    no_color = click.option("--no-color", is_flag=True, help="No colour, even on a terminal.")
    return quiet(no_color(command))


def _configured(ctx: click.Context, _param: click.Parameter, path: Path | None) -> None:
    found = path or _usual_place()
    if found is None:
        return
    known = {param.name: param for param in ctx.command.params}
    data = read_config(found)
    own = data.pop("batch", {})
    if ctx.info_name in _OF_BATCH:
        ctx.meta[BATCH] = own
        data |= {key: value for key, value in own.items() if not isinstance(value, dict)}
    defaults = {}
    for key, value in data.items():
        name = "format_" if key == "format" else key.replace("-", "_")
        if name in known and (key != "format" or ctx.info_name == "check"):
            defaults[name] = str(found.parent / value) if key in _PATHS else value
    ctx.default_map = defaults


config = click.option(
    "--config",
    type=click.Path(path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_configured,
    help="Defaults of the options; else scrubber.toml or pyproject.toml here.",
)


def _usual_place() -> Path | None:
    own, project = Path("scrubber.toml"), Path("pyproject.toml")
    if own.is_file():
        return own
    if project.is_file() and b"tool.scrubber" in project.read_bytes():
        return project
    return None


def read_config(path: Path) -> dict[str, Any]:
    """Read ``scrubber.toml``, or the table ``[tool.scrubber]`` of another TOML file.

    The keys are the long names of the options (``fail-on``), and ``batch``, a table for the batch step;
    ``--phi`` cannot be set here, it takes a person at the keyboard. Raises ConfigError that names the file,
    the key and the mend.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ConfigError(f"{path}: cannot be read: {fault.strerror}") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{path}: not readable as TOML in UTF-8: {fault}") from fault
    if path.name == "pyproject.toml" or "tool" in data:
        data = data.get("tool", {}).get("scrubber", {})
    for key, value in data.items():
        if key not in _KEYS:
            keys = f": the keys are {', '.join(_KEYS)}"
            raise ConfigError(f'{path}: key "{key}" is unknown{near(key, _KEYS, keys)}')
        texts = not isinstance(value, list) or all(isinstance(one, str) for one in value)
        if type(value) is not _KEYS[key] or not texts:
            raise ConfigError(f"{path}: {key} must be {_KINDS[_KEYS[key]]}")
    return data
