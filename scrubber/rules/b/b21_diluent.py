"""INJ-B21: the diluent of ceftriaxone billed as a drug."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import drug_administration
from scrubber.rules.gates import on_claim
from scrubber.rules.given import administrations, given

CEFTRIAXONE: Final = "J0696"
ANAESTHETICS: Final = frozenset({"J2001", "J2003", "J2004", "S0020"})


@rule(
    code="INJ-B21",
    name="diluent-billed",
    severity=Severity.DENY,
    cites=(
        drug_administration("local anaesthesia is included in an injection"),
        cite(
            "AAPC Primary Care Coding Alert, Rocephin with lidocaine",
            "the lidocaine is not billed beside the antibiotic",
            "https://aapc.com/codes/coding-newsletters/my-primary-care-coding-alert/"
            "pediatric-coding-corner-experts-answer-your-faqs-on-rocephin-with-lidocaine-billing-article",
        ),
    ),
    expected=Expected(status=(), carc=("97",), rarc=("M15", "N390")),
    when=on_claim(*ANAESTHETICS),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Lidocaine or bupivacaine is billed beside ceftriaxone that went into muscle.

    Why: ceftriaxone for the muscle is dissolved in lidocaine so that it hurts less.
    The diluent and any local anaesthetic are part of the injection and are not paid
    beside it; auditors look for the pair. Beside a push or an infusion the anaesthetic
    may have had another purpose, and is left alone. No fix is offered: whether the
    line was a drug of its own only the record tells, and software takes no drug off a claim.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0696*20*UN*4***1
        SV1*HC:J2003*5*UN*20***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0696*20*UN*4***1
    """
    for line in claim.lines:
        if line.code not in ANAESTHETICS:
            continue
        items = given(ctx, line)
        antibiotic = next((one for one in items if one.code == CEFTRIAXONE), None)
        if antibiotic is None or not administrations(ctx, line, "injection"):
            continue
        if administrations(ctx, line, "iv-push", "infusion"):
            continue
        own = (antibiotic.service.line,) if antibiotic.service.own else ()
        yield Hit(
            line.sv1.spot(1, 2),
            f"line {line.number}: {line.code} beside ceftriaxone into muscle is its diluent, part of the "
            "injection: remove the line",
            (line, *own),
            None if own else Severity.ADVISE,
            evidence={"anaesthetic": line.code, "drug": CEFTRIAXONE},
        )
