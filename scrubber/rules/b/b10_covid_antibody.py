"""INJ-B10: a COVID-19 antibody under 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.edits import billed_as
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import Given, administrations, given

HOME: Final = "12"
OFFICE: Final = frozenset({"11", "20", "49", "50", "71", "72"})
# Administration of each product: elsewhere, and in the patient's home.
CODES: Final = {
    "Q0220": ("M0220", "M0221"),
    "Q0221": ("M0220", "M0221"),
    "Q0222": ("M0222", "M0223"),
    "Q0224": ("M0224", "M0224"),
    "Q0240": ("M0240", "M0241"),
    "Q0243": ("M0243", "M0244"),
    "Q0244": ("M0243", "M0244"),
    "Q0245": ("M0245", "M0246"),
    "Q0247": ("M0247", "M0248"),
}


@rule(
    code="INJ-B10",
    name="covid-antibody-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS, COVID-19 monoclonal antibodies",
            "each product has an administration code, with another one for the home",
            "https://www.cms.gov/monoclonal",
            checked_on=None,
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("N56",)),
    when=INJECTED.beside(*CODES),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A COVID-19 antibody has its own administration code (M02xx), not 96372.

    Why: the antibodies of the emergency (2020 to 2023) and those after them were given
    by codes of their own: M0220 or M0221 (home) for tixagevimab with cilgavimab, M0240, M0241, M0243,
    M0244 for casirivimab with imdevimab, and so on. 96372 for them is denied.

    Bad:
        SV1*HC:96372*30*UN*1***1
        DTP*472*D8*20220601
        SV1*HC:Q0221*0.01*UN*1***1
        DTP*472*D8*20220601

    Good:
        SV1*HC:M0220*150*UN*1***1
        DTP*472*D8*20220601
        SV1*HC:Q0221*0.01*UN*1***1
        DTP*472*D8*20220601
    """
    told = set()
    for injection in ctx.injections:
        if injection.first_day in told:
            continue
        items = given(ctx, injection)
        products = [one for one in items if one.drug and one.code in CODES]
        if not products:
            continue
        told.add(injection.first_day)
        explained = any(one.injected for one in items)
        own_code = bool(administrations(ctx, injection, "covid-mab-admin"))
        if not (explained and own_code):
            yield _hit(ctx, injection, products, explained=explained, own_code=own_code)


def _hit(
    ctx: Context, injection: ServiceLine, products: list[Given], *, explained: bool, own_code: bool
) -> Hit:
    own = [one for one in products if one.service.own]
    product = (own or products)[0]
    elsewhere, home = CODES[product.code]
    code = home if injection.place_of_service == HOME else elsewhere
    row = ctx.find("admin_codes", code, injection)
    cure = f"bill {code} " + ("as well" if explained else "in its place")
    if own_code:
        cure = "it has its code, so remove 96372, or bill the drug that 96372 gave"
    sure = bool(own) and not explained
    placed = injection.place_of_service in OFFICE or injection.place_of_service == HOME
    alone = len(ctx.injections) == len(products) == 1 and not own_code
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 does not give {product.code}, a COVID-19 antibody: {cure}",
        (injection, *(one.service.line for one in own)),
        None if sure else Severity.ADVISE,
        rests_on=(fact(row),) if row else (),
        evidence={"product": product.code, "code": code, "other_drug": explained, "has_own_code": own_code},
        fix=billed_as(injection, code) if sure and row and placed and alone else None,
    )
