"""INJ-B08: 96401 or 96402 for a drug that takes 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import on_claim, rows
from scrubber.rules.given import Given, given
from scrubber.rules.lists import listed

KINDS: Final = ("chemo-injection", "chemo-hormonal-injection")
CHEMOTHERAPY: Final = ("antineoplastic", "antineoplastic-grey", "hormonal", "hormonal-by-dx", "undecided")
PLAIN: Final = ("none", "esa", "esa-dialysis")  # no antineoplastic, no monoclonal antibody
# The list that other contractors and payers are measured by: worth a look there, no more.
KNOWN_LIST: Final = "ngs-a58620"


@rule(
    code="INJ-B08",
    name="listed-drug-under-chemotherapy",
    severity=Severity.DENY,
    cites=(
        cite(
            "NGS A58620, complex drug administration coding",
            "from 2021-05-01: these drugs under the skin or into the muscle take 96372",
            "https://ngsmedicare.com/web/ngs/search-details?selectedArticleId=3064632",
        ),
        cite(
            "Noridian, chemotherapy and nonchemotherapy bundling",
            "after CR 13468 and the manual change of 2025-01-02 the name of the drug alone does not decide",
            "https://med.noridianmedicare.com/es/web/jfb/topics/drugs-biologicals-injections/"
            "chemotherapy-and-nonchemotherapy-bundling-and-unbundling-of-services-and-supplies",
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("N56", "M51")),
    when=on_claim(*rows("admin_codes", "kind", *KINDS)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A chemotherapy injection code stands beside a drug that a payer's list keeps to 96372.

    Why: 96401 and 96402 pay more than 96372 and are for antineoplastic drugs and
    certain monoclonal antibodies. NGS listed drugs for which it takes only 96372 and
    recouped the rest, until CMS told the contractors (from 2023-12-21) that several factors
    decide; since then, and where no list is known to apply, the record must show why.
    Commercial payers differ: a profile names the list that one follows. A drug that is neither
    antineoplastic nor an antibody is worth a look anywhere.

    Bad:
        SBR*P*18*******MB
        SV1*HC:96401*90*UN*1***1
        SV1*HC:J0897*1500*UN*60***1

    Good:
        SBR*P*18*******MB
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J0897*1500*UN*60***1
    """
    for line in claim.lines:
        row = ctx.find("admin_codes", line.code, line)
        if row is None or row["kind"] not in KINDS:
            continue
        drugs = [one for one in given(ctx, line) if not one.vaccine and not one.swallowed]
        if drugs and not any(_may_be_chemotherapy(one) for one in drugs):
            yield from _judged(claim, ctx, line, drugs)


def _may_be_chemotherapy(one: Given) -> bool:
    drug = one.drug
    if drug is None or drug["noc"] == "yes":
        return True
    return drug["class"] in CHEMOTHERAPY or one.admin in ("96401", "96402", "varies")


def _judged(claim: Claim, ctx: Context, line: ServiceLine, drugs: list[Given]) -> Iterator[Hit]:
    for one in drugs:
        found = listed(claim, ctx, one.code, line)
        if found:
            row, facts = found
            binding = row["strength"] == "deny"
            says = f"{row['payer']} ({row['article']}) keeps it to 96372"
            if not binding:
                says = f"{row['payer']} ({row['article']}) kept it to 96372: the record must show why more"
            severity = Severity.DENY if binding and one.service.own else Severity.ADVISE
            yield _hit(line, one, severity, says, facts)
            return
    for one in drugs:
        general = ctx.find("mac_lists", (KNOWN_LIST, one.code), line)
        if general is not None:
            says = "contractors have kept it to 96372: the record must show why more"
            yield _hit(line, one, Severity.ADVISE, says, (fact(general),))
            return
    plain = [one for one in drugs if one.drug and one.drug["class"] in PLAIN and one.admin == "96372"]
    if len(plain) == len(drugs):
        says = "it is neither antineoplastic nor an antibody: bill 96372"
        yield _hit(line, plain[0], Severity.ADVISE, says, tuple(fact(one.drug) for one in plain if one.drug))


def _hit(line: ServiceLine, one: Given, severity: Severity, says: str, rests_on: tuple[Fact, ...]) -> Hit:
    return Hit(
        line.sv1.spot(1, 2),
        f"line {line.number}: {line.code} for {one.code}: {says}",
        (line, one.service.line) if one.service.own else (line,),
        severity,
        rests_on=rests_on,
        evidence={"drug": one.code},
    )
