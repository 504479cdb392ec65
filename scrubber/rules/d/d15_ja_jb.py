"""INJ-D15: JA (into a vein) and JB (under the skin) on drugs given both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, rule
from scrubber.rules.gates import DRUG, on_claim
from scrubber.rules.given import administrations, given
from scrubber.rules.selfgiven import excluded

_ROUTES: Final = frozenset({"JA", "JB"})
_NEEDLE: Final = ("injection", "chemo-injection", "chemo-hormonal", "on-body", "sc-infusion", "prep-admin")
_VEIN: Final = ("iv-push", "infusion", "chemo-push", "chemo-infusion")


@rule(
    code="INJ-D15",
    name="ja-jb",
    severity=Severity.DENY,
    cites=(
        cite(
            "Palmetto A53066, self-administered drug exclusion list",
            "JA or JB on a code with several routes, else denial; read in a summary",
            "https://verity.backworkai.com/policy/A53066",
        ),
        cite(
            "Blue Cross NC, Drug and Biologicals",
            "JA or JB on every drug with more than one route",
            "https://www.bluecrossnc.com/providers/policies-guidelines-codes/commercial/reimbursement/updates/drug-and-biologicals",
        ),
    ),
    expected=Expected(carc=("4", "16"), rarc=("N822", "MA130")),
    when=on_claim(DRUG),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The route modifier must agree with the administration, and stand where the payer wants one.

    Why: Of a drug given both ways Medicare pays the infusion and excludes the
    injection, so it asks which it was. JA beside 96372 alone, or JB beside an
    infusion alone, contradict each other. Which route it was, the record tells:
    neither modifier is ever added here.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3262:JA*900*UN*162***1

    Good:
        SV1*HC:96365*90*UN*1***1
        SV1*HC:J3262:JA*900*UN*400***1
    """
    for line in ctx.drugs:
        said = _ROUTES.intersection(line.modifiers)
        if not line.first_day:
            continue
        if said:
            yield from _against(ctx, line, said)
        else:
            yield from _missing(claim, ctx, line)


def _against(ctx: Context, line: ServiceLine, said: frozenset[str]) -> Iterator[Hit]:
    needle = administrations(ctx, line, *_NEEDLE)
    vein = administrations(ctx, line, *_VEIN)
    others = [one for one in given(ctx, line) if one.injected and "JA" not in one.service.line.modifiers]
    if "JA" in said and any(one.line.code == "96372" for one in needle) and not others:
        clash = "JA says into a vein, but 96372 is the only use of a needle and no other drug was injected"
    elif "JB" in said and vein and not needle:
        clash = "JB says under the skin, but only an infusion or push was billed"
    elif len(said) == 2:
        clash = "JA and JB together"
    else:
        return
    index = next(n for n, modifier in enumerate(line.modifiers) if modifier in said)
    says = f"line {line.number}: {line.code}: {clash}: compare with the route in the record"
    services = tuple(one.line for one in [*needle, *vein] if one.own)
    yield Hit(line.modifier_spot(index), says, (line, *services), evidence={"modifiers": sorted(said)})


def _missing(claim: Claim, ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    habit = ctx.habit("ja_jb", line)
    if habit and habit.value == "all_multiroute":
        row = ctx.find("drugs", line.code, line)
        routes = row["routes"].split(";") if row else []
        if "IV" in routes and {"SC", "IM"}.intersection(routes):
            yield _hit(line, Severity.DENY if habit.decides else Severity.ADVISE)
    elif not habit or habit.value == "sad_list":
        found = excluded(claim, ctx, line)
        if found and found[0]["modifiers"] == "JB":
            evidence = {"contractor": found[0]["mac"], "article": found[0]["article"]}
            yield _hit(line, None, found[1], evidence)


def _hit(
    line: ServiceLine,
    severity: Severity | None,
    rests_on: tuple[Fact, ...] = (),
    evidence: Mapping[str, str] = MappingProxyType({}),
) -> Hit:
    says = f"line {line.number}: {line.code} without JA or JB: state the route, as the record has it"
    return Hit(line.sv1.spot(1), says, (line,), severity, rests_on=rests_on, evidence=evidence)
