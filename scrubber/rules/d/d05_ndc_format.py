"""INJ-D05: an NDC is eleven digits after the qualifier N4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from loops import Claim, Drug, ServiceLine
from loops.values import padded_ndc
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Edit, Expected, Fix, Safety, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import NDC, on_claim
from scrubber.tables import NoData, Table

_ELEVEN: Final = re.compile(r"[0-9]{11}", re.ASCII)
_NO_DRUG: Final = ("EN", "EO", "HI", "ON", "UK", "UP")  # bar codes of things that are no drugs


@rule(
    code="INJ-D05",
    name="ndc-format",
    severity=Severity.REJECT,
    cites=(
        cite(
            "X12 RFI 2151",
            "loop 2410: LIN02 N4, LIN03 the NDC, CTP04 how much, CTP05-1 unit",
            "https://x12.org",
            checked_on=None,
        ),
        cite(
            "TMHP, National Drug Code",
            "eleven digits, 5-4-2, no hyphens",
            "https://support.interfaceedi.net/Home/version-2-3/user-manual23/national-drug-code",
        ),
    ),
    expected=Expected(status=("A7:218",), carc=("16",), rarc=("M119",)),
    when=on_claim(NDC),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """LIN03 holds the NDC of the package as eleven digits, in the form 5-4-2 without hyphens.

    Why: A label prints ten digits with hyphens. The hyphens tell which part is
    short, so that part can be filled with a zero. Ten digits without hyphens
    can be three different products: only the label tells which. Some payers
    want the NDC of the outer package, others that of the vial in it; neither is
    ever written for the other here, the package has to be looked at.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        LIN**N4*0143-9619-01
        CTP****1*ML

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
        LIN**N4*00143961901
        CTP****1*ML
    """
    for line in claim.lines:
        if line.drug:
            yield from _judge(line, line.drug)
            yield from _package(ctx, line, line.drug)


def _judge(line: ServiceLine, drug: Drug) -> Iterator[Hit]:
    if drug.qualifier != "N4":
        if drug.qualifier not in _NO_DRUG or is_drug(line.code):
            says = f"line {line.number}: LIN02 is not N4: send the NDC of the package with N4"
            yield Hit(drug.lin.spot(2), says, (line,), evidence={"qualifier": drug.qualifier})
        return
    fault = _fault(drug.ndc)
    if fault:
        says = f"line {line.number}: the NDC of {line.code} (LIN03) {fault}"
        yield Hit(drug.lin.spot(3), says, (line,), evidence={"ndc": drug.ndc}, fix=_fix(drug))


def _package(ctx: Context, line: ServiceLine, drug: Drug) -> Iterator[Hit]:
    habit = ctx.habit("ndc_package", line)
    if habit is None or habit.value == "either" or not _ELEVEN.fullmatch(drug.ndc):
        return
    table = ctx.table("ndc_hcpcs")
    packed = _several(table, drug.ndc, line.first_day)
    if habit.value == "vial":
        wrong, wanted = packed, "the vial inside"
    else:
        others = (f"{drug.ndc[:9]}{package:02}" for package in range(100))
        wrong = packed is False and any(_several(table, other, line.first_day) for other in others)
        wanted = "the outer package"
    if wrong:
        says = (
            f"line {line.number}: the NDC of {line.code} (LIN03) is of "
            f"{'a package of several' if packed else 'one container'}; "
            f"this payer wants that of {wanted}: copy it from there"
        )
        severity = Severity.DENY if habit.decides else Severity.ADVISE
        yield Hit(drug.lin.spot(3), says, (line,), severity, evidence={"ndc_package": habit.value})


def _several(table: Table, ndc: str, on: date | None) -> bool | None:
    """Whether an NDC is of a package of several containers; None when the table does not know it that day."""
    if on is None or isinstance(table.covers(on), NoData):
        return None
    known = [row["containers"] for row in table.rows(ndc, on=on)]
    return any(count not in ("", "1") for count in known) if known else None


def _fault(ndc: str) -> str:
    if not ndc:
        return "is missing: copy it from the package"
    if _ELEVEN.fullmatch(ndc):
        return "is all zeros: copy it from the package" if ndc == "0" * 11 else ""
    padded = _padded(ndc)
    if padded:
        return f"is not eleven digits: write {padded}"
    if len(ndc) == 10 and ndc.isdigit():
        return "has ten digits and no hyphens: see on the package which part lacks a digit"
    return "is not eleven digits: copy it from the package"


def _padded(ndc: str) -> str | None:
    """The eleven digits, where hyphens or blanks tell the parts apart."""
    return padded_ndc("-".join(ndc.replace("-", " ").split()))


def _fix(drug: Drug) -> Fix | None:
    padded = _padded(drug.ndc)
    if not padded or padded == "0" * 11:
        return None
    spot = drug.lin.spot(3)
    edit = Edit(spot.start, spot.end, drug.ndc.encode("latin-1"), padded.encode("ascii"))
    return Fix(Safety.FORMAT, "write the NDC as eleven digits", (edit,))
