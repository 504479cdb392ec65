"""Run a rule on a few segments, in four spellings of the same batch.

A fragment is a list of segments, one a line. ``SV1`` begins a service line (LX,
DTP*472 and REF*6R are made for it unless given); what follows belongs to it.
``SBR``, ``PAT``, ``DMG``, ``HI``, ``NM1*82`` (before the first SV1), ``NTE``, ``REF`` and ``DTP`` before
the first SV1 take the place of, or join, those of the claim; ``N4`` takes that of the billing provider.
``NM1*85`` and ``PRV*BI`` too, for all claims. A bare ``NM1*82``, ``PRV*PE`` or ``PRV*BI`` leaves out the
segment that would stand there. ``CLM`` sets the claim's own elements 05 on. ``---`` begins another claim
of the same patient, ``=== person`` one of another patient. Charges are balanced by the harness.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import loops
from scrubber.engine import Engine, subjects
from scrubber.finding import Finding
from scrubber.payers import Profile
from scrubber.registry import find_rule
from scrubber.rule import Rule
from scrubber.tables import load_tables

TABLES = load_tables()
SUBJECTS = subjects(TABLES)
DAY = "20260302"

SPELLINGS = {
    "usual": ("*", ":", "~", ""),
    "crlf": ("*", ":", "~", "\r\n"),
    "newline": ("*", ":", "\n", ""),
    "other separators": ("|", ">", "!", ""),
}


@dataclass(frozen=True)
class Case:
    """`title` says the matter in words; `lines` are the LX numbers at fault, empty for a good case."""

    title: str
    text: str
    bad: bool
    outcome: str = "fail"
    severity: str | None = None
    place: str | None = None
    line: str | None = None
    fixed: dict[str, str] = field(default_factory=dict)
    profile: Profile | None = None
    count: int = 1
    day: str = DAY


def bad(title: str, text: str, **more: Any) -> Case:
    """A case in which the rule must find `count` faults."""
    return Case(title, text, bad=True, **more)


def good(title: str, text: str, **more: Any) -> Case:
    """A case in which the rule must find no fault (it may say `bypassed` or `no_data`)."""
    return Case(title, text, bad=False, **more)


def findings(rule: Rule, text: str, spelling: str = "usual", profile: Profile | None = None, day: str = DAY):
    """All findings of one rule on a fragment, of every claim in it."""
    return _judge((rule,), text, spelling, profile, day)


def _judge(rules, text, spelling, profile, day) -> list[Finding]:
    data = spell(batch(text, day), spelling)
    with loops.read(data, name="case.837", codes=SUBJECTS) as read:
        return [f for judged in Engine(read, rules, TABLES, profile).run() for f in judged.findings]


def check_case(code: str, case: Case) -> None:
    """Assert what `case` says of rule `code`, under every spelling."""
    rule = find_rule(code)
    told = {name: findings(rule, case.text, name, case.profile, case.day) for name in SPELLINGS}
    for name, found in told.items():
        assert [_core(f) for f in found] == [_core(f) for f in told["usual"]], f"{case.title}: {name} differs"
        assert not [f for f in found if f.rule.startswith("ENG")], f"{case.title}: {found}"
        failed = [f for f in found if f.outcome == "fail"]
        if not case.bad:
            assert not failed, f"{case.title}: {[f.message for f in failed]}"
            continue
        hits = [f for f in found if f.outcome == case.outcome]
        assert len(hits) == case.count, f"{case.title}: {[(f.outcome, f.message) for f in found]}"
        for hit in hits:
            assert case.severity in (None, hit.severity), f"{case.title}: {hit.severity} {hit.evidence}"
        if case.place:
            assert case.place in [f.place for f in hits], f"{case.title}: {[f.place for f in hits]}"
        if case.line:
            assert case.line in [f.line for f in hits], f"{case.title}: {[f.line for f in hits]}"
    _check_fixes(case, told["usual"])


def _check_fixes(case: Case, found: list[Finding]) -> None:
    # An unstated fix fails the case: whatever a rule offers to change must be written down here.
    stated = {}
    for one in found:
        if one.fix and one.outcome == "fail":
            for edit in one.fix.edits:
                stated[f"{one.fix.safety}:{edit.before.decode()}"] = edit.after.decode()
    assert stated == case.fixed, f"{case.title}: fixes {stated}"


def _core(found: Finding) -> tuple[Any, ...]:
    return found.rule, found.severity, found.outcome, found.place, found.line, found.segment, found.message


def spell(text: str, spelling: str) -> bytes:
    """The batch (written with ``* : ~``) under another spelling."""
    element, component, terminator, line_end = SPELLINGS[spelling]
    table = str.maketrans({"*": element, ":": component, "~": terminator + line_end})
    return text.translate(table).encode("latin-1")


def batch(text: str, day: str = DAY) -> str:
    """A whole interchange around the claims of a fragment."""
    state = re.search(r"^\s*(N4\*.*?)~?\s*$", text, flags=re.MULTILINE)
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
        state[1] if state else "N4*SPRINGFIELD*IL*627010001",
        "REF*EI*000000001",
    ]
    person = "TEST0001"
    for number, fragment in enumerate(claims, 1):
        rows = [row.strip().rstrip("~") for row in fragment.strip().splitlines() if row.strip()]
        if rows[0].startswith("==="):
            person = rows.pop(0).removeprefix("===").strip() or f"TEST{number:04}"
        elif rows[0].startswith("---"):
            rows.pop(0)
        body += _claim(number, person, rows, day)
    body.append(f"SE*{len(body) + 1}*0001")
    isa = "ISA*00*          *00*          *ZZ*TEST01         *ZZ*TEST02         *261102*1200*^*00501*000000001*0*T*:"
    gs = "GS*HC*TEST01*TEST02*20261102*1200*1*X*005010X222A1"
    return "~".join([isa, gs, *body, "GE*1*1", "IEA*1*000000001"]) + "~"


def _claim(number: int, person: str, rows: list[str], day: str) -> list[str]:
    first = next((n for n, row in enumerate(rows) if row.startswith(("SV1", "LX"))), len(rows))
    head, lines = rows[:first], rows[first:]
    take = _Taker(head)
    charges = [Decimal(row.split("*")[2] or 0) for row in lines if row.startswith("SV1") and _money(row)]
    clm = take("CLM") or "CLM*C**05"
    parts = clm.split("*")
    rest = parts[5:] if len(parts) > 5 else ["11:B:1", "Y", "A", "Y", "Y"]
    control = parts[1] if len(parts) > 1 and parts[1] not in ("", "C") else f"CLAIM{number}"
    total = parts[2] if len(parts) > 2 and parts[2] else str(sum(charges, Decimal(0)))
    return [
        f"HL*{number + 1}*1*22*0",
        take("SBR") or "SBR*P*18*******CI",
        *take.all("PAT"),
        take("NM1*IL") or f"NM1*IL*1*DOE*JANE****MI*{person}",
        "N3*1 EXAMPLE ST",
        "N4*SPRINGFIELD*IL*627010001",
        take("DMG") or "DMG*D8*19800101*F",
        take("NM1*PR") or "NM1*PR*2*EXAMPLE PAYER*****PI*99999",
        "*".join(["CLM", control, total, "", "", *rest]),
        *take.all("DTP", "PWK", "REF", "NTE"),
        *take.all("N4", "NM1*85", "PRV*BI")[:0],
        *(take.all("HI") or ["HI*ABK:E538"]),
        *_rendering(take),
        *head,
        *_lines(lines, day),
    ]


def _billing(text: str) -> list[str]:
    """PRV*BI and NM1*85 of the fragment, or the usual ones; a bare PRV*BI leaves the taxonomy out."""
    found = {}
    for usual in ("PRV*BI*PXC*207Q00000X", "NM1*85*2*EXAMPLE CLINIC*****XX*1234567893"):
        row = re.search(rf"^\s*({re.escape(usual[:6])}.*?)~?\s*$", text, flags=re.MULTILINE)
        found[usual] = row[1] if row else usual
    return [row for row in found.values() if row.count("*") > 1]


def _rendering(take) -> list[str]:
    """NM1*82 and PRV*PE of the fragment, or the usual ones; a bare NM1*82 or PRV*PE leaves it out."""
    name = take("NM1*82") or "NM1*82*1*SAMPLE*PAT****XX*1245319599"
    taxonomy = take("PRV*PE") or ("PRV*PE*PXC*207Q00000X" if name.count("*") > 1 else "")
    return [row for row in (name, taxonomy) if row.count("*") > 1]


def _money(row: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", row.split("*")[2]))


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


class _Taker:
    """Takes segments out of a list by their first letters."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows

    def __call__(self, prefix: str) -> str | None:
        found = next((row for row in self.rows if row.startswith(prefix)), None)
        if found is not None:
            self.rows.remove(found)
        return found

    def all(self, *prefixes: str) -> list[str]:
        found = [row for row in self.rows if row.startswith(prefixes)]
        for row in found:
            self.rows.remove(row)
        return found
