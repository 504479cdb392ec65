"""INJ-B20: an injection of an opioid treatment program at Medicare."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import given

PLACE: Final = "58"
BENEFIT_FROM: Final = date(2020, 1, 1)
NALTREXONE: Final = "G2073"
BUPRENORPHINE: Final = "G2069"
BUNDLES: Final = {
    "J2315": NALTREXONE,
    "Q9991": BUPRENORPHINE,
    "Q9992": BUPRENORPHINE,
    "J0577": BUPRENORPHINE,
    "J0578": BUPRENORPHINE,
}


@rule(
    code="INJ-B20",
    name="opioid-program-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "NGS, opioid treatment program services",
            "the weekly codes G2067 to G2075 include the drug and giving it",
            "https://ngsmedicare.com/web/ngs/opiod-treatment?selectedArticleId=2251313",
        ),
        cite(
            "CMS, opioid treatment programs: billing and payment",
            "place 58, a bundle a week, from 2020-01-01",
            "https://cms.gov/medicare/medicare-fee-for-service-payment/opioid-treatment-program/billing-payment",
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("M15", "N56")),
    when=INJECTED.beside(*BUNDLES),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """At place 58 Medicare pays naltrexone and buprenorphine with their injection in a weekly bundle.

    Why: an opioid treatment program bills Medicare by the week (G2067 to G2080; G2073 with depot
    naltrexone, G2069 with depot buprenorphine); drug and administration are in it and are not
    paid beside it. A physician's office is not place 58 and bills 96372. Medicare Advantage
    plans follow as a rule, so it is worth a look; Medicaid programs have rules of their own.

    Bad:
        SBR*P*18*******MB
        CLM*C****58:B:1*Y*A*Y*Y
        HI*ABK:F1120
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1500*UN*380***1

    Good:
        SBR*P*18*******MB
        HI*ABK:F1120
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J2315*1500*UN*380***1
    """
    if ctx.payer_class not in ("medicare", "medicare-advantage"):
        return
    for injection in ctx.injections:
        day = injection.first_day
        if injection.place_of_service != PLACE or day is None or day < BENEFIT_FROM:
            continue
        drugs = [one for one in given(ctx, injection) if one.code in BUNDLES]
        if not drugs:
            continue
        own = [one for one in drugs if one.service.own]
        drug = (own or drugs)[0]
        yield Hit(
            injection.sv1.spot(1, 2),
            f"line {injection.number}: at place 58 the weekly code {BUNDLES[drug.code]} includes {drug.code} "
            "and its injection: bill the bundle, or correct the place",
            (injection, *(one.service.line for one in own)),
            None if ctx.medicare and own else Severity.ADVISE,
            evidence={"drug": drug.code, "bundle": BUNDLES[drug.code]},
        )
