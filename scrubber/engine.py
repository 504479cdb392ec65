"""Run the rules over the claims of a batch that hold a code of the injection family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from loops import Batch, Claim, Problem, ServiceLine
from scrubber.context import INJECTION, Context
from scrubber.finding import Expected, Finding, Outcome, Severity, disposition
from scrubber.payers import Payers, Profile
from scrubber.rule import Hit, Rule
from scrubber.rules.gates import Gates
from scrubber.tables import Citation, TableError, Tables

CRASH: Final = "ENG-01"
_KEPT_CLAIMS: Final = 64
_KEPT_CITATIONS: Final = 4096
_CONFIRMED: Final = "confirmed"
_NOTHING: Final = Expected()


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim that was judged, with its findings in the order of the file."""

    claim: Claim
    findings: tuple[Finding, ...]


# Values of drugs.admin of a form that is injected into muscle or under the skin.
_INJECTED: Final = frozenset({INJECTION, "96401", "96402", "G0012", "rsv-admin"})


def subjects(tables: Tables) -> frozenset[str]:
    """The procedure codes whose claims are judged.

    The administration codes of the injection family, the retired codes that
    stood for one of them, and the drugs that are injected: one without its
    administration is a fault too.
    """
    family = {row["code"] for row in tables.table("admin_codes").rows()}
    retired = {row["code"] for row in tables.table("retired_codes").rows() if row["replacement"] in family}
    drugs = {row["code"] for row in tables.table("drugs").rows() if row["admin"] in _INJECTED}
    return frozenset({INJECTION, *family, *retired, *drugs})


class Engine:
    """Judges one batch. `rules` are those that are on; `passes` asks for findings of outcome ``pass`` too.

    `profile` is that of all claims, or gives each claim its own; None recognises the payers that are bundled.
    `gates` are those of the rules and tables, where they were made before: it takes as long as a small batch.
    """

    def __init__(
        self,
        batch: Batch,
        rules: tuple[Rule, ...],
        tables: Tables,
        profile: Profile | Payers | None = None,
        *,
        passes: bool = False,
        gates: Gates | None = None,
    ) -> None:
        self.batch = batch
        self.rules = rules
        self.tables = tables
        self.payers = profile if isinstance(profile, Payers) else Payers(profile)
        self.passes = passes
        self._cache: dict[int, Claim] = {}
        self._complete = _Completion(batch, tables)
        self._of_person = _claims_by_person(batch)
        self._gates = gates or Gates(rules, tables)

    def run(self) -> Iterator[Judged]:
        """Every claim that holds a code of the family, judged, in file order."""
        for number in self.batch.wanted():
            yield self.judge(number)

    def judge(self, number: int) -> Judged:
        """Judge claim `number` (from 0)."""
        claim = self._claim(number)
        others = self._others(number, claim)
        context = Context(claim, self.payers.of(claim), self.tables, others)
        findings: list[Finding] = []
        passes = self.passes
        for rule in self.rules if passes else self._gates.open(claim, others):
            if context.asked or context.gaps or context.habits:
                context.begin()
            try:
                hits = [*rule.check(claim, context)]
            except TableError:
                raise  # a matter of the installation, not of this claim
            except Exception as fault:  # noqa: BLE001 - one crashing rule must not stop the run
                findings.append(self._crashed(rule, context, type(fault).__name__))
                continue
            if hits or passes or context.gaps:  # most rules are silent on most claims
                findings += self._completed(rule, context, hits)
        findings.sort(key=lambda one: (one.byte_start, one.rule, one.byte_end, one.message))
        return Judged(claim, tuple(findings))

    def _completed(self, rule: Rule, context: Context, hits: list[Hit]) -> list[Finding]:
        if context.gaps and not any(hit.outcome is Outcome.FAIL for hit in hits):
            hits += _unanswered(context)
        if self.passes and not hits:
            hits = [Hit(context.claim.clm.spot(1), f"{rule.code} finds no fault", outcome=Outcome.PASS)]
        if context.profile.changes:
            hits = [hit for hit in hits if not context.profile.off(rule.code, _day(hit, context.claim))]
        return [self._complete(rule, context, hit) for hit in hits]

    def _crashed(self, rule: Rule, context: Context, fault: str) -> Finding:
        # The text of the exception may hold data of the claim: only its kind is told.
        says = f"rule {rule.code} broke on this claim ({fault}): judge it by hand"
        hit = Hit(context.claim.clm.spot(1), says, outcome=Outcome.NO_DATA, evidence={"rule": rule.code})
        broken = replace(rule, code=CRASH, name="rule-broke", severity=Severity.ADVISE, citations=())
        return self._complete(broken, context, hit)

    def _claim(self, number: int) -> Claim:
        claim = self._cache.get(number)
        if claim is None:
            if len(self._cache) >= _KEPT_CLAIMS:
                self._cache.clear()
            claim = self._cache[number] = self.batch.claim(number)
        return claim

    def _others(self, number: int, mine: Claim) -> tuple[Claim, ...]:
        """Other claims of the same patient that the same payer gets, without copies that replace or void."""
        theirs = self._of_person.get(self.batch.index.person[number], ())
        others = [self._claim(n) for n in theirs if n != number]
        return tuple([other for other in others if _counts_beside(mine, other)])


