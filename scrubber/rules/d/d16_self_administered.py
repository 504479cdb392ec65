"""INJ-D16: a drug that Medicare leaves to the patient's own hand."""

from __future__ import annotations

from collections.abc import Iterator

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Outcome, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import DRUG, on_claim
from scrubber.rules.selfgiven import excluded
from scrubber.tables import Row


@rule(
    code="INJ-D16",
    name="self-administered-drug",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS A53020, self-administered drugs (100-02 ch. 15 s. 50.2)",
            "drugs that more than half of the patients inject themselves are excluded",
            "https://cms.gov/medicare-coverage-database/details/article-details.aspx?articleId=53020",
        ),
        cite(
            "CMS Medicare coverage database, self-administered drug exclusion lists",
            "A53021 A52800 A52527 A53032 A53033 A53127 A52571 A53066, by contractor",
            "https://www.cms.gov/medicare-coverage-database/search.aspx",
            checked_on=None,
        ),
    ),
    expected=Expected(carc=("96", "204"), rarc=("N425",)),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The Medicare contractor lists the drug as self-administered: drug and injection both deny.

    Why: Part B excludes a drug that more than half of the patients inject
    themselves; each contractor keeps its own list. Into a muscle or vein it is
    presumed not so. The contractor is told from the state of the billing
    provider. The exclusion is by statute: no notice to the patient is needed; GY
    says that the denial is wanted.

    Bad:
        SBR*P*18*******MB
        N4*COLUMBUS*OH*432150001
        SV1*HC:96372*30*UN*1***1
        DTP*472*D8*20260701
        SV1*HC:J1438*900*UN*2***1
        DTP*472*D8*20260701

    Good:
        SBR*P*18*******MB
        N4*COLUMBUS*OH*432150001
        SV1*HC:96372*30*UN*1***1
        DTP*472*D8*20260701
        SV1*HC:J3420*5*UN*1***1
        DTP*472*D8*20260701
    """
    for line in ctx.drugs:
        found = excluded(claim, ctx, line)
        if found is None or not _meant(line, found[0]):
            continue
        row, rests = found
        evidence = {"contractor": row["mac"], "article": row["article"], "route": row["route"]}
        injections = [one for one in ctx.injections if one.first_day == line.first_day]
        at, lines = line.sv1.spot(1, 2), (line, *injections)
        if "GY" in line.modifiers:
            says = f"line {line.number}: {line.code} is excluded (self-administered), and GY asks for it"
            yield Hit(at, says, lines, outcome=Outcome.BYPASSED, rests_on=rests, evidence=evidence)
        else:
            says = (
                f"line {line.number}: {line.code} is on the self-administered list of {row['mac']} "
                f"({row['article']}): not covered, nor its injection; bill the patient's drug plan"
            )
            yield Hit(at, says, lines, rests_on=rests, evidence=evidence)


def _meant(line: ServiceLine, row: Row) -> bool:
    """Whether the row excludes this line: its route, and for an unlisted code its product."""
    if "JA" in line.modifiers or (row["modifiers"] == "JB" and "JB" not in line.modifiers):
        return False
    text = line.description.lower()
    products = [name.split()[0] for name in row["product"].lower().split(";") if name.strip()]
    return not products or any(name in text for name in products)
