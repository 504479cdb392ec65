"""Check a batch as a whole: the guide, then the rules, in the order of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import loops
from scrubber.engine import Engine, Judged, envelope_finding, subjects
from scrubber.finding import Outcome
from scrubber.payers import Payers
from scrubber.registry import Selection, codes
from scrubber.rules.gates import Gates
from scrubber.tables import Tables, load_tables

if TYPE_CHECKING:
    from loops import Batch, Claim
    from loops.source import Readable
    from loops.validate import GuideProblem
    from scrubber.finding import Finding
    from scrubber.payers import Profile
    from scrubber.waivers import Waivers


_STRUCTURE: Final = "INJ-A"
_GUIDE: Final = "X12-"


@dataclass(frozen=True, slots=True)
class Checked:
    """Findings that stand together: those of one claim, or of what stands outside the claims.

    `claim` is None outside claims, and for a claim that no rule looked at (only the guide did).
    """

    claim: Claim | None
    findings: tuple[Finding, ...]


class Checker:
    """Checks batches with profiles and one selection of rules.

    `profile` is that of all claims, or gives each claim its own; None recognises the payers that are
    bundled. Raises ConfigError for a prefix in `select`, `ignore` or a profile that no code begins with,
    TableMissing when the table of administration codes is not there. `waivers` are what
    `scrubber.waivers.open_waivers` gives.
    """

    def __init__(
        self,
        profile: Profile | Payers | None = None,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        *,
        guide: bool = True,
        passes: bool = False,
        tables: Tables | None = None,
        waivers: Waivers | None = None,
    ) -> None:
        self.waivers = waivers
        self.payers = profile if isinstance(profile, Payers) else Payers(profile)
        self.payers.check_codes(codes())
        self.guide = guide
        self.passes = passes
        self.tables = tables or load_tables()
        self.selection = Selection(select, ignore)
        self.rules = self.selection.rules()
        self.subjects = subjects(self.tables)

    @property
    def profile(self) -> Profile | None:
        """The profile of all claims; None when each payer is recognised."""
        return self.payers.fixed

    @cached_property
    def _gates(self) -> Gates:
        return Gates(self.rules, self.tables)

    def read(self, source: Readable, name: str | None = None) -> Batch:
        """Read a batch so that the claims that rules look at are known.

        Raises as `loops.read` does, and NotX12Error when there is no 837 professional in it.
        """
        return read_837p(source, name, self.subjects)

    def run(self, batch: Batch, problems: Iterable[GuideProblem] | None = None) -> Iterator[Checked]:
        """Check a batch that `read` gave, in the order of the file.

        A claim that rules looked at comes even when nothing was found. `problems` as in
        `scrubber.guide.guide_findings`.
        """
        engine = Engine(batch, self.rules, self.tables, self.payers, passes=self.passes, gates=self._gates)
        found = merged(engine.run(), self._outside_rules(batch, problems))
        return found if self.waivers is None else self._waived(batch, found, self.waivers)

    def _waived(self, batch: Batch, found: Iterable[Checked], waivers: Waivers) -> Iterator[Checked]:
        for one in found:
            yield Checked(one.claim, waivers.over(batch, one.claim, one.findings, self.payers))

    def on_waivers(self, used: Collection[int] | None = None) -> list[Finding]:
        """Findings on the waivers themselves, after all batches: those that expired, those that met nothing.

        A waiver of a rule that is off is not said to be unused. `used` as in `Waivers.findings`.
        """
        if self.waivers is None:
            return []
        return [
            finding
            for finding in self.waivers.findings(used)
            if finding.rule in self.selection and self._runs(finding.evidence["rule"])
        ]

    def _runs(self, code: str) -> bool:
        return code in self.selection and (self.guide or not code.startswith(_GUIDE))

    def _outside_rules(self, batch: Batch, problems: Iterable[GuideProblem] | None) -> Iterator[Finding]:
        """Findings that no rule made: of the guide when asked for, else of the envelope alone."""
        if self.guide:
            from scrubber.guide import guide_findings  # noqa: PLC0415 - costly, and not always asked for

            found = guide_findings(batch, self.payers, problems)
        else:
            told = sorted(batch.index.problems, key=lambda one: one.start)
            found = (envelope_finding(problem, batch) for problem in told)
        return (finding for finding in found if finding.rule in self.selection)


def read_837p(source: Readable, name: str | None, codes: frozenset[str] = frozenset()) -> Batch:
    """Read as `loops.read` does; NotX12Error names what it is when there is no 837 professional in it."""
    batch = loops.read(source, name=name, codes=codes)
    if not batch.index.set_start:
        reason = left_out(batch) or "there is no transaction in it: get the file again"
        batch.close()
        raise loops.NotX12Error(reason)
    return batch


def left_out(batch: Batch) -> str:
    """One line that names the transactions of other kinds in a batch; empty when there are none."""
    kinds = Counter(foreign.what for foreign in batch.index.foreign)
    if not kinds:
        return ""
    named = ", ".join(f"{count} x {what}" if count > 1 else what for what, count in kinds.items())
    return f"not read: {named}; only 837 professional is (005010X222, X222A1, X222A2)"


def merged(judged: Iterable[Judged], others: Iterable[Finding]) -> Iterator[Checked]:
    """Put findings that come in file order where they belong among claims that do.

    Where a rule of structure (INJ-A) has told the fault of a place, the guide's
    plainer word on the same place is left out: one fault is told once.
    """
    waiting = _Ahead(others)
    for one in judged:
        yield from _grouped(waiting.before(one.claim))
        told = {found.byte_start for found in one.findings if _tells_structure(found)}
        others_inside = (other for other in waiting.of(one.claim) if other.byte_start not in told)
        inside = sorted((*one.findings, *others_inside), key=lambda finding: finding.byte_start)
        yield Checked(one.claim, tuple(inside))
    yield from _grouped(waiting.rest())


def _tells_structure(finding: Finding) -> bool:
    return finding.rule.startswith(_STRUCTURE) and finding.outcome == Outcome.FAIL


class _Ahead:
    """An iterator of findings of which one is looked at ahead."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = iter(findings)
        self._next = next(self._findings, None)

    def before(self, claim: Claim) -> Iterator[Finding]:
        """Those of earlier claims, and those outside claims that stand before it."""
        while (one := self._next) is not None and (
            one.byte_start < claim.start if one.claim_index is None else one.claim_index < claim.index
        ):
            yield self._take(one)

    def of(self, claim: Claim) -> Iterator[Finding]:
        """Those of the claim."""
        while (one := self._next) is not None and one.claim_index == claim.index:
            yield self._take(one)

    def rest(self) -> Iterator[Finding]:
        """All that are left."""
        while (one := self._next) is not None:
            yield self._take(one)

    def _take(self, one: Finding) -> Finding:
        self._next = next(self._findings, None)
        return one


def _grouped(findings: Iterable[Finding]) -> Iterator[Checked]:
    group: list[Finding] = []
    for finding in findings:
        if group and group[-1].claim_index != finding.claim_index:
            yield Checked(None, tuple(group))
            group = []
        group.append(finding)
    if group:
        yield Checked(None, tuple(group))
