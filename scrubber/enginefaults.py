"""The codes that begin with ENG-: faults that are none of a claim, and what a person does about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WAIVER_EXPIRED: Final = "ENG-04"
WAIVER_UNUSED: Final = "ENG-05"


@dataclass(frozen=True, slots=True)
class EngineFault:
    """A code: its name, the severity of its findings, what it means, what to do."""

    code: str
    name: str
    severity: str
    meaning: str
    cure: str


CATALOGUE: Final = {
    fault.code: fault
    for fault in (
        EngineFault(
            "ENG-01",
            "rule-broke",
            "advise",
            "A rule failed on this claim with an error of its own. The other rules judged the claim.",
            "Judge the claim by hand for what that rule looks at, and report the error with the command that "
            "you ran.",
        ),
        EngineFault(
            "ENG-02",
            "fixes-do-not-settle",
            "advise",
            "Fixes of this claim undid one another, did not mend what they were for, or did not come to "
            "rest. The claim keeps its original bytes.",
            "Mend the claim by hand: the finding names the rules.",
        ),
        EngineFault(
            "ENG-03",
            "held-with-others",
            "advise",
            "Nothing is wrong with this claim, but it cannot be sent without one that is held: parting them "
            "would leave a fault of the guide.",
            "Mend or release the claim that holds it; both go then.",
        ),
        EngineFault(
            WAIVER_EXPIRED,
            "waiver-expired",
            "advise",
            "The last day of a waiver is past: what it kept silent is a finding again.",
            "Renew the waiver, with a reason that still holds, or take it out of the file.",
        ),
        EngineFault(
            WAIVER_UNUSED,
            "waiver-unused",
            "advise",
            "A waiver met no finding in all the files of this run: the fault is gone, or the waiver names "
            "another rule, claim, provider or payer than it should.",
            "Take the waiver out of the file, or mend what it names.",
        ),
    )
}
"""Every code, in order."""
