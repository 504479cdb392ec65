"""Why the simulated payers refuse and deny: what our rules expect, and what no rule of ours knows.

Sources of the codes: X12 external code lists 507/508 (status), 139 (CARC), 411 (RARC), by number only;
a test holds `FORESEEN` against what the rules themselves say the rejection will be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from scrubber.sample.claims import Line, SampleClaim

_INJECTION: Final = ("96372",)
_VISIT: Final = ("9920", "9921")


@dataclass(frozen=True, slots=True)
class Cause:
    """A status of the 277CA (``A7:453``), or with a `group` a CARC of the 835 and its RARCs.

    `coding`: a coder can mend it (in scope). `at`: beginnings of the codes of the line that it is
    about; none: it is about the whole claim.
    """

    code: str
    group: str = ""
    remarks: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    coding: bool = True

    def line(self, claim: SampleClaim) -> Line | None:
        """The line of the claim that it is about, the last of them; None: the whole claim."""
        return next((line for line in reversed(claim.lines) if line.code.startswith(self.at)), None)


def _refused(code: str, at: tuple[str, ...] = _INJECTION) -> Cause:
    return Cause(code, at=at)


def _denied(code: str, *remarks: str, at: tuple[str, ...] = _INJECTION, group: str = "CO") -> Cause:
    return Cause(code, group, remarks, at)


# What comes back for a fault that a rule finds.
FORESEEN: Final = {
    "INJ-A03": (_refused("A7:476"), _denied("16", "M53")),
    "INJ-A05": (_refused("A7:477"), _denied("16", "M76")),
    "INJ-A08": (_denied("18", "M86", group="OA"),),
    "INJ-A11": (Cause("A7:562:82"),),
    "INJ-A12": (_refused("A7:453"), _denied("4", "N519")),
    "INJ-B01": (_refused("A7:454"), _denied("97", "N56")),
    "INJ-B06": (_denied("97", "N56"), _denied("16", "M51")),
    "INJ-B07": (_denied("97", "N56"), _denied("16", "M51")),
    "INJ-D01": (_denied("B15", "N674"), _denied("16", "M123")),
    "INJ-D05": (_refused("A7:218", ("J",)), _denied("16", "M119", at=("J",))),
    "INJ-D11": (_refused("A8:306", ("J",)), _denied("16", "M123", at=("J",))),
    "INJ-E01": (_denied("97", "N20", at=("99211",)), _denied("236", "M15", at=("99211",))),
    "INJ-E02": (
        _refused("A7:453", _VISIT),
        _denied("97", "N20", at=_VISIT),
        _denied("236", "N20", at=_VISIT),
    ),
    "INJ-E05": (_refused("A7:453"), _denied("4", "N519")),
    "INJ-M01": (_denied("151", "N362"), _denied("222", "N362")),
    "INJ-M03": (_denied("18", group="OA"), _denied("97")),
    "INJ-N02": (_denied("50", "N115"), _denied("11", "M76")),
    "INJ-P02": (_denied("97", "M15"), _denied("236", "N20")),
    "INJ-S01": (_refused("A7:249"), _denied("5", "M77")),
    "INJ-S02": (_refused("A7:249"), _denied("5", "M77")),
    "INJ-X02": (_refused("A7:453"), _denied("4", "N519")),
}
# How much more often than elsewhere payers pay in spite of a rule: the next rules to relax.
LENIENT: Final = {"INJ-N02": 4, "INJ-E05": 3, "INJ-S01": 5}


class Policy(NamedTuple):
    """What one payer does with claims that have all of `codes`, how often, and why."""

    payer: str
    codes: tuple[str, ...]
    share: float
    cause: Cause


# Coding denials that no rule of ours foresees.
POLICIES: Final = (
    Policy("TESTBL", ("99214", "36415"), 0.30, _denied("97", "N20", at=("36415",))),
    Policy("TESTCI", ("93000",), 0.15, _denied("11", "M76", at=("93000",))),
    Policy("TESTMU", ("83036",), 0.15, _denied("151", "N362", at=("83036",))),
    Policy("TESTMB", ("93000",), 0.10, _denied("50", "N115", at=("93000",))),
    Policy("TESTMC", ("80053", "85025"), 0.08, _denied("16", "N56", at=("80053",))),
    Policy("TESTMC", ("99203",), 0.06, Cause("A7:255")),
    Policy("TESTMA", ("J3420",), 0.12, _denied("50", "N115", at=("J3420",), group="PI")),
    Policy("TESTMA", ("99214",), 0.05, _refused("A7:507", ("99214",))),
    Policy("TESTBL", ("96374", "96372"), 0.15, _denied("97", "M15")),
)


def _other(code: str, group: str = "", *remarks: str, at: tuple[str, ...] = ()) -> Cause:
    return Cause(code, group, remarks, at, coding=False)


# What no coder can mend: coordination, eligibility, authorisation, timely filing, coverage.
REFUSED_ELSEWHERE: Final = (_other("A7:85"), _other("A3:116"), _other("A6:252"))
DENIED_ELSEWHERE: Final = (
    _other("22", "OA"),
    _other("27", "CO"),
    _other("29", "CO"),
    _other("31", "CO"),
    _other("109", "OA"),
    _other("197", "CO"),
    _other("16", "CO", "N382"),
    _other("96", "CO", "N130", at=("J", "36415", "93000")),
)
