"""INJ-D13: S codes, and C codes outside surgery centers, on a claim to Medicare Part B."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule

_PRIVATE: Final = re.compile(r"S[0-9]{4}", re.ASCII)
_HOSPITAL: Final = re.compile(r"C9[0-9]{3}", re.ASCII)
_SURGERY_CENTER: Final = "24"  # bills C codes on the professional claim


@rule(
    code="INJ-D13",
    name="drug-code-not-for-medicare",
    severity=Severity.REJECT,
    cites=(
        cite(
            "Noridian A55057, Testopel",
            "S0189 is not for Medicare: J3490 with name and dose",
            "https://www.cms.gov/medicare-coverage-database/view/article.aspx?articleId=55057&ver=8",
        ),
        cite(
            "TRICARE Policy Manual 6010.60-M, ch. 1 s. 12.1",
            "S codes belong to the private sector, C codes to the outpatient prospective payment system",
            "https://manuals.health.mil/pages/DisplayManualHtmlFile/2023-01-06/AsOf/TP15/c1s12_1.html",
        ),
    ),
    expected=Expected(status=("A7:507",), carc=("16", "109"), rarc=("M51",)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Medicare Part B knows no S codes, and takes C codes of drugs from surgery centers only.

    Why: S codes were made for Blue plans and Medicaid; C codes price drugs in
    the hospital outpatient department, C9399 among them. A practitioner bills
    Medicare the J or Q code, or J3490 with name and dose.

    Bad:
        SBR*P*18*******MB
        SV1*HC:11980*90*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:S0189*90*UN*6***1

    Good:
        SBR*P*18*******CI
        SV1*HC:11980*90*UN*1***1
        SV1*HC:96372*30*UN*1***1
        SV1*HC:S0189*90*UN*6***1
    """
    if not ctx.medicare:
        return
    for line in claim.lines:
        kind = _kind(line)
        if kind:
            says = f"line {line.number}: {line.code} to Medicare: {kind}; bill the J or Q code, or J3490"
            yield Hit(line.sv1.spot(1, 2), says, (line,))


def _kind(line: ServiceLine) -> str:
    if _PRIVATE.fullmatch(line.code):
        return "S codes are for other payers"
    if _HOSPITAL.fullmatch(line.code) and line.place_of_service != _SURGERY_CENTER:
        return "C codes are for hospitals and surgery centers"
    return ""
