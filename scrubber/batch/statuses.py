"""What the 277CA says of a claim that a rule holds: claim status category (507) and status code (508).

A rule that knows what payers answer (`scrubber.finding.Expected`) decides; else the table here does, by the
longest beginning of the rule's code. Only codes that were seen in a shipped copy of the lists stand in it.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from loops.answers.kinds import Status
from scrubber.finding import Finding

_OTHERS: Final = "A7:481"  # the form of the submission is not valid
_BY_RULE: Final = {
    "INJ-A10": "A8:187",  # dates of service against the limit
    "INJ-B": "A8:454",  # this procedure code with that drug
    "INJ-C": "A8:454",
    "INJ-D": "A7:216",
    "INJ-D01": "A6:216",
    "INJ-D08": "A7:476",
    "INJ-D12": "A7:507",
    "INJ-D14": "A7:453",
    "INJ-D15": "A7:453",
    "INJ-D16": "A8:454",
    "INJ-D17": "A7:453",
    "INJ-E": "A8:454",
    "INJ-M": "A7:476",
    "INJ-M03": "A7:453",
    "INJ-N": "A7:255",
    "INJ-P": "A8:454",
    "INJ-R": "A8:441",  # what the person who rendered it is licensed for
    "INJ-X": "A7:453",
    "X12-BALANCE": "A7:400",
    "X12-POINTER": "A7:477",
    "X12-DATE": "A7:187",
    "X12-NPI": "A7:562",
    "X12-ICD10": "A7:255",
    "X12-ELE-CONTROL": "A7:511",
    "X12-ELE-CHARACTERS": "A7:511",
    "X12-ELE-SHORT": "A7:512",
    "X12-ELE-LONG": "A7:512",
    "X12-ELE-MISSING": "A6:481",
    "X12-SEG-MISSING": "A6:481",
}


def status_of(finding: Finding) -> Status:
    """The status that tells the submitter of a finding for which the claim is held."""
    return _status(finding.rule, finding.expected.status[:1])


@cache
def _status(rule: str, expected: tuple[str, ...]) -> Status:
    if expected:
        return Status.of(expected[0])
    found = max((one for one in _BY_RULE if rule.startswith(one)), key=len, default="")
    return Status.of(_BY_RULE.get(found, _OTHERS))
