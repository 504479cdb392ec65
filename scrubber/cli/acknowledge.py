"""What ``scrubber check`` gives beside its report: the 999 of each group, and pyx12's own word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from loops.answers.write_999 import write_999
from loops.errors import LoopsError
from loops.validate import validate
from scrubber.cli.faults import say
from scrubber.cli.inputs import Input
from scrubber.cli.output import opened
from scrubber.errors import ConfigError

_LAST_CONTROL: Final = 999_999_999


def first_control(made_on: datetime) -> int:
    """A control number from the clock: day of the year and second of the day, so that later runs count on."""
    midnight = made_on.replace(hour=0, minute=0, second=0, microsecond=0)
    return made_on.timetuple().tm_yday * 100_000 + (made_on - midnight).seconds + 1


def acknowledge(path: Path, inputs: Sequence[Input], control: int | None) -> None:
    """Write the 999 interchange of every functional group of `inputs` to `path`, one after another.

    `control` is the first control number (None: from the clock). Inputs that
    cannot be read are passed over: the report has told them. Raises
    ConfigError for standard input, which cannot be read again.
    """
    made_on = datetime.now().astimezone()
    number = control or first_control(made_on)
    with opened(path, [one.path for one in inputs]) as sink:
        for one in inputs:
            try:
                validation = validate(_again(one, "--ack"))
                problems = list(validation)
            except (LoopsError, OSError):
                continue
            for group in validation.groups:
                if group.judged:
                    sink.write(write_999(group, problems, control=number, made_on=made_on))
                    number = number % _LAST_CONTROL + 1


def ask_oracle(inputs: Sequence[Input]) -> None:
    """Run pyx12's validator on each input too, and say on standard error where it and we disagree."""
    from loops.validate.oracle import compare  # noqa: PLC0415 - loads pyx12

    for one in inputs:
        try:
            told = compare(_again(one, "--oracle").read_bytes())
        except OSError:
            continue
        if isinstance(told, str):
            say(f"oracle: {one.name}: pyx12 gives no verdict ({told})")
        elif not told:
            say(f"oracle: {one.name}: pyx12 and we agree")
        for other in told if not isinstance(told, str) else ():
            say(f"oracle: {one.name}: {other.about}: pyx12 {other.reference}, we {other.ours}")


def _again(one: Input, option: str) -> Path:
    if one.path is None:
        raise ConfigError(f"{option} reads its input twice: name a file, not standard input")
    return one.path
