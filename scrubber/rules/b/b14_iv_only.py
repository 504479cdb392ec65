"""INJ-B14: a drug for the vein only under 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import administrations
from scrubber.rules.instead import instead

CODES: Final = {"iv": "the infusion or push (96365, 96374, 96413 ...)"}


@rule(
    code="INJ-B14",
    name="iv-only-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS, HCPCS Level II, July 2024, read in a public copy",
            "J1602, J3358 and others are described as intravenous",
            "https://github.com/andrewallenbruce/northstar",
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("N56", "M51")),
    when=INJECTED.beside(*rows("drugs", "admin", *CODES)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The only drug of the day is one for the vein; 96372 is under the skin or into muscle.

    Why: a drug that is labelled or described for intravenous use only is given by a push or an infusion
    (96374, 96365, or 96409, 96413 for antineoplastic drugs). 96372 then has no drug of its own, or
    stands for the wrong service. Drugs that go both ways are left alone.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J1602*900*UN*150***1

    Good:
        SV1*HC:96365*120*UN*1***1
        SV1*HC:J1602*900*UN*150***1
    """
    yield from instead(ctx, CODES, "goes into a vein only", _gives)


def _gives(ctx: Context, line: ServiceLine) -> list[Service]:
    return administrations(ctx, line, "infusion", "iv-push", "chemo-push", "chemo-infusion")
