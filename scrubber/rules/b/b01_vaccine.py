"""INJ-B01: a vaccine under 96372."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, fact, rule
from scrubber.rules.edits import billed_as
from scrubber.rules.gates import INJECTED
from scrubber.rules.given import Given, administrations, age, given

ADULT: Final = 19  # below, 90460 or 90471 depends on counselling
COVID_ADMINISTRATION_FROM: Final = date(2023, 11, 1)  # 90480 in place of the codes by product and dose
MEDICARE: Final = {"influenza": "G0008", "pneumococcal": "G0009", "hepatitis-b": "G0010"}
NOT_BY_NEEDLE: Final = frozenset({"oral", "intranasal", "intravesical", "percutaneous"})
UNDETERMINED: Final = frozenset({"90749", "90476", "90477"})  # unlisted; adenovirus vaccines are swallowed
NO_SUGGESTION: Final = frozenset({"medicare", "medicare-advantage", "unknown"})
VACCINE_ENCOUNTER: Final = "Z23"


@rule(
    code="INJ-B01",
    name="vaccine-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "Coding Ahead, 96372",
            "vaccines and toxoids take 90460 to 90474, not 96372",
            "https://webhooks.codingahead.com/cpt/codes/96372",
        ),
        cite(
            "CMS, HCPCS Level II, July 2024, read in a public copy",
            "G0008, G0009, G0010: administration of influenza, pneumococcal and hepatitis B vaccine",
            "https://github.com/andrewallenbruce/northstar",
        ),
    ),
    expected=Expected(status=("A7:454",), carc=("97", "236", "4", "272"), rarc=("N56", "M51")),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A vaccine or toxoid is on the day of 96372 and no drug that 96372 would give.

    Why: a vaccine is given by 90460, 90471 to 90474, 90480 (COVID-19) or, for
    Medicare, G0008 (influenza), G0009 (pneumococcal) or G0010 (hepatitis B); 96372 is for
    therapeutic drugs. Immune globulins and antibodies are drugs in this
    sense. Where a drug explains 96372 and the vaccine has no administration, it is
    probably missing; where 96372 points at Z23 without a vaccine, one of the two is wrong.

    Bad:
        SV1*HC:90715*60*UN*1***1
        SV1*HC:96372*30*UN*1***1

    Good:
        SV1*HC:90715*60*UN*1***1
        SV1*HC:90471*30*UN*1***1
    """
    told = set()
    for injection in ctx.injections:
        items = given(ctx, injection)
        vaccines = [one for one in items if one.vaccine]
        drugs = [one for one in items if one.injected]
        if not vaccines:
            yield from _encounter(claim, injection)
        elif not drugs:
            yield _wrong(claim, ctx, injection, vaccines, alone=len(vaccines) == len(items))
        elif injection.first_day not in told:
            told.add(injection.first_day)
            yield from _unadministered(ctx, injection, vaccines, drugs)


def _wrong(
    claim: Claim, ctx: Context, injection: ServiceLine, vaccines: Sequence[Given], *, alone: bool
) -> Hit:
    others = administrations(ctx, injection, "vaccine-admin")
    own = [one for one in vaccines if one.service.own]
    code = None if others or not alone or len(own) < len(vaccines) else _only_code(claim, ctx, injection, own)
    fix = billed_as(injection, code) if code and len(ctx.injections) == 1 else None
    codes = sorted({one.code for one in vaccines})
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 does not give a vaccine ({', '.join(codes)}), and nothing else "
        "that it gives is on the day: " + (f"bill {code}" if code else _cure(claim, ctx, injection, others)),
        (injection, *(one.service.line for one in own)),
        None if own else Severity.ADVISE,
        rests_on=tuple(fact(one.product) for one in vaccines if one.product and not one.in_vaccine_section),
        evidence={"vaccines": codes, "administrations": sorted({one.line.code for one in others})},
        fix=fix,
    )


def _cure(claim: Claim, ctx: Context, injection: ServiceLine, others: Sequence[Service]) -> str:
    if others:
        return (
            f"{others[0].line.code} is there for the vaccine, so remove 96372, or bill the drug it gave; "
            "a further vaccine takes 90472"
        )
    years = age(claim, injection)
    if ctx.medicare:
        return "bill G0008, G0009 or G0010 for influenza, pneumococcal or hepatitis B vaccine, else 90471"
    if years is not None and years >= ADULT:
        return "bill 90471, and 90472 for each further vaccine (90473, 90474 when not by needle)"
    return "bill 90460 with counselling by the practitioner, else 90471"


def _only_code(claim: Claim, ctx: Context, injection: ServiceLine, vaccines: Sequence[Given]) -> str | None:
    if len(vaccines) != 1 or vaccines[0].code in UNDETERMINED:
        return None
    product = vaccines[0].product
    day = injection.first_day
    if product is None or day is None or NOT_BY_NEEDLE & set(product["routes"].split(";")):
        return None
    if product["target"] == "covid-19":
        return "90480" if day >= COVID_ADMINISTRATION_FROM else None
    if ctx.medicare:
        return MEDICARE.get(product["target"])
    years = age(claim, injection)
    adult = years is not None and years >= ADULT
    return (
        "90471"
        if adult and ctx.payer_class not in NO_SUGGESTION and vaccines[0].service.line.units == 1
        else None
    )


def _encounter(claim: Claim, injection: ServiceLine) -> Iterator[Hit]:
    for dx in claim.pointed(injection):
        if dx.code.upper() == VACCINE_ENCOUNTER:
            yield Hit(
                dx.spot,
                f"line {injection.number}: 96372 points at Z23 (vaccination) but no vaccine is on the day: "
                "point at the reason for the drug, or bill vaccine and administration",
                (injection,),
                Severity.ADVISE,
                evidence={"dx": VACCINE_ENCOUNTER},
            )
            return


def _unadministered(
    ctx: Context, injection: ServiceLine, vaccines: Sequence[Given], drugs: Sequence[Given]
) -> Iterator[Hit]:
    line = next((one.service.line for one in vaccines if one.service.own), None)
    if line is None or administrations(ctx, injection, "vaccine-admin"):
        return
    yield Hit(
        line.sv1.spot(1, 2),
        f"line {line.number}: vaccine {line.code} without an administration code, as 96372 may belong to "
        f"{drugs[0].code}: add the administration of the vaccine if it was given here",
        (line, injection),
        Severity.ADVISE,
        evidence={"vaccine": line.code, "drugs": sorted({one.code for one in drugs})},
    )
