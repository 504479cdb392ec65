"""INJ-B18: an implant or pellet under 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import procedures
from scrubber.rules.instead import instead

CODES: Final = {"implant": "11980 for pellets, 11981 or 11983 for other implants"}


@rule(
    code="INJ-B18",
    name="implant-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "Noridian A55057, testosterone pellets",
            "pellets are put in by 11980, not by 96372",
            "https://www.cms.gov/medicare-coverage-database/view/article.aspx?articleId=55057&ver=8",
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("N56", "M51")),
    when=INJECTED.beside(*rows("drugs", "admin", *CODES)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The only drug of the day is an implant or pellet; putting it in is a procedure, not 96372.

    Why: hormone pellets (S0189, J1073) are put in by 11980, contraceptive rods (J7306, J7307) and other drug
    implants by 11981 or 11983. 96372 is column 2 of these in NCCI, and in their place it is wrong.
    Goserelin (J9202) is injected: INJ-B07.

    Bad:
        HI*ABK:E291
        SV1*HC:96372*30*UN*1***1
        SV1*HC:S0189*600*UN*6***1

    Good:
        HI*ABK:E291
        SV1*HC:11980*150*UN*1***1
        SV1*HC:S0189*600*UN*6***1
    """
    yield from instead(ctx, CODES, "is an implant", _gives)


def _gives(ctx: Context, line: ServiceLine) -> list[Service]:
    return procedures(ctx, line, "implant")
