"""The catalogue of rules for a person or a program: the list, and one rule explained."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import loops
from scrubber.engine import Engine, subjects
from scrubber.finding import Finding, Outcome
from scrubber.report.paint import Line, painter, wrap
from scrubber.sample.fragment import batch
from scrubber.tables import Citation, Tables

if TYPE_CHECKING:
    from scrubber.report.form import Look
    from scrubber.rule import Rule

_HOLD = "none: a coder decides"
_OFF = "Off unless its whole code is selected."


@dataclass(frozen=True, slots=True)
class Shown:
    """What a rule says of its first bad example: the message, the fix if any, the tables it asked."""

    message: str
    fix: str
    tables: tuple[tuple[str, str], ...]


def try_out(rule: Rule, tables: Tables) -> Shown:
    """Run a rule on its own first bad example, so that what is explained is what it does."""
    found = [one for text in rule.bad for one in _findings(rule, text, tables)]
    failed = [one for one in found if one.outcome is Outcome.FAIL]
    fixes = {f"{one.fix.safety.value}: {one.fix.title}": None for one in failed if one.fix}
    asked = dict(pair for one in found for pair in one.tables)
    return Shown(failed[0].message if failed else "", "; ".join(fixes) or _HOLD, tuple(sorted(asked.items())))


def _findings(rule: Rule, text: str, tables: Tables) -> Iterator[Finding]:
    with loops.read(batch(text).encode("ascii"), name="example", codes=subjects(tables)) as read:
        for judged in Engine(read, (rule,), tables).run():
            yield from judged.findings


def as_dict(rule: Rule, tables: Tables) -> dict[str, Any]:
    """A rule as JSON data; ``fix`` and ``tables`` are those of its bad example."""
    shown = try_out(rule, tables)
    return {
        "rule": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "default": rule.default,
        "summary": " ".join(rule.summary.split()),
        "why": rule.why,
        "bad": list(rule.bad),
        "good": list(rule.good),
        "message": shown.message,
        "fix": shown.fix,
        "expected": {
            "277ca": list(rule.expected.status),
            "carc": list(rule.expected.carc),
            "rarc": list(rule.expected.rarc),
        },
        "citations": [asdict(one) | {"checked_on": _day(one)} for one in rule.citations],
        "tables": [{"name": name, "vintage": vintage} for name, vintage in shown.tables],
    }


def list_text(rules: Iterable[Rule], look: Look) -> str:
    """The list, a rule in one or more lines: code, severity, name, what it finds."""
    rows = list(rules)
    code = max((len(one.code) for one in rows), default=4)
    name = max((len(one.name) for one in rows), default=4)
    indent = code + 10 + name + 2
    lines: list[Line] = [[("head", f"{'rule':{code}}  {'worst':6}  {'name':{name}}  what it finds")]]
    for rule in rows:
        first, *more = wrap(_summary(rule), max(look.width - indent, 30))
        severity = rule.severity.value
        lines.append([("rule", f"{rule.code:{code}}"), ("", "  "), (severity, f"{severity:6}"),
                      ("", f"  {rule.name:{name}}  {first}")])  # fmt: skip
        lines += [[("", " " * indent + text.lstrip())] for text in more]
    lines.append([("quiet", f"{len(rows)} rules; `scrubber explain CODE` tells more of one.")])
    return painter(look)(lines)


def list_json(rules: Iterable[Rule], tables: Tables) -> str:
    """The list as one JSON document, schema ``scrubber.rules/1``."""
    rows = [as_dict(one, tables) for one in rules]
    return json.dumps({"schema": "scrubber.rules/1", "rules": rows}, indent=1) + "\n"


def list_md(rules: Iterable[Rule]) -> str:
    """The list as a Markdown table."""
    rows = []
    for one in rules:
        summary = _summary(one).replace("|", "\\|")
        rows.append(f"| {one.code} | {one.severity.value} | {one.name} | {summary} |")
    return "\n".join(["| rule | worst | name | what it finds |", "|---|---|---|---|", *rows, ""])


def explain_text(rule: Rule, tables: Tables, look: Look) -> str:
    """One rule for a person."""
    width = look.width - 2
    shown = try_out(rule, tables)
    severity = rule.severity.value
    lines: list[Line] = [[("rule", rule.code), ("", f"  {rule.name}  "), (severity, severity)]]
    lines += _paragraph("", _summary(rule), width)
    lines += _paragraph("Why", rule.why, width)
    for title, examples in (("Bad", rule.bad), ("Good", rule.good)):
        for text in examples:
            lines += [[], [("head", title)]]
            lines += [[("segment", "  " + row)] for row in text.splitlines()]
        if title == "Bad" and shown.message:
            lines += [[(severity, "  " + text)] for text in wrap(f"-> {shown.message}", width)]
    lines += _paragraph("Fix", shown.fix, width)
    expected = rule.expected
    codes = (("277CA", expected.status), ("CARC", expected.carc), ("RARC", expected.rarc))
    answers = ", ".join(f"{name} {' '.join(values)}" for name, values in codes if values)
    lines += _paragraph("Expected answer", answers or "none known", width)
    lines += [[], [("head", "Authority")]]
    for one in rule.citations:
        said = ", ".join(filter(None, (one.title, one.section))) + f" ({_read(one)})"
        lines += [[("", "  " + text)] for text in wrap(said, width)]
        lines += [[("quiet", f"    {one.url}")]] if one.url else []
    if shown.tables:
        named = ", ".join(f"{name} ({vintage})" for name, vintage in shown.tables)
        lines += _paragraph("Tables", named, width)
    return painter(look)(lines)


def _summary(rule: Rule) -> str:
    return " ".join(rule.summary.split()) + ("" if rule.default else f" {_OFF}")


def _paragraph(title: str, text: str, width: int) -> list[Line]:
    lines: list[Line] = [[], [("head", title)]] if title else []
    parts = wrap(" ".join(text.split()), width)
    return lines + [[("", "  " + part.lstrip())] for part in parts]


def _day(citation: Citation) -> str | None:
    return citation.checked_on.isoformat() if citation.checked_on else None


def _read(citation: Citation) -> str:
    return f"read {_day(citation)}" if citation.checked_on else "its page could not be opened"
