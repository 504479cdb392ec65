"""Waivers: which faults are put up with, whose, why, and until when (``--waivers FILE``).

The file is TOML::

    [[waiver]]
    rule = "INJ-E02"           # a whole code of a rule or of the guide; no prefix
    claim = "EX-1001"          # CLM01,
    provider = "1000000012"    # or the NPI of the billing or rendering provider,
    payer = "TESTCI"           # or the payer: 2010BB NM109, or the name of its profile
    reason = "agreed with the payer on 2026-10-02"
    until = 2026-12-31         # the last day on which it counts

One of claim, provider and payer must be named; of several each must fit. A waived finding has outcome
``waived`` and says by which waiver: it is counted and listed, but is no fault any more. One that has
expired or that met nothing is a finding itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from loops.values import npi_is_valid
from scrubber.enginefaults import CATALOGUE, WAIVER_EXPIRED, WAIVER_UNUSED
from scrubber.errors import ConfigError, near
from scrubber.finding import Finding, Outcome, Severity
from scrubber.permits import read_permits
from scrubber.registry import codes

if TYPE_CHECKING:
    from loops import Batch, Claim, ServiceLine
    from scrubber.payers import Payers

_WHOSE: Final = ("claim", "provider", "payer")
_TEXTS: Final = ("rule", *_WHOSE, "reason")
_NEEDED: Final = ("rule", "reason")
_GUIDE: Final = "X12-"
_ENGINE: Final = "ENG-"


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver. `number` is its ordinal in the file, from 1; empty `claim`, `provider`, `payer`: any."""

    number: int
    rule: str
    reason: str
    until: date
    claim: str = ""
    provider: str = ""
    payer: str = ""

    def __str__(self) -> str:
        whose = (f"{key} {getattr(self, key)}" for key in _WHOSE if getattr(self, key))
        return f"waiver {self.number} ({', '.join((self.rule, *whose))})"

    def as_dict(self) -> dict[str, Any]:
        """As JSON data: what a waived finding has in its evidence."""
        return {"number": self.number, "reason": self.reason, "until": self.until.isoformat()}


class Waivers:
    """The waivers of one run, judged on the day `today`; `name` is that of their file.

    `used` gathers the numbers of those that met a finding, over all batches.
    """

    def __init__(self, entries: Iterable[Waiver], today: date, name: str = "waivers") -> None:
        self.entries = tuple(entries)
        self.today = today
        self.name = name
        self.used: set[int] = set()
        self._in_force: defaultdict[str, list[Waiver]] = defaultdict(list)
        for waiver in self.entries:
            if waiver.until >= today:
                self._in_force[waiver.rule].append(waiver)

    def over(
        self, batch: Batch, claim: Claim | None, findings: tuple[Finding, ...], payers: Payers
    ) -> tuple[Finding, ...]:
        """The same findings, those of a claim that are waived marked as such; `claim` may be left out."""
        if not any(one.rule in self._in_force for one in findings):
            return findings
        return tuple(self._judged(batch, claim, one, payers) for one in findings)

    def _judged(self, batch: Batch, claim: Claim | None, finding: Finding, payers: Payers) -> Finding:
        waivers = self._in_force.get(finding.rule, ())
        if not waivers or finding.outcome is not Outcome.FAIL or finding.claim_index is None:
            return finding
        claim = claim or batch.claim(finding.claim_index - 1)
        waiver = next((one for one in waivers if _covers(one, claim, finding, payers)), None)
        if waiver is None:
            return finding
        self.used.add(waiver.number)
        evidence = {**finding.evidence, "waiver": waiver.as_dict()}
        return replace(finding, outcome=Outcome.WAIVED, disposition="pass", evidence=evidence)

    def findings(self, used: Collection[int] | None = None) -> Iterator[Finding]:
        """One finding for each waiver that has expired, and for each in force that met nothing.

        `used` are the numbers of those that met something, where several processes did the work.
        """
        met = self.used if used is None else used
        for waiver in self.entries:
            if waiver.until < self.today:
                says = f"{waiver} ended on {waiver.until}: renew it, or take it out"
                yield self._finding(WAIVER_EXPIRED, waiver, says)
            elif waiver.number not in met:
                says = f"{waiver} met no finding: take it out, or mend what it names"
                yield self._finding(WAIVER_UNUSED, waiver, says)

    def _finding(self, code: str, waiver: Waiver, says: str) -> Finding:
        return Finding(
            rule=code,
            name=CATALOGUE[code].name,
            severity=Severity(CATALOGUE[code].severity),
            outcome=Outcome.FAIL,
            message=says,
            file=self.name,
            isa13="",
            gs06="",
            st02="",
            claim=None,
            claim_index=None,
            line=None,
            lines=(),
            place=f"waiver {waiver.number}",
            segment=None,
            byte_start=0,
            byte_end=0,
            service_date=None,
            payer_class="unknown",
            evidence={"waiver": waiver.as_dict(), "rule": waiver.rule},
        )


def _covers(waiver: Waiver, claim: Claim, finding: Finding, payers: Payers) -> bool:
    if waiver.claim and waiver.claim != claim.id:
        return False
    if waiver.provider and waiver.provider not in _providers(claim, finding):
        return False
    if not waiver.payer:
        return True
    id_ = claim.subscriber.payer.id if claim.subscriber else ""
    return waiver.payer in (id_, payers.of(claim).name)


def _providers(claim: Claim, finding: Finding) -> set[str]:
    """NPIs of who billed the claim and who rendered the line of a finding, else any line of the claim."""
    lines: list[ServiceLine | None] = [one for one in claim.lines if one.number == finding.line]
    rendering = [claim.rendering(line) for line in lines or (None, *claim.lines)]
    return {one.npi for one in (claim.billing, *rendering) if one}


def open_waivers(path: Path, today: date) -> Waivers:
    """Read a file of waivers, to be judged on the day `today`.

    Raises ConfigError, one line with the file, the waiver and the key, for what cannot be used.
    """
    rows = read_permits(path, "waiver", _TEXTS, _NEEDED)
    entries = [_waiver(where, number, row) for number, (where, row) in enumerate(rows, 1)]
    return Waivers(entries, today, path.name)


def _waiver(where: str, number: int, row: dict[str, Any]) -> Waiver:
    rule = row["rule"]
    if rule.startswith(_ENGINE):
        raise ConfigError(f"{where}: {rule} is no fault of a claim: it cannot be waived")
    known = _codes_like(rule)
    if rule not in known:
        raise ConfigError(f'{where}: rule "{rule}" is unknown{near(rule, known)}')
    if not any(key in row for key in _WHOSE):
        raise ConfigError(f"{where}: name a claim, a provider or a payer; --ignore {rule} is for all of them")
    if "provider" in row and not npi_is_valid(row["provider"]):
        raise ConfigError(f'{where}: provider "{row["provider"]}" is no NPI: its check digit is wrong')
    return Waiver(number=number, **row)


def _codes_like(rule: str) -> Collection[str]:
    if not rule.startswith(_GUIDE):
        return codes()
    from loops.validate import CATALOGUE as OF_THE_GUIDE  # noqa: PLC0415 - seldom waived, and costly to load

    return OF_THE_GUIDE
