"""``scrubber ledger``: what was done with which claim, and the decisions about claims that are held."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from scrubber.cli import options
from scrubber.cli.output import opened
from scrubber.cli.terminal import look_for
from scrubber.report.paint import clean

if TYPE_CHECKING:
    from scrubber.cli.ledger_lists import Listing
    from scrubber.ledger.store import Ledger

_Command = TypeVar("_Command", bound=Callable[..., Any])
_T = TypeVar("_T")
LEDGER: Final = "ledger.sqlite"
_DISPOSITIONS: Final = ("released", "annotated", "fixed", "held")
_STATES: Final = ("new", "released", "cancelled", "closed", "all")


@click.group(name="ledger")
def command() -> None:
    """Show what was done with which claim; release or cancel claims that are held.

    The ledger is that of an outbox of "scrubber batch" (OUTBOX/ledger.sqlite), or the one that --ledger
    names. It keeps codes, control numbers, NPIs, dates of service and charges; no names, member ids,
    birth dates or addresses.
    """


_outbox = click.argument("outbox", required=False, type=click.Path(path_type=Path))
_url = click.option(
    "--ledger",
    "url",
    metavar="URL",
    help="Another ledger: the path of a file, or postgresql://USER@HOST/NAME.",
)
_days = (
    click.option("--since", type=click.DateTime(("%Y-%m-%d",)), help="Runs of this day (UTC) and after."),
    click.option("--until", type=click.DateTime(("%Y-%m-%d",)), help="Runs before this day (UTC)."),
)


def _listing(command: _Command) -> _Command:
    for option in (
        click.option("--no-color", is_flag=True, help="No colour, even on a terminal."),
        options.output,
        options.formats("text", "json", "csv"),
        _url,
        _outbox,
    ):
        command = option(command)
    return command


@command.command(name="runs", short_help="List the runs.")
@_days[0]
@_days[1]
@_listing
def runs(*, since: datetime | None, until: datetime | None, **where: Any) -> int:
    """List the runs: each input file with its outcome and control totals, in the order of recording."""
    from scrubber.cli.ledger_lists import Runs  # noqa: PLC0415 - help must not pay for it

    with _opened(where["outbox"], where["url"]) as ledger:
        return _show(Runs(), ledger.runs(since=_utc(since), until=_utc(until)), ledger, **where)


@command.command(name="claims", short_help="List claims.")
@click.option("--run", type=click.IntRange(min=1), metavar="N", help="Claims of this run only.")
@click.option("--claim", default="", metavar="ID", help="Claims with this id (CLM01) only.")
@click.option("--disposition", multiple=True, type=click.Choice(_DISPOSITIONS), help="Only these.")
@_days[0]
@_days[1]
@_listing
def claims(
    *,
    run: int | None,
    claim: str,
    disposition: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    **where: Any,
) -> int:
    """List claims: what was billed, what was found, what became of them."""
    from scrubber.cli.ledger_lists import Claims  # noqa: PLC0415
    from scrubber.ledger import Disposition  # noqa: PLC0415

    wanted = [Disposition(one) for one in disposition]
    with _opened(where["outbox"], where["url"]) as ledger:
        found = ledger.claims(run=run, claim=claim, dispositions=wanted, since=_utc(since), until=_utc(until))
        return _show(Claims(), found, ledger, **where)


@command.command(name="holds", short_help="List the claims that are held.")
@click.option(
    "--state",
    type=click.Choice(_STATES),
    default="new",
    show_default=True,
    help="Where the holds stand: nobody decided yet; released; cancelled; closed, as the claim was sent"
    " after all or a corrected copy of it came.",
)
@_listing
def holds(*, state: str, **where: Any) -> int:
    """List the claims that are held, the oldest first, with their age and the end of timely filing."""
    from scrubber.cli.ledger_lists import Holds  # noqa: PLC0415
    from scrubber.ledger import HoldState  # noqa: PLC0415

    states = () if state == "all" else (HoldState(state),)
    with _opened(where["outbox"], where["url"]) as ledger:
        return _show(Holds(datetime.now(UTC)), ledger.holds(states=states), ledger, **where)


def _deciding(command: _Command) -> _Command:
    for option in (
        click.option("--reason", required=True, help="Why, in a few words. No data of patients."),
        click.option("--user", required=True, help="Who decides."),
        _url,
        click.argument("numbers", nargs=-1, required=True, metavar="[OUTBOX] HOLD..."),
    ):
        command = option(command)
    return command


@command.command(name="release", short_help="Release held claims.")
@_deciding
def release(*, numbers: tuple[str, ...], url: str | None, user: str, reason: str) -> int:
    """Release held claims: HOLD is a number that "scrubber ledger holds" shows.

    Nothing is sent by this. It marks the hold as released by that user for that reason; the next time
    that the claim comes in, as when the held file is put back into the inbox, it goes through. Only the
    same claim does: the same bytes from CLM on, for the same patient, billing provider and payer. A claim
    that was corrected needs no release: it is judged anew. OUTBOX is left out where --ledger is given.
    """
    return _decide("release", numbers, url, user, reason)


@command.command(name="cancel", short_help="Cancel holds.")
@_deciding
def cancel(*, numbers: tuple[str, ...], url: str | None, user: str, reason: str) -> int:
    """Cancel holds: the claims will not be sent as they are, and are listed as open no more.

    A hold that was released can be cancelled too: that takes the release back. If the claim comes in
    again unchanged, it is held again. OUTBOX is left out where --ledger is given.
    """
    return _decide("cancel", numbers, url, user, reason)


def _decide(what: str, numbers: tuple[str, ...], url: str | None, user: str, reason: str) -> int:
    outbox = None if url else Path(numbers[0])
    numbers = numbers if url else numbers[1:]
    if not numbers:
        raise click.UsageError("name a hold, after the outbox")
    wrong = next((one for one in numbers if not one.isdecimal()), None)
    if wrong is not None:
        raise click.UsageError(f'"{wrong}" is not the number of a hold')
    with _opened(outbox, url) as ledger, opened(None) as sink:
        decide = ledger.release if what == "release" else ledger.cancel
        for number in numbers:
            hold = decide(int(number), user, reason, datetime.now(UTC))
            sink.text(f"hold {hold.id} (claim {clean(hold.claim)}) is {hold.state.value}\n")
            sink.flush()
    return 0


@contextlib.contextmanager
def _opened(outbox: Path | None, url: str | None) -> Iterator[Ledger]:
    from scrubber.ledger import open_ledger  # noqa: PLC0415 - SQLAlchemy

    if (outbox is None) == (url is None):
        raise click.UsageError("name the outbox, or a ledger with --ledger")
    place = url if outbox is None else outbox / LEDGER if outbox.is_dir() else outbox
    assert place is not None
    with open_ledger(place, create=False) as ledger:
        yield ledger


def _show(
    listing: Listing[_T],
    found: Iterator[_T],
    ledger: Ledger,
    *,
    format_: str,
    output: Path | None,
    no_color: bool,
    **_: Any,
) -> int:
    from scrubber.cli.ledger_lists import listed  # noqa: PLC0415

    look = look_for(output, mask=True, no_color=no_color)
    with opened(output) as sink:
        for piece in listed(listing, format_, found, ledger.name, look):
            sink.text(piece)
    return 0


def _utc(day: datetime | None) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC)
