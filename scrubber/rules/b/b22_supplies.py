"""INJ-B22: supplies of an injection billed beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.common import drug_administration
from scrubber.rules.edits import left_out
from scrubber.rules.gates import on_claim, rows

KINDS: Final = ("hydration", "infusion", "sc-infusion", "injection", "ia-injection", "iv-push", "on-body")
ANY_PROCEDURE: Final = frozenset({"99070", "A4550"})  # may belong to another procedure of the day
SURGERY: Final = ("1", "2", "3", "4", "5", "6")


@rule(
    code="INJ-B22",
    name="supplies-with-injection",
    severity=Severity.DENY,
    cites=(
        drug_administration("standard tubing, syringes and supplies are included"),
        cite(
            "UnitedHealthcare, Injection and Infusion Services policy 2022R0009A",
            "supplies included in 96360 to 96379; excerpt",
            "https://pdf4pro.com/file/10af70",
        ),
    ),
    expected=Expected(status=(), carc=("97",), rarc=("M15", "N390")),
    when=on_claim(*rows("bundled_supplies", "code", "")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A syringe, needle, tray or general supply stands beside an injection or infusion.

    Why: standard supplies are in the payment of 96360 to 96379. The line is denied, and
    leaving it out costs nothing, so a person may have it left out. A tray or general supply
    beside another procedure of the day may belong to that one, so there it is only worth a look.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        SV1*HC:A4208*2*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    for line in claim.lines:
        if line.code not in ANY_PROCEDURE and not line.code.startswith("A42"):
            continue
        row = ctx.find("bundled_supplies", line.code, line)
        if row is None:
            continue
        services = ctx.day(line)
        found = [one for one in services if _administers(ctx, one)]
        if not found:
            continue
        own = [one.line for one in found if one.own]
        other = line.code in ANY_PROCEDURE and any(one.line.code[:1] in SURGERY for one in services)
        sure = bool(own) and not other
        yield Hit(
            line.sv1.spot(1, 2),
            f"line {line.number}: {line.code} is a supply of {found[0].line.code}, included in it: remove it",
            (line, *own),
            None if sure else Severity.ADVISE,
            rests_on=(fact(row),),
            evidence={"supply": line.code, "administrations": sorted({one.line.code for one in found})},
            fix=left_out(claim, line, f"leave out {line.code}, a supply") if sure else None,
        )


def _administers(ctx: Context, one: Service) -> bool:
    row = ctx.find("admin_codes", one.line.code, one.line)
    return row is not None and row["kind"] in KINDS
