"""What the claims of a sample are like: service lines as a biller would send them, and what is wrong.

Codes and drugs are real, everybody and every number is invented. A scenario with an empty `faults`
is right: no rule says reject or deny of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_KETOROLAC: Final = """
    SV1*HC:J1885*20*UN*4***{dx}
    LIN**N4*00338007225
    CTP****2*ML
"""
_B12: Final = """
    SV1*HC:J3420*12*UN*1***1
    LIN**N4*00143961901
    CTP****1*ML
"""
_DEPO: Final = """
    SV1*HC:J1050*90*UN*150***1
    LIN**N4*70121148001
    CTP****1*ML
"""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A claim as a fragment (see `scrubber.sample.fragment`).

    `faults` are the codes of the rules that must find a fault, `payers` the claim filing codes
    (SBR09) that it goes with, `weight` how often it comes beside the others. With filing codes of
    `advice` the rules only advise. `mended` is the title of the scenario that a coder makes of it.
    """

    title: str
    text: str
    faults: tuple[str, ...] = ()
    payers: tuple[str, ...] = ("CI", "BL", "MB", "MC", "16")
    weight: int = 4
    advice: tuple[str, ...] = ()
    mended: str = ""


_COMMERCIAL: Final = ("CI", "BL")

PLAIN: Final = (
    Scenario("visit", "HI*ABK:I10\nSV1*HC:99213*100*UN*1***1"),
    Scenario(
        "visit and blood draw", "HI*ABK:E119*ABF:I10\nSV1*HC:99214*140*UN*1***1:2\nSV1*HC:36415*5*UN*1***1"
    ),
    Scenario(
        "laboratory",
        """
        HI*ABK:E119
        SV1*HC:80053*40*UN*1***1
        SV1*HC:83036*25*UN*1***1
        SV1*HC:85025*20*UN*1***1
        """,
    ),
    Scenario("new patient", "HI*ABK:M5450\nSV1*HC:99203*160*UN*1***1"),
    Scenario("electrocardiogram", "HI*ABK:R0789\nSV1*HC:99213:25*100*UN*1***1\nSV1*HC:93000*45*UN*1***1"),
)

RIGHT: Final = (
    Scenario(
        "ketorolac alone",
        "HI*ABK:M5450\nSV1*HC:96372*35*UN*1***1" + _KETOROLAC.format(dx=1),
    ),
    Scenario(
        "visit with 25 and ketorolac",
        """
        HI*ABK:M5450*ABF:I10
        SV1*HC:99213:25*100*UN*1***2:1
        SV1*HC:96372*35*UN*1***1
        """
        + _KETOROLAC.format(dx=1),
    ),
    Scenario("vitamin B12", "HI*ABK:D510\nSV1*HC:96372*35*UN*1***1" + _B12),
    Scenario(
        "push, and an injection apart with 59",
        """
        HI*ABK:R112*ABF:M5450
        SV1*HC:96374*70*UN*1***1
        SV1*HC:J2405*6*UN*4***1
        LIN**N4*00409475503
        CTP****2*ML
        SV1*HC:96372:59*35*UN*1***2
        """
        + _KETOROLAC.format(dx=2),
        payers=_COMMERCIAL,
    ),
    Scenario(
        "contraceptive",
        "DMG*D8*19900115*F\nHI*ABK:Z3042\nSV1*HC:96372*35*UN*1***1" + _DEPO,
        payers=_COMMERCIAL,
    ),
    Scenario(
        "naltrexone",
        """
        HI*ABK:F1020
        SV1*HC:96372*35*UN*1***1
        SV1*HC:J2315:JZ*1450*UN*380***1
        LIN**N4*65757030001
        CTP****1*UN
        """,
        payers=("MB",),
    ),
)

