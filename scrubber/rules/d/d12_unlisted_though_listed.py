"""INJ-D12: an unlisted code for a drug that has one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from loops import Claim, ServiceLine
from loops.values import padded_ndc
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import on_claim, rows
from scrubber.tables import CONFIDENCES, Table

_KINDS: Final = frozenset({"drug", "biologic", "antineoplastic", "opps-only"})
_WORD: Final = re.compile(r"[a-z]{4,}")
_ASIDE: Final = re.compile(r"\([^)]*\)")
_LONG: Final = 6  # a name needs a word of so many letters: short ones mean too much


@rule(
    code="INJ-D12",
    name="unlisted-though-listed",
    severity=Severity.DENY,
    cites=(
        cite(
            "First Coast, unlisted drugs",
            "a claim may be rejected when the drug has a code of its own",
            "https://medicare.fcso.com/Claim_submission_guidelines/0489004.asp",
        ),
    ),
    expected=Expected(carc=("189", "16"), rarc=("M51", "N56")),
    when=on_claim(*rows("noc_codes", "code", "")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """J3490 and its like are for drugs without a code: one that has a code is billed with it.

    Why: Medicare contractors and Blue plans send the line back, for they cannot
    price it. Found by the NDC in the crosswalk of CMS, or by the name in SV101-7.
    The coder changes code and units together: the unlisted unit was the whole
    dose. So no fix is offered: software writes no drug code and no units. Some payers
    want the unlisted code all the same: the profile says so.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3490:::::CYANOCOBALAMIN 1000 MCG IM*12*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*12*UN*1***1
    """
    for line in claim.lines:
        noc = ctx.find("noc_codes", line.code, line) if is_drug(line.code) else None
        if noc is None or noc["kind"] not in _KINDS:
            continue
        habit = ctx.habit("noc_claims", line)
        if habit and habit.value == "paper_only":
            says = f"line {line.number}: this payer takes {line.code} on paper only"
            severity = Severity.DENY if habit.decides else Severity.ADVISE
            yield Hit(line.sv1.spot(1, 2), says, (line,), severity)
        elif not habit or habit.value == "unlisted_only":
            yield from _listed(ctx, line)


def _listed(ctx: Context, line: ServiceLine) -> Iterator[Hit]:
    named = _by_ndc(ctx, line) or _by_name(ctx, line)
    codes = sorted({code for drug in named for code in drug})
    if codes and line.code not in codes:
        says = (
            f"line {line.number}: {line.code} for a drug that has a code, {' or '.join(codes)}: "
            "bill that one, with units for the dose given"
        )
        severity = None if len(named) == 1 else Severity.ADVISE  # several drugs: perhaps mixed
        best = min((one for drug in named for one in drug.values()), key=_weakness)
        evidence = {"codes": codes}
        yield Hit(line.sv1.spot(1, 2), says, (line,), severity, rests_on=(best,), evidence=evidence)


def _weakness(one: Fact) -> int:
    return CONFIDENCES.index(one.confidence)


def _by_ndc(ctx: Context, line: ServiceLine) -> list[dict[str, Fact]]:
    if line.drug is None or line.first_day is None:
        return []
    ndc = padded_ndc(line.drug.ndc) or line.drug.ndc
    rows = ctx.table("ndc_hcpcs").rows(ndc, on=line.first_day)
    return [{row["hcpcs"]: fact(row) for row in rows}] if rows else []


def _by_name(ctx: Context, line: ServiceLine) -> list[dict[str, Fact]]:
    """The drugs whose names stand in SV101-7, each with its codes; of names in each other the longest."""
    text = line.description.lower()
    if "compound" in text:
        return []
    said = set(_WORD.findall(text))
    found: dict[frozenset[str], dict[str, Fact]] = {}
    for words, code in _names(ctx.table("drugs")):
        row = ctx.find("drugs", code, line) if words <= said else None
        if row is not None:
            found.setdefault(words, {})[code] = Fact(row, row["date_confidence"])
    return [found[words] for words in found if not any(words < other for other in found)]


@lru_cache(maxsize=4)
def _names(drugs: Table) -> tuple[tuple[frozenset[str], str], ...]:
    """The words of each drug's name, without what stands in brackets."""
    named = {}
    for row in drugs.rows():
        words = frozenset(_WORD.findall(_ASIDE.sub(" ", row["name"].lower())))
        if row["noc"] != "yes" and any(len(word) >= _LONG for word in words):
            named[row["code"]] = words
    return tuple((words, code) for code, words in named.items())
