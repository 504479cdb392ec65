"""A whole batch around a few segments: how the examples of a rule become an interchange.

A fragment is a list of segments, one a line. ``SV1`` begins a service line (LX and DTP*472 are
made for it unless given); what follows belongs to it. ``SBR``, ``DMG``, ``HI``, ``NM1*82``,
``PRV``, ``NTE``, ``REF``, ``DTP`` before the first SV1 take the place of, or join, those of the
claim; ``PAT`` stands in 2000B. ``NM1*85``, ``PRV*BI`` and ``N4`` take the place of those of the
billing provider; a bare ``NM1*82``, ``PRV*PE`` or ``PRV*BI`` leaves the segment out. ``CLM`` sets
the claim's own elements 05 on. ``---`` begins another claim of the same patient, ``=== MEMBER``
one of another patient. Charges are balanced.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

DAY: Final = "20260302"


def batch(text: str, day: str = DAY) -> str:
    """A whole interchange around the claims of a fragment."""
    place = re.search(r"^\s*(N4\*.*?)~?\s*$", text, flags=re.MULTILINE)
    claims = [c for c in re.split(r"^\s*(?====|---)", text, flags=re.MULTILINE) if c.strip()]
    body: list[str] = [
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*TESTBATCH*20261102*1200*CH",
        "NM1*41*2*EXAMPLE SUBMITTER*****46*TEST01",
        "PER*IC*EXAMPLE DESK*TE*5555550100",
        "NM1*40*2*EXAMPLE RECEIVER*****46*TEST02",
        "HL*1**20*1",
        *_billing(text),
        "N3*1 EXAMPLE ST",
        place[1] if place else "N4*SPRINGFIELD*IL*627010001",
        "REF*EI*000000001",
    ]
    person = "TEST0001"
    for number, fragment in enumerate(claims, 1):
        rows = rows_of(fragment)
        if rows[0].startswith("==="):
            person = rows.pop(0).removeprefix("===").strip() or f"TEST{number:04}"
        elif rows[0].startswith("---"):
            rows.pop(0)
        body += _claim(number, person, rows, day)
    body.append(f"SE*{len(body) + 1}*0001")
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'TEST01':15}*ZZ*{'TEST02':15}*261102*1200*^*00501*000000001*0*T*:"
    gs = "GS*HC*TEST01*TEST02*20261102*1200*1*X*005010X222A1"
    return "~".join([isa, gs, *body, "GE*1*1", "IEA*1*000000001"]) + "~"


def _claim(number: int, person: str, rows: list[str], day: str) -> list[str]:
    take = Taker(rows)
    return [
        f"HL*{number + 1}*1*22*0",
        take("SBR") or "SBR*P*18*******CI",
        *take.all("PAT"),
        take("NM1*IL") or f"NM1*IL*1*DOE*JANE****MI*{person}",
        "N3*1 EXAMPLE ST",
        "N4*SPRINGFIELD*IL*627010001",
        take("DMG") or "DMG*D8*19800101*F",
        take("NM1*PR") or "NM1*PR*2*EXAMPLE PAYER*****PI*99999",
        *claim(f"CLAIM{number}", take.rows, day),
    ]


def claim(control: str, rows: list[str], day: str) -> list[str]:
    """Loop 2300 of the rows of a fragment; `control` is its CLM01 unless a CLM says another.

    `day` is the date of service, CCYYMMDD, of the lines that have no DTP*472.
    """
    first = next((n for n, row in enumerate(rows) if row.startswith(("SV1", "LX"))), len(rows))
    take, lines = Taker(rows[:first]), rows[first:]
    charges = [Decimal(row.split("*")[2]) for row in lines if row.startswith("SV1") and _money(row)]
    parts = (take("CLM") or "CLM").split("*")
    rest = parts[5:] or ["11:B:1", "Y", "A", "Y", "Y"]
    named = parts[1] if len(parts) > 1 and parts[1] not in ("", "C") else control
    total = parts[2] if len(parts) > 2 and parts[2] else str(sum(charges, Decimal(0)))
    return [
        "*".join(["CLM", named, total, "", "", *rest]),
        *take.all("DTP", "PWK", "REF", "NTE"),
        *(take.all("HI") or ["HI*ABK:E538"]),
        *_rendering(take),
        *(row for row in take.rows if not row.startswith(("NM1*85", "PRV*BI", "N4"))),
        *_lines(lines, day),
    ]


def rows_of(text: str) -> list[str]:
    """The segments of a fragment, without blanks around them and without terminators."""
    return [row.strip().rstrip("~") for row in text.splitlines() if row.strip()]


def _billing(text: str) -> list[str]:
    """PRV*BI and NM1*85 of the fragment, or the usual ones; a bare PRV*BI leaves the taxonomy out."""
    found = {}
    for usual in ("PRV*BI*PXC*207Q00000X", "NM1*85*2*EXAMPLE CLINIC*****XX*1234567893"):
        row = re.search(rf"^\s*({re.escape(usual[:6])}.*?)~?\s*$", text, flags=re.MULTILINE)
        found[usual] = row[1] if row else usual
    return [row for row in found.values() if row.count("*") > 1]


def _rendering(take: Taker) -> list[str]:
    """NM1*82 and PRV*PE of the fragment, or the usual ones; a bare NM1*82 or PRV*PE leaves it out."""
    name = take("NM1*82") or "NM1*82*1*SAMPLE*PAT****XX*1245319599"
    taxonomy = take("PRV*PE") or ("PRV*PE*PXC*207Q00000X" if name.count("*") > 1 else "")
    return [row for row in (name, taxonomy) if row.count("*") > 1]


def _money(row: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", "".join(row.split("*")[2:3])))


def _lines(rows: list[str], day: str) -> list[str]:
    made: list[str] = []
    for number, group in enumerate(_split(rows), 1):
        lx = group.pop(0) if group[0].startswith("LX") else f"LX*{number}"
        dated = any(row.startswith("DTP*472") for row in group)
        made += [lx, group[0], *([] if dated else [f"DTP*472*D8*{day}"]), *group[1:]]
    return made


def _split(rows: list[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    for row in rows:
        opens = row.startswith("LX") or (
            row.startswith("SV1") and not (groups and groups[-1][-1].startswith("LX"))
        )
        if opens:
            groups.append([])
        groups[-1].append(row)
    return groups


class Taker:
    """Takes segments out of a list by their first letters."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows

    def __call__(self, prefix: str) -> str | None:
        """The first that begins with `prefix`, taken out; None when there is none."""
        found = next((row for row in self.rows if row.startswith(prefix)), None)
        if found is not None:
            self.rows.remove(found)
        return found

    def all(self, *prefixes: str) -> list[str]:
        """All that begin with one of `prefixes`, taken out."""
        found = [row for row in self.rows if row.startswith(prefixes)]
        for row in found:
            self.rows.remove(row)
        return found
