"""INJ-C04: a note tells who the patient is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loops import Claim, Segment, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import guide
from scrubber.rules.gates import INJECTED

_SOCIAL_SECURITY: Final = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)", re.ASCII)
_Note = tuple[Segment, int, int, ServiceLine | None]
_NAMES: Final = ("IL", "QC")
_SHORT: Final = 3  # a shorter name is too often a word
_ID: Final = 6


@rule(
    code="INJ-C04",
    name="person-in-a-note",
    severity=Severity.ADVISE,
    cites=(
        guide("2300 and 2400 NTE, 2400 SV101-7: free text of 80 characters"),
        cite(
            "45 CFR 164.502(b), at Bricker Graydon",
            "no more about a person than the purpose needs",
            "https://www.brickergraydon.com/insights/resources/key/hipaa-privacy-regulations-general-rules-for-uses-"
            "and-disclosures-of-protected-health-information-minimum-necessary-164-502-b",
        ),
    ),
    expected=Expected(status=("A7:586",)),
    when=INJECTED,
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """A note of the claim or of a line (NTE, SV101-7) holds the patient's name, number or date of birth.

    Why: notes are read, printed and passed on where nobody expects a person in them; the claim has
    elements of its own for all of that. Take it out at the source: a note is never changed here,
    and none is ever written for you.

    Bad:
        NTE*ADD*DOE CAME FOR HER MONTHLY DOSE
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        NTE*ADD*MONTHLY DOSE
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    notes: list[_Note] = [(one, 2, 0, None) for one in claim.segments if one.id == "NTE"]
    notes += [(one, 2, 0, line) for line in claim.lines for one in line.segments if one.id == "NTE"]
    notes += [(line.sv1, 1, 7, line) for line in claim.lines if line.description]
    if not notes or not ctx.injections:
        return
    marks = _marks(claim)
    for segment, element, component, line in notes:
        text = segment.text(element, component).upper()
        what = _found(text, marks)
        if what:
            yield _hit(segment, element, component, line, what)


def _hit(segment: Segment, element: int, component: int, line: ServiceLine | None, what: str) -> Hit:
    where = f"line {line.number}: the note" if line else "the note of the claim"
    says = f"{where} ({segment.id}) holds {what}: take it out"
    return Hit(segment.spot(element, component), says, (line,) if line else (), evidence={"holds": what})


def _found(text: str, marks: list[tuple[str, re.Pattern[str]]]) -> str:
    return next((what for what, pattern in marks if pattern.search(text)), "")


def _marks(claim: Claim) -> list[tuple[str, re.Pattern[str]]]:
    """What must not stand in a note, by what to call it."""
    subscriber = claim.subscriber
    party = claim.patient or (subscriber.party if subscriber else None)
    segments = [*(party.segments if party else ()), *(subscriber.segments if subscriber else ())]
    names = {
        segment.text(3).upper() for segment in segments if segment.id == "NM1" and segment.text(1) in _NAMES
    }
    ids = {subscriber.member_id.upper()} if subscriber else set()
    born = party.born if party else None
    days = {f"{born:%Y%m%d}", f"{born:%m/%d/%Y}", f"{born:%m-%d-%Y}", f"{born:%m%d%Y}"} if born else set()
    marks = [("a social security number", _SOCIAL_SECURITY)]
    for what, words, least in (
        ("the patient's name", names, _SHORT),
        ("the member id", ids, _ID),
        ("the date of birth", days, _ID),
    ):
        kept = sorted(word for word in words if len(word) >= least)
        if kept:
            marks.append((what, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, kept))})(?!\w)")))
    return marks
