"""Findings as a page to read: the totals, the contents by severity and rule, and each claim with its faults.

A claim comes from its tree (`scrubber.report.xml.claim_tree`) by ``claim.xsl`` beside this module.
A page must open: it shows the worst claims up to a number, and counts the others.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from scrubber.finding import Outcome, Severity
from scrubber.report import page

if TYPE_CHECKING:
    from lxml import etree
    from markupsafe import Markup

    from loops import Batch
    from scrubber.checker import Checked
    from scrubber.finding import Finding
    from scrubber.report.form import Look
    from scrubber.report.tally import RuleTally, Tally

MOST: Final = 500
"""Claims on a page: about 5 MB, which a browser opens at once."""
_FINDINGS: Final = 100  # of one claim
_BYTES: Final = 12 << 20  # of the trees of a page: three times what 500 common claims have
_KINDS: Final = tuple(sorted(Severity, key=lambda one: -one.rank))
_QUIET: Final = {
    "bypassed": "answered by a modifier",
    "waived": "waived",
    "no_data": "that could not be judged",
}


class Html:
    """The report: items are JSON lines, of which `compose` makes the page.

    `most` is how many claims the page shows, the worst of all files.
    """

    between = ""

    def __init__(self, look: Look, most: int = MOST) -> None:
        self._look = look
        self._most = most
        self._kept = dict.fromkeys(range(-1, len(_KINDS)), 0)

    def head(self, run: Mapping[str, Any]) -> str:  # noqa: ARG002 - the page says what was found
        """Nothing."""
        return ""

    def items(self, batch: Batch | None, checked: Checked) -> Iterator[str]:
        """A line for the findings that stand together: how bad, by which rules, and the tree to be shown.

        There is no tree where this file alone has enough worse ones before. What is about the run is
        in the tally.
        """
        if batch is None:
            return
        found = [one for one in checked.findings if self._look.all_outcomes or _failed(one)]
        if found:
            rank = max(_rank(one) for one in found)
            row = {
                "rank": rank,
                "file": found[0].file,
                "claim": found[0].claim,
                "rules": sorted({(one.rule, one.severity.value) for one in found if _failed(one)}),
            }
            if sum(count for other, count in self._kept.items() if other >= rank) < self._most:
                self._kept[rank] += 1
                row |= self._tree(batch, found)
            yield json.dumps(row) + "\n"

    def _tree(self, batch: Batch, found: list[Finding]) -> dict[str, Any]:
        from scrubber.report.xml import claim_tree  # noqa: PLC0415 - lxml is for those who want a page

        worst = sorted(found, key=_rank, reverse=True)[:_FINDINGS]
        number = found[0].claim_index - 1 if found[0].claim_index else None
        tree = claim_tree(batch, number, worst, masked=self._look.mask)
        return {"tree": tree.decode(), "more": len(found) - len(worst)}

    def tail(self, tally: Tally) -> str:  # noqa: ARG002 - see compose
        """Nothing."""
        return ""

    def compose(self, items: BinaryIO, tally: Tally, out: BinaryIO) -> None:
        """Write the page of the lines in `items` and the counts of the run."""
        count, names, heads = 0, set[str](), []
        for count, head in enumerate(_heads(items), 1):  # noqa: B007 - the count is wanted after
            if len(names) < 2:
                names.add(head.file)
            heads.append(head)
            if len(heads) >= 2 * self._most:
                heads = _worst(heads, self._most)
        chosen = sorted(_within(_worst(heads, self._most)), key=lambda head: head.offset)
        links = _links(chosen)
        one_file = tally.files == 1 and len(names) == 1
        page.write(
            out,
            "claims.html",
            title=f"Findings in {names.pop()}" if one_file else "Findings",
            subtitle="" if one_file else f"{tally.files:,} files",
            tally=tally,
            kinds=[kind.value for kind in _KINDS],
            rules=[_Rule(code, kind, of, links[code, kind]) for (code, kind), of in _by_severity(tally)],
            codes=sorted({code for head in chosen for code, _ in head.rules}),
            unshown=[] if self._look.all_outcomes else _unshown(tally),
            shown=len(chosen),
            left_out=count - len(chosen),
            claims=_articles(items, chosen),
        )


class _Head(NamedTuple):
    """What is known of a line of the items without its tree; the worst sorts first."""

    worst: int
    offset: int
    size: int
    file: str
    claim: str | None
    rules: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line of the contents: the rule with one severity, its counts, and (anchor, name) of its claims."""

    code: str
    severity: str
    tally: RuleTally
    links: list[tuple[str, str]]


def make(look: Look) -> Html:
    """Make the report."""
    return Html(look)


def _failed(finding: Finding) -> bool:
    return finding.outcome is Outcome.FAIL


def _rank(finding: Finding) -> int:
    return finding.severity.rank if _failed(finding) else -1


def _heads(items: BinaryIO) -> Iterator[_Head]:
    items.seek(0)
    offset = 0
    for line in items:
        row = json.loads(line)
        rules = [(code, severity) for code, severity in row["rules"]]
        yield _Head(-row["rank"], offset, len(line), row["file"], row["claim"], rules)
        offset += len(line)


def _worst(heads: Iterable[_Head], most: int) -> list[_Head]:
    return heapq.nsmallest(most, heads, key=lambda head: (head.worst, head.offset))


def _within(heads: list[_Head]) -> Iterator[_Head]:
    """As many of the heads as make a page that opens, and one at least."""
    size = 0
    for head in heads:
        size += head.size
        if size > _BYTES and size > head.size:
            return
        yield head


def _anchor(number: int) -> str:
    return f"claim-{number}"


def _links(chosen: list[_Head]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Anchors and names of the claims shown, by (rule, severity)."""
    links = defaultdict(list)
    for number, head in enumerate(chosen, 1):
        for rule in head.rules:
            links[rule].append((_anchor(number), head.claim or "outside the claims"))
    return links


def _by_severity(tally: Tally) -> list[tuple[tuple[str, str], RuleTally]]:
    return sorted(tally.rules.items(), key=lambda one: (-Severity(one[0][1]).rank, one[0][0]))


def _unshown(tally: Tally) -> list[str]:
    return [f"{tally.outcomes[name]:,} {said}" for name, said in _QUIET.items() if tally.outcomes[name]]


def _articles(items: BinaryIO, chosen: list[_Head]) -> Iterator[Markup]:
    """Each claim shown as HTML, made when it is asked for."""
    from lxml import etree  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    look = _stylesheet()
    for number, head in enumerate(chosen, 1):
        items.seek(head.offset)
        row = json.loads(items.readline())
        made = look(
            etree.fromstring(row["tree"].encode()),
            anchor=etree.XSLT.strparam(_anchor(number)),
            more=str(row["more"]),
        )
        yield Markup(str(made))  # noqa: S704 - the stylesheet writes text of a claim as text


@cache
def _stylesheet() -> etree.XSLT:
    """``claim.xsl``, which may read and write nothing but its tree."""
    from lxml import etree  # noqa: PLC0415

    with as_file(files("scrubber.report").joinpath("claim.xsl")) as path:
        closed = etree.XSLTAccessControl.DENY_ALL  # type: ignore[attr-defined]  # not in the stubs
        return etree.XSLT(etree.parse(str(path)), access_control=closed)
