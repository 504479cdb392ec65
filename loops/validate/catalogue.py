"""The list of codes of guide validation: stable, one meaning each, with SNIP type and severity."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """A code, its meaning in a line, its SNIP type (WEDI) and severity: ``reject`` or ``advise``."""

    code: str
    snip: int
    severity: str
    meaning: str


_ROWS: Final = """
X12-BOM 1 advise a byte order mark stands before the ISA
X12-BEFORE 1 advise blank text stands before the ISA
X12-ISA 1 reject the interchange header cannot be read
X12-ISA-WIDTH 1 reject an element of ISA has not its fixed width
X12-ISA-DUPLICATE 1 reject ISA13 was used before in this source
X12-IEA-NUMBER 1 reject IEA02 differs from ISA13
X12-IEA-COUNT 1 reject IEA01 differs from the number of functional groups
X12-IEA-MISSING 1 reject the interchange has no trailer
X12-GS-DUPLICATE 1 reject GS06 was used before in this interchange
X12-GE-NUMBER 1 reject GE02 differs from GS06
X12-GE-COUNT 1 reject GE01 differs from the number of transaction sets
X12-GE-MISSING 1 reject the functional group has no trailer
X12-ST-DUPLICATE 1 reject ST02 was used before in this functional group
X12-SE-NUMBER 1 reject SE02 differs from ST02
X12-SE-COUNT 1 reject SE01 differs from the number of segments
X12-SE-MISSING 1 reject the transaction set has no trailer
X12-TRAILER 1 reject a trailer closes something that was not opened
X12-EMPTY-SEGMENT 1 reject two segment terminators follow each other
X12-OUTSIDE 1 advise text stands after the last segment
X12-CUT 1 reject the source ends in the middle of a segment
X12-FOREIGN 2 advise the transaction set is of another guide: not judged
X12-GUIDE 2 reject the transaction set names another guide than its group
X12-SEG-LEADING-BLANK 1 reject a blank stands before the segment id
X12-SEG-TRAILING 1 reject a separator stands before the segment terminator
X12-SEG-EMPTY 1 reject the segment has no element
X12-SEG-ID 1 reject what stands as segment id is none
X12-SEG-UNEXPECTED 2 reject the guide has no such segment here
X12-SEG-MISSING 2 reject a required segment or loop is missing
X12-LOOP-OVER 2 reject the loop repeats more often than the guide allows
X12-SEG-OVER 2 reject the segment repeats more often than the guide allows
X12-SEG-ELEMENTS 1 reject the segment has more elements than the guide
X12-SEG-SYNTAX 2 reject elements that need or exclude each other do not agree
X12-HL-NUMBER 1 reject HL01 does not count on from 1
X12-HL-PARENT 2 reject HL02 names no open hierarchical level
X12-LX-NUMBER 1 reject LX01 does not count the service lines of the claim from 1
X12-ELE-MISSING 2 reject a required element is missing
X12-ELE-UNUSED 2 reject the guide does not use this element
X12-ELE-SHORT 1 reject the value is shorter than its minimum
X12-ELE-LONG 1 reject the value is longer than its maximum
X12-ELE-CONTROL 1 reject a control character stands in the value
X12-ELE-BLANK 1 reject blanks stand at the end of the value
X12-ELE-CHARACTERS 1 reject a character outside the extended set stands in the value
X12-ELE-NUMBER 1 reject the value is no number of its type
X12-ELE-DATE 1 reject the value is no date of its format
X12-ELE-TIME 1 reject the value is no time of day
X12-ELE-CODE 2 reject the guide does not list this code
X12-ELE-LIST 5 advise the external code list at hand does not hold this code
X12-ELE-SHAPE 2 reject the value has not the shape that the guide asks for
X12-ELE-COMPOSITE 1 reject a component separator stands in a simple element
X12-ELE-COMPONENTS 1 reject the composite has more components than the guide
X12-BALANCE-CHARGE 3 reject the line charges do not add up to the claim charge
X12-BALANCE-PAID 3 reject what a payer paid on the claim is not the sum of its lines less claim adjustments
X12-BALANCE-LINE 3 reject payment and adjustments of a payer do not add up to the line charge
X12-POINTER 4 reject a diagnosis pointer points at no diagnosis of the claim
X12-CLAIM-TWICE 4 advise two claims of the transaction set have the same CLM01
X12-DATE-BIRTH 4 reject a service stands before the birth of the patient
X12-DATE-FUTURE 4 reject a service stands after the day the file was made
X12-NPI 5 reject the NPI has not ten digits or its check digit is wrong
X12-ZIP 5 reject the ZIP code has neither five nor nine digits
X12-STATE 5 reject an address in the United States has no state or no ZIP code
X12-ICD10 5 reject the diagnosis has not the shape of an ICD-10-CM code
"""


def _entry(row: str) -> Entry:
    code, snip, severity, meaning = row.split(" ", 3)
    return Entry(code, int(snip), severity, meaning)


CATALOGUE: Final = MappingProxyType({entry.code: entry for entry in map(_entry, _ROWS.strip().splitlines())})
