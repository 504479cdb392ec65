"""INJ-D11: an unlisted drug says in words what was given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Fact, Hit, cite, fact, rule
from scrubber.rules.gates import on_claim, rows

_SHORTEST: Final = 5
_EMPTY_WORDS: Final = frozenset(
    [
        "UNCLASSIFIED",
        "UNLISTED",
        "UNSPECIFIED",
        "CLASSIFIED",
        "SPECIFIED",
        "OTHERWISE",
        "NOT",
        "OTHER",
        "ELSEWHERE",
        "NOC",
        "NOS",
        "NEC",
        "MISC",
        "MISCELLANEOUS",
        "DRUG",
        "DRUGS",
        "BIOLOGIC",
        "BIOLOGICS",
        "BIOLOGICAL",
        "BIOLOGICALS",
        "MEDICATION",
        "MEDICATIONS",
        "INJECTION",
        "INJECTIONS",
        "INJ",
        "INJECTABLE",
        "COMPOUND",
        "COMPOUNDED",
        "ANTINEOPLASTIC",
        "ANTINEOPLASTICS",
        "AND",
        "NONE",
        "UNKNOWN",
        "SEE",
        "NOTE",
        "NOTES",
        "ATTACHED",
        "DOSE",
        "NDC",
    ]
)
_WORD: Final = re.compile(r"[A-Z]{3,}")
_PRESENT: Final = {
    "dose": re.compile(r"\d\s*(?:MG|MCG|UG|GM|G|ML|CC|MEQ|MMOL|UNITS?|IU|U)\b"),
    "strength": re.compile(r"\d\s*(?:MG|MCG|UG|GM|G|UNITS?|IU|U|%)"),
    "route": re.compile(
        r"\b(?:IM|SC|SQ|SUBQ|SUBCUT\w*|IV|ID|IT|INTRA\w+|INFILTRAT\w*|IMPLANT\w*|ORAL|PO|TOPICAL)\b"
    ),
    "ndc": re.compile(r"\d{4,5}-?\d{3,4}-?\d{1,2}"),
    "price": re.compile(r"\$|\d\.\d\d\b|\bINV"),
}
_PER_ML: Final = re.compile(r"MG\s*/\s*ML")


@rule(
    code="INJ-D11",
    name="unlisted-drug-text",
    severity=Severity.DENY,
    cites=(
        cite(
            "NGS Medicare, Proper Billing for Patient Supplied Drugs",
            "name, dose and invoice price of an unlisted drug in SV101-7; rev. 2023-04-10",
            "https://ngsmedicare.com/web/ngs/search-details?selectedArticleId=3999440",
        ),
        cite(
            "Palmetto GBA, NOC drug codes",
            "SV101-7 blank rejects; name, total dose, NDC; no mg/mL",
            "https://www.palmettogba.com/palmetto/jjb.nsf/DID/AW8MMP6652",
        ),
        cite(
            "First Coast, unlisted drugs",
            "description and dosage in the narrative",
            "https://medicare.fcso.com/Claim_submission_guidelines/0489004.asp",
        ),
        cite(
            "CMS MLN SE1138, as told by ASA",
            "837 edit on descriptions of unlisted codes",
            "https://www.asahq.org",
            checked_on=None,
        ),
    ),
    expected=Expected(status=("A8:306",), carc=("16",), rarc=("N350", "M123")),
    when=on_claim(*rows("noc_codes", "code", "")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A code for drugs without code of their own needs name and dose in SV101-7, and one unit.

    Why: J3490 and its like tell the payer nothing; Medicare's front end refuses
    an empty SV101-7, others send the line back. Name, total dose with its unit,
    route and NDC within 80 characters suits all payers that were read.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3490:::::UNCLASSIFIED DRUGS*90*UN*1***1

    Good:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3490:::::TESTDRUGUMAB 10 MG SC NDC 99999-0010-01*90*UN*1***1
    """
    for line in claim.lines:
        row = ctx.find("noc_codes", line.code, line) if is_drug(line.code) else None
        if row is not None:
            yield from _text(line, ctx, fact(row))
            yield from _units(line, ctx, fact(row))


def _text(line: ServiceLine, ctx: Context, noc: Fact) -> Iterator[Hit]:
    habit = ctx.habit("noc_where", line)
    where = habit.value if habit else "sv101_7"
    note = " ".join(segment.text(2) for segment in line.all("NTE", "ADD"))
    texts = {"SV101-7": line.description, "2400 NTE*ADD": note}
    if where != "both":
        texts.pop("2400 NTE*ADD" if where == "sv101_7" else "SV101-7")
    at = line.sv1.spot(1, 7)
    for place, text in texts.items():
        fault = _nothing_said(text.upper(), line.code)
        if fault:
            says = f"line {line.number}: {place} of {line.code} {fault}: write name, dose, route and NDC"
            severity = Severity.REJECT if ctx.medicare else None
            yield Hit(at, says, (line,), severity, rests_on=(noc,), evidence={"place": place})
            return
    yield from _lacks(line, ctx, " ".join(texts.values()).upper(), noc)


def _nothing_said(text: str, code: str) -> str:
    if not text.strip():
        return "is empty"
    if len(text.strip()) < _SHORTEST:
        return "is too short to name a drug"
    named = any(word not in _EMPTY_WORDS for word in _WORD.findall(text.replace(code, "")))
    return "" if named else "does not name a drug"


def _lacks(line: ServiceLine, ctx: Context, text: str, noc: Fact) -> Iterator[Hit]:
    habit = ctx.habit("noc_fields", line)
    wanted = habit.value.split() if habit else ["dose"]
    lacking = [word for word in wanted if word in _PRESENT and not _PRESENT[word].search(text)]
    if "ndc" in lacking and line.drug and line.drug.ndc:
        lacking.remove("ndc")
    if "no_mg_per_ml" in wanted and _PER_ML.search(text):
        lacking.append("a total dose in place of mg/mL")
    if lacking:
        severity = Severity.DENY if habit and habit.decides else Severity.ADVISE
        says = f"line {line.number}: the text of {line.code} lacks {' and '.join(lacking)}: complete SV101-7"
        yield Hit(line.sv1.spot(1, 7), says, (line,), severity, rests_on=(noc,), evidence={"lacks": lacking})


def _units(line: ServiceLine, ctx: Context, noc: Fact) -> Iterator[Hit]:
    habit = ctx.habit("noc_units", line)
    if line.units is None or line.units == 1 or (habit and habit.value == "any"):
        return
    severity = Severity.DENY if habit and habit.decides else Severity.ADVISE
    says = (
        f"line {line.number}: {line.units:f} units of {line.code}: an unlisted drug is one unit, "
        "the dose stands in SV101-7"
    )
    yield Hit(line.sv1.spot(4), says, (line,), severity, rests_on=(noc,), evidence={"units": str(line.units)})
