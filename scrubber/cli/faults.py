"""How a command ends: one line on standard error, and an exit code, whatever happened."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import Any, Final

import click

from scrubber.errors import GUARD, INTERRUPTED, OK, TABLE, UNREADABLE, USAGE, ScrubberError

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def say(text: str) -> None:
    """Write one line to standard error; control characters of a file's name or data do not reach it."""
    click.echo("scrubber: " + _CONTROL.sub(" ", text), err=True)


def guarded(run: Callable[[], Any]) -> int:
    """Run a command and return its exit code: what it returned, or the code of what it raised."""
    try:
        code = run()
    except click.ClickException as fault:
        if type(fault).__name__ == "NoArgsIsHelpError":  # click has it since 8.2; its text is the help
            click.echo(fault.format_message(), err=True)
        else:
            say(_usage(fault))
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        say("interrupted: nothing is half-written")
        return INTERRUPTED
    except Exception as fault:  # noqa: BLE001 - the last resort: a user never sees a traceback
        if left_early(fault):
            hush()
            return OK
        line, code = told(fault)
        say(line)
        return code
    return flushed(code if isinstance(code, int) else OK)


def told(fault: Exception) -> tuple[str, int]:
    """One line without data of persons, and the exit code, for an exception."""
    from loops.errors import LoopsError  # noqa: PLC0415 - help must not pay for the reader
    from scrubber.tables.errors import TableError, TableMissing  # noqa: PLC0415

    if isinstance(fault, ScrubberError):
        return str(fault), fault.exit_code
    if isinstance(fault, OSError):
        name = f"{fault.filename}: " if fault.filename else ""
        return f"{name}{reason(fault)}", UNREADABLE
    if isinstance(fault, LoopsError):
        return str(fault), UNREADABLE
    if isinstance(fault, TableMissing):
        return f"{fault}: install the package again, or add the table", TABLE
    if isinstance(fault, TableError):
        return str(fault), USAGE
    return internal(fault), GUARD


def left_early(fault: BaseException | None) -> bool:
    """Whether nobody read standard output any more; a library may raise its own fault on the way out."""
    seen = set[int]()  # a fault raised again while its own follower is handled closes the chain to a ring
    while fault is not None and id(fault) not in seen:
        if isinstance(fault, BrokenPipeError):
            return True
        seen.add(id(fault))
        fault = fault.__cause__ or fault.__context__
    return False


def internal(fault: BaseException) -> str:
    """The line for a fault of this program; the text of the exception may hold data and is not told."""
    return f"internal fault ({type(fault).__name__}): please report it with the command that you ran"


def reason(fault: OSError) -> str:
    """What the system says, in lower case, without the file's name."""
    return (fault.strerror or type(fault).__name__).lower()


def hush() -> None:
    """Nobody reads standard output any more: what is still buffered goes nowhere, quietly."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):  # a test's stream has no descriptor
        return


def flushed(code: int) -> int:
    """`code`, after standard output took everything; a reader that left early is no fault."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        hush()
    except OSError as fault:
        say(f"standard output: {reason(fault)}")
        return GUARD
    return code


def _usage(fault: click.ClickException) -> str:
    text = " ".join(fault.format_message().split())
    text = text[:1].lower() + text[1:].rstrip(".")
    context = getattr(fault, "ctx", None)
    return f"{text} (see {context.command_path} --help)" if context else text
