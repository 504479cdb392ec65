"""Run a rule on a few segments, in four spellings of the same batch.

Fragments are as `scrubber.sample.fragment` takes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import loops
from scrubber.engine import Engine, subjects
from scrubber.finding import Finding
from scrubber.payers import Profile
from scrubber.registry import find_rule
from scrubber.rule import Rule
from scrubber.sample.fragment import DAY, batch
from scrubber.tables import load_tables

TABLES = load_tables()
SUBJECTS = subjects(TABLES)

SPELLINGS = {
    "usual": ("*", ":", "~", ""),
    "crlf": ("*", ":", "~", "\r\n"),
    "newline": ("*", ":", "\n", ""),
    "other separators": ("|", ">", "!", ""),
}


@dataclass(frozen=True)
class Case:
    """`title` says the matter in words; `lines` are the LX numbers at fault, empty for a good case.

    `fixed` gives the edits of the fixes offered; `fixes` their titles, where they are of many edits.
    """

    title: str
    text: str
    bad: bool
    outcome: str = "fail"
    severity: str | None = None
    place: str | None = None
    line: str | None = None
    fixed: dict[str, str] = field(default_factory=dict)
    fixes: tuple[str, ...] = ()
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
    if case.fixes:
        titles = tuple(one.fix.title for one in found if one.fix and one.outcome == "fail")
        assert titles == case.fixes, f"{case.title}: fixes {titles}"
        return
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