def _claims_by_person(batch: Batch) -> dict[int, list[int]]:
    index = batch.index
    wanted = {index.person[number] for number in batch.wanted()}
    wanted.discard(0)
    found: dict[int, list[int]] = defaultdict(list)
    for number, person in enumerate(index.person):
        if person in wanted:
            found[person].append(number)
    return {person: numbers for person, numbers in found.items() if len(numbers) > 1}


def _counts_beside(mine: Claim, other: Claim) -> bool:
    if other.frequency == "8":
        return False
    if other.id == mine.id and {mine.frequency, other.frequency} & {"7", "8"}:
        return False  # the one takes the place of the other
    return _destination(mine) == _destination(other)


def _destination(claim: Claim) -> tuple[str, str, str]:
    subscriber = claim.subscriber
    if subscriber is None:
        return "", "", ""
    return subscriber.responsibility, subscriber.payer.filing, subscriber.payer.id


class _Ordinals:
    """Ordinals of segments in their transaction, counted on from claim to claim."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._counted = (-1, 0, 0)  # offset of ST, offset counted to, terminators before it
        self._text = b""  # of the claim counted to

    def at(self, claim: Claim, offset: int) -> int:
        """Ordinal of the segment at `offset`, in the transaction of `claim` (ST is 1)."""
        start, first, terminator = claim.envelope.start, claim.start, claim.clm.delimiters.terminator
        begin, position, count = self._counted
        if begin != start or position != first:
            if begin != start or position > first:
                position, count = start, 0
            count += self._bytes(position, first).count(terminator)
            self._counted = start, first, count
            self._text = self._bytes(first, claim.end)
        if offset < first:
            return self._bytes(start, offset).count(terminator) + 1
        return count + self._text.count(terminator, 0, offset - first) + 1

    def _bytes(self, start: int, end: int) -> bytes:
        return bytes(self._batch.source.data[start:end])


class _Completion:
    """Makes findings of the hits of rules. What many findings have in common is worked out once."""

    def __init__(self, batch: Batch, tables: Tables) -> None:
        self._name = batch.name
        self._tables = tables
        self._ordinals = _Ordinals(batch)
        self._cited: dict[tuple[object, ...], tuple[Citation, ...]] = {}
        self._vintages: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}

    def __call__(self, rule: Rule, context: Context, hit: Hit) -> Finding:
        claim, at = context.claim, hit.at
        envelope = claim.envelope
        line = hit.lines[0] if hit.lines else None
        severity, why = _severity(rule, context, hit)
        return Finding(
            rule=rule.code,
            name=rule.name,
            severity=severity,
            outcome=hit.outcome,
            message=hit.says,
            file=self._name,
            isa13=envelope.isa13,
            gs06=envelope.gs06,
            st02=envelope.st02,
            claim=claim.id,
            claim_index=claim.index,
            line=line.number if line else None,
            lines=tuple([one.number for one in hit.lines]),
            place=at.place,
            segment=self._ordinals.at(claim, at.start),
            byte_start=at.start,
            byte_end=at.end,
            service_date=line.first_day if line else None,
            payer_class=context.payer_class,
            evidence={**hit.evidence, **why} if why else dict(hit.evidence),
            citations=self._citations(rule, context, hit),
            tables=self._asked(context),
            expected=rule.expected if hit.outcome is Outcome.FAIL else _NOTHING,
            dollars=_dollars(hit, line),
            fix=hit.fix,
            disposition=disposition(severity, hit.outcome, hit.fix),
        )

    def _citations(self, rule: Rule, context: Context, hit: Hit) -> tuple[Citation, ...]:
        if not hit.rests_on and not context.habits:
            return rule.citations
        key = (rule.code, *context.habits, *[fact.row.cite for fact in hit.rests_on])
        found = self._cited.get(key)
        if found is None:
            if len(self._cited) >= _KEPT_CITATIONS:
                self._cited.clear()
            found = self._cited[key] = self._all_citations(rule, context, hit)
        return found

    def _all_citations(self, rule: Rule, context: Context, hit: Hit) -> tuple[Citation, ...]:
        ids = dict.fromkeys(ident for fact in hit.rests_on for ident in fact.row.cite)
        tables = (self._tables.citation(ident) for ident in ids)
        habits = (
            Citation(habit.source, f"{habit.key}: {habit.value}", habit.url, habit.checked_on)
            for habit in context.habits
            if habit.source and habit.checked_on
        )
        return (*habits, *rule.citations, *tables)

    def _asked(self, context: Context) -> tuple[tuple[str, str], ...]:
        """The tables that were asked, each with its vintage."""
        names = tuple(context.asked)
        found = self._vintages.get(names)
        if found is None:  # as many as there are ways through the rules: few
            told = [(name, table.vintage) for name, table in context.asked.items()]
            found = self._vintages[names] = tuple(sorted(told))
        return found


def _severity(rule: Rule, context: Context, hit: Hit) -> tuple[Severity, dict[str, str]]:
    """The severity, and as evidence what made another of it than the rule."""
    severity, profile = hit.severity or rule.severity, context.profile
    wanted = profile.severity(rule.code, _day(hit, context.claim)) if profile.changes else ""
    if wanted and wanted != severity:
        return Severity(wanted), {"severity_set_by": profile.name}
    if severity is Severity.ADVISE:
        return severity, {}
    for fact in hit.rests_on:
        if fact.confidence != _CONFIRMED:
            because = f"a table row it rests on is not confirmed ({fact.confidence})"
            return Severity.ADVISE, {"lowered_because": because}
    return severity, {}


def _dollars(hit: Hit, line: ServiceLine | None) -> Decimal:
    if hit.dollars is not None:
        return hit.dollars
    return line.charge if line and line.charge else Decimal(0)


def _day(hit: Hit, claim: Claim) -> date | None:
    """The day of the service that a hit is about; of the claim's first line where it is about the claim."""
    lines = hit.lines or claim.lines
    return lines[0].first_day if lines else None


def _unanswered(context: Context) -> Iterator[Hit]:
    """One ``no_data`` hit a table that could not answer."""
    for table, gap in {gap.table: gap for gap in reversed(context.gaps)}.items():
        line = gap.line
        at = line.sv1.spot(1) if line else context.claim.clm.spot(1)
        says = f"not judged: {gap.reason}"
        lines = (line,) if line else ()
        yield Hit(at, says, lines, outcome=Outcome.NO_DATA, evidence={"table": table})


def envelope_finding(problem: Problem, batch: Batch) -> Finding:
    """A fault of the envelope that the reader met, as a finding without claim."""
    return Finding(
        rule=problem.code,
        name=problem.code.removeprefix("X12-").lower(),
        severity=Severity.REJECT,
        outcome=Outcome.FAIL,
        message=problem.message,
        file=batch.name,
        isa13="",
        gs06="",
        st02="",
        claim=None,
        claim_index=None,
        line=None,
        lines=(),
        place="ISA",
        segment=None,
        byte_start=problem.start,
        byte_end=problem.end,
        service_date=None,
        payer_class="unknown",
        evidence={"snip": 1},
        disposition="hold",
    )
