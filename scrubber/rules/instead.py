"""The finding of the rules in which the day's only drug is one that 96372 never gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from loops import ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Severity
from scrubber.rule import Hit, fact
from scrubber.rules.given import Given, given, misplaced

Gives = Callable[[Context, ServiceLine], Sequence[Service]]


def instead(ctx: Context, codes: Mapping[str, str], why: str, gives: Gives) -> Iterator[Hit]:
    """One Hit for each day with 96372 and only drugs that are given otherwise.

    `codes`: what gives a drug instead, in words, by column admin of table drugs; `why` goes on
    after "..., which"; `gives` finds the services of the day that give such a drug.
    """
    told = set()
    for injection in ctx.injections:
        if injection.first_day in told:
            continue
        drugs = misplaced(given(ctx, injection), *codes)
        if drugs:
            told.add(injection.first_day)
            yield _hit(injection, drugs, codes, why, gives(ctx, injection))


def _hit(
    injection: ServiceLine,
    drugs: list[Given],
    codes: Mapping[str, str],
    why: str,
    given_by: Sequence[Service],
) -> Hit:
    own = [one for one in drugs if one.service.own]
    drug = (own or drugs)[0]
    cure = f"bill {codes[drug.admin]} in its place"
    if given_by:
        cure = f"{given_by[0].line.code} gives it, so remove 96372, or bill the drug that it gave"
    return Hit(
        injection.sv1.spot(1, 2),
        f"line {injection.number}: 96372 does not give {drug.code}, which {why}: {cure}",
        (injection, *(one.service.line for one in own)),
        None if own else Severity.ADVISE,
        rests_on=(fact(drug.drug, "admin"),) if drug.drug else (),
        evidence={
            "drugs": sorted({one.code for one in drugs}),
            "given_by": sorted({one.line.code for one in given_by}) or drug.admin,
        },
    )