# What a coder makes of some of the wrong ones; the others become one of those above.
MENDED: Final = (
    Scenario("vaccine", "HI*ABK:Z23\nSV1*HC:90715*60*UN*1***1\nSV1*HC:90471*35*UN*1***1"),
    Scenario(
        "antineoplastic",
        """
        HI*ABK:C9000
        SV1*HC:96401*120*UN*1***1
        SV1*HC:J9041:JZ*800*UN*35***1
        LIN**N4*00143909801
        CTP****1*UN
        """,
    ),
    Scenario(
        "hormone against a tumour",
        """
        HI*ABK:C61
        SV1*HC:96402*60*UN*1***1
        SV1*HC:J9217:JZ*900*UN*1***1
        LIN**N4*00074364203
        CTP****1*UN
        """,
    ),
)

WRONG: Final = (
    Scenario(
        "units are zero",
        "HI*ABK:D510\nSV1*HC:96372*35*UN*0***1" + _B12,
        ("INJ-A03",),
        weight=1,
        mended="vitamin B12",
    ),
    Scenario(
        "pointer to no diagnosis",
        "HI*ABK:M5450\nSV1*HC:96372*35*UN*1***2" + _KETOROLAC.format(dx=1),
        ("INJ-A05",),
        weight=1,
        mended="ketorolac alone",
    ),
    Scenario(
        "pointer twice",
        "HI*ABK:D510*ABF:I10\nSV1*HC:96372*35*UN*1***1:1" + _B12,
        ("INJ-A05",),
        weight=1,
        mended="vitamin B12",
    ),
    Scenario(
        "line twice",
        "HI*ABK:M5450\nSV1*HC:96372*35*UN*1***1\nSV1*HC:96372*35*UN*1***1" + _KETOROLAC.format(dx=1),
        ("INJ-A08", "INJ-M03"),
        payers=_COMMERCIAL,
        mended="ketorolac alone",
    ),
    Scenario(
        "NPI with a wrong check digit",
        "HI*ABK:D510\nNM1*82*1*SAMPLE*PAT****XX*1000000021\nSV1*HC:96372*35*UN*1***1" + _B12,
        ("INJ-A11",),
        weight=1,
        mended="vitamin B12",
    ),
    Scenario(
        "modifier twice",
        "HI*ABK:D510\nSV1*HC:96372:59:59*35*UN*1***1" + _B12,
        ("INJ-A12",),
        weight=1,
        mended="vitamin B12",
    ),
    Scenario(
        "vaccine with the wrong administration",
        "HI*ABK:Z23\nSV1*HC:90715*60*UN*1***1\nSV1*HC:96372*35*UN*1***1",
        ("INJ-B01",),
        payers=_COMMERCIAL,
        mended="vaccine",
    ),
    Scenario(
        "no drug line",
        "HI*ABK:M5450\nSV1*HC:96372*35*UN*1***1",
        ("INJ-D01",),
        advice=("CI", "BL", "MC", "16"),
        mended="ketorolac alone",
    ),
    Scenario(
        "hyphens in the NDC",
        """
        HI*ABK:D510
        SV1*HC:96372*35*UN*1***1
        SV1*HC:J3420*12*UN*1***1
        LIN**N4*0143-9619-01
        CTP****1*ML
        """,
        ("INJ-D05",),
        weight=2,
        mended="vitamin B12",
    ),
    Scenario(
        "unlisted drug without its name",
        "HI*ABK:M5450\nSV1*HC:96372*35*UN*1***1\nSV1*HC:J3490:::::UNCLASSIFIED DRUGS*90*UN*1***1",
        ("INJ-D11",),
        payers=_COMMERCIAL,
        weight=1,
    ),
    Scenario(
        "nurse visit beside the injection",
        "HI*ABK:D510\nSV1*HC:99211:25*20*UN*1***1\nSV1*HC:96372*35*UN*1***1" + _B12,
        ("INJ-E01",),
        payers=("MB",),
        mended="vitamin B12",
    ),
    Scenario(
        "visit without 25",
        """
        HI*ABK:M5450*ABF:I10
        SV1*HC:99213*100*UN*1***2:1
        SV1*HC:96372*35*UN*1***1
        """
        + _KETOROLAC.format(dx=1),
        ("INJ-E02",),
        weight=8,
        mended="visit with 25 and ketorolac",
    ),
    Scenario(
        "25 on the injection in place of the visit",
        """
        HI*ABK:M5450*ABF:I10
        SV1*HC:99213*100*UN*1***2:1
        SV1*HC:96372:25*35*UN*1***1
        """
        + _KETOROLAC.format(dx=1),
        ("INJ-E02", "INJ-E05"),
        payers=_COMMERCIAL,
        mended="visit with 25 and ketorolac",
    ),
    Scenario(
        "antineoplastic with the wrong administration",
        """
        HI*ABK:C9000
        SV1*HC:96372*35*UN*1***1
        SV1*HC:J9041:JZ*800*UN*35***1
        LIN**N4*00143909801
        CTP****1*UN
        """,
        ("INJ-B06",),
        payers=("MB",),
        weight=2,
        mended="antineoplastic",
    ),
    Scenario(
        "hormone against a tumour with the wrong administration",
        """
        DMG*D8*19500115*M
        HI*ABK:C61
        SV1*HC:96372*35*UN*1***1
        SV1*HC:J9217:JZ*900*UN*1***1
        LIN**N4*00074364203
        CTP****1*UN
        """,
        ("INJ-B07",),
        payers=("MB",),
        weight=2,
        mended="hormone against a tumour",
    ),
    Scenario(
        "second injection unmarked",
        """
        HI*ABK:M5450*ABF:R110
        SV1*HC:96372*35*UN*1***1
        SV1*HC:96372:KX*35*UN*1***2
        SV1*HC:J1885*20*UN*4***1
        LIN**N4*00338007225
        CTP****2*ML
        SV1*HC:J2550*9*UN*1***2
        LIN**N4*00404994201
        CTP****1*ML
        """,
        ("INJ-M03",),
        payers=_COMMERCIAL,
    ),
    Scenario(
        "five units",
        "HI*ABK:D510\nSV1*HC:96372*175*UN*5***1" + _B12,
        ("INJ-M01",),
        payers=("MB", "MC"),
        mended="vitamin B12",
    ),
    Scenario(
        "vitamin B12 for fatigue",
        "HI*ABK:R5383\nSV1*HC:96372*35*UN*1***1" + _B12,
        ("INJ-N02",),
        advice=("CI", "BL", "MB", "MC", "16"),
        mended="vitamin B12",
    ),
    Scenario(
        "injection beside an infusion, unmarked",
        """
        HI*ABK:R112*ABF:M5450
        SV1*HC:96374*70*UN*1***1
        SV1*HC:J2405*6*UN*4***1
        LIN**N4*00409475503
        CTP****2*ML
        SV1*HC:96372*35*UN*1***2
        """
        + _KETOROLAC.format(dx=2),
        ("INJ-P02",),
        payers=_COMMERCIAL,
        mended="push, and an injection apart with 59",
    ),
    Scenario(
        "in a hospital",
        "CLM*C****22:B:1*Y*A*Y*Y\nHI*ABK:D510\nSV1*HC:96372*35*UN*1***1" + _B12,
        ("INJ-S01",),
        payers=("MB",),
    ),
    Scenario(
        "by telehealth",
        "CLM*C****10:B:1*Y*A*Y*Y\nHI*ABK:D510\nSV1*HC:96372*35*UN*1***1" + _B12,
        ("INJ-S02",),
        weight=1,
        mended="vitamin B12",
    ),
    Scenario(
        "professional component",
        "HI*ABK:D510\nSV1*HC:96372:26*35*UN*1***1" + _B12,
        ("INJ-X02",),
        weight=1,
        mended="vitamin B12",
    ),
)

CORRECT: Final = {one.title: one for one in (*PLAIN, *RIGHT, *MENDED)}
"""The scenarios without a fault, by title."""
