"""The result of QA as values: what JSON (``scrubber.qa/1``), CSV, sheets, text and page are made of.

Money is in cents, days are dates. Nothing here says who a patient is: claims are named by CLM01. Each
number of the result is a sum over `ClaimRow`: which ones, the docstrings say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

SCHEMA: Final = "scrubber.qa/1"

State: TypeAlias = Literal["held", "open", "rejected", "denied", "paid"]
"""What a claim has come to.

``held``: it was never sent. ``open``: no final answer, or the payment was taken back. ``rejected``:
refused by a TA1, 999 or 277CA. ``denied``: by an 835, a line of it is enough. ``paid``: settled by an 835,
also where nothing is left to pay after deductible or contract.
"""

Verdict: TypeAlias = Literal[
    "held", "open", "caught", "missed", "false_alarm", "clean_paid", "elsewhere", "elsewhere_alarm"
]
"""What that says of the rules.

``caught`` and ``missed``: rejected or denied for coding, with and without an alarm. ``false_alarm`` and
``clean_paid``: paid, with and without. ``elsewhere``, ``elsewhere_alarm``: rejected or denied for what no
coder can mend, without and with an alarm. An alarm is a finding that failed, of severity reject or deny.
"""

Scope: TypeAlias = Literal["coding", "other", "unlisted"]
"""Whether a coder can mend a cause; ``unlisted``: no table knows the code, it counts as ``other``."""

COUNTED: Final = (
    *("submitted", "held", "answered", "open", "rejected", "denied"),
    *("in_scope", "caught", "missed", "false_alarms", "clean_paid"),
)
"""The keys of `Counts`, those of the contract."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Claims, and the cents of their charges (CLM02), by each key of `COUNTED`."""

    claims: Mapping[str, int]
    cents: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of claims with its Wilson interval (95 %), and the share of dollars; None where of nothing."""

    value: float | None
    low: float | None
    high: float | None
    dollars: float | None


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """A finding: rule, severity, outcome (fail, bypassed, waived, no_data), LX01 of its lines.

    `cents` is the charge at stake, `disposition` what was done for it (pass, fixed, annotated, hold).
    """

    rule: str
    severity: str
    outcome: str
    disposition: str
    lines: tuple[str, ...]
    cents: int

    @property
    def counts(self) -> bool:
        """Whether it is an alarm: it failed, is serious, and was not mended before the claim was sent."""
        return self.outcome == "fail" and self.severity != "advise" and self.disposition != "fixed"


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Why a claim was rejected or denied.

    `kind` is TA1, 999, 277CA or 835. `code` is ``A7:453`` (with the entity: ``A7:562:82``), a CARC, or
    ``IK5:R``; `group` that of the CAS, `remarks` RARCs. `line` is LX01 and `procedure` the code of the
    line it is about, empty when it is the whole claim, or the line was not found. `cents` is the amount
    of the CAS, else the charge of line or claim.
    """

    kind: str
    code: str
    group: str
    remarks: tuple[str, ...]
    scope: Scope
    line: str
    procedure: str
    cents: int

    @property
    def name(self) -> str:
        """In a word: ``CO-16 M53 N56``, ``A7:453``."""
        return " ".join((f"{self.group}-{self.code}" if self.group else self.code, *self.remarks))


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with what was said of it and what became of it. Sent again as it was, it is the same claim.

    `number` is its ordinal in the result, from 1. `file` and `claim_index` are where it stands, `sent_on`
    the day, of the sending that was answered, else the last one (it was sent `times_sent` times); of a
    held claim as it was held. `week` (ISO, ``2026-W36``) and `month` are those of `sent_on`, empty where
    unknown. `provider` is the NPI of the billing provider, `payer` the payer's id (2010BB NM109),
    `procedures` the codes of its lines. `overridden` says how it was sent in spite of an alarm or an edit
    (see `OverrideRow`). `answered_by` is the kind of the final answer, `answered_on` its day, `days` from
    the sending to it, `answer` the file, `matched` how it was found: ``trace``, ``claim``, ``short``,
    ``payer-number``, ``alike``, ``set``. `waiting` says of an open claim what is known: ``nothing``,
    ``acknowledged``, ``returned``, ``forwarded``, ``reversed``. `edits` are names of a payer's own edits
    in free texts. `corrects` and `corrected_by` are numbers of rows, 0 for none.
    """

    number: int
    claim: str
    frequency: str
    file: str
    claim_index: int
    sent_on: date | None
    times_sent: int
    week: str
    month: str
    provider: str
    rendering: str
    payer: str
    payer_class: str
    service_date: date | None
    cents: int
    procedures: tuple[str, ...]
    alarms: tuple[AlarmRow, ...]
    overridden: str
    state: State
    in_scope: bool
    verdict: Verdict
    waiting: str
    answered_by: str
    answered_on: date | None
    days: int | None
    answer: str
    matched: str
    causes: tuple[CauseRow, ...]
    edits: tuple[str, ...] = ()
    corrects: int = 0
    corrected_by: int = 0

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of its alarms, each once."""
        return tuple(dict.fromkeys([one.rule for one in self.alarms if one.counts]))


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule: claims on which it raised an alarm (held ones left out).

    `agreed` are those of `caught` whose cause is one that the rule says will come. `open` have no answer
    yet, `elsewhere` were rejected or denied for something that no coder can mend. `precision` is that of
    caught in caught and false alarms. `held` counts claims that it holds back now. `cents` are the
    charges of `alarms`.
    """

    rule: str
    name: str
    alarms: int
    caught: int
    agreed: int
    false_alarms: int
    open: int
    elsewhere: int
    held: int
    precision: Share
    cents: int
    cents_caught: int
    cents_false: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The claims that have one value of something: a payer, a class, a provider, a week, a month."""

    key: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class CauseCount:
    """Claims whose final answer has one cause; group and remarks as in `CauseRow`."""

    kind: str
    code: str
    group: str
    remarks: tuple[str, ...]
    scope: Scope
    claims: int
    caught: int
    missed: int
    cents: int


@dataclass(frozen=True, slots=True)
class CodeCount:
    """Claims whose final answer has one code of a list: ``status`` (507:508), ``carc``, ``rarc``, ``ack``."""

    list: str
    code: str
    scope: Scope
    claims: int
    caught: int
    missed: int
    cents: int


@dataclass(frozen=True, slots=True)
class MissedGroup:
    """Missed claims that have something in common, where no waiver silenced a rule: the next rule to write.

    `codes` are procedure codes: first that of the refused line, then those that stand beside it on at
    least nine in ten of these claims. `alike` counts the answered claims of the same payer class (of the
    same payer, where there is one) with these codes: `claims` in `alike` tells how sure a rule would be.
    `rows` are numbers of `ClaimRow`.
    """

    codes: tuple[str, ...]
    cause: str
    kind: str
    remarks: tuple[str, ...]
    payer_class: str
    payers: tuple[str, ...]
    claims: int
    alike: int
    cents: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """Claims sent in spite of a rule, and what came of it.

    `how`: ``bypassed`` (a modifier on the claim answers the edit), ``waived`` (a waiver silences the rule
    there), ``approved`` (it was held and a person released it), ``policy`` (the policy of the batch step
    lets such alarms pass). `refused` are rejected or denied for coding, `elsewhere` for something else.
    """

    how: str
    rule: str
    claims: int
    paid: int
    refused: int
    elsewhere: int
    open: int
    cents: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a person changed in a claim: the place as findings say it, values masked (None: nothing there)."""

    place: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A claim that was held, rejected or denied, and came again changed: numbers of rows.

    `how` says how they were put together: ``payer-number`` (REF*F8), ``claim`` (CLM01), ``patient``.
    `suggested` are rules that had a fix to offer, `taken` those of them whose fix is what was done.
    `compared` is false where the bytes are not at hand.
    """

    before: int
    after: int
    how: str
    compared: bool
    changes: tuple[ChangeRow, ...]
    suggested: tuple[str, ...]
    taken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """A change, in how many corrections it was made, and in how many of these the new claim was paid."""

    place: str
    before: str | None
    after: str | None
    corrections: int
    paid: int


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An answer that fits no claim: file, kind (TA1, 999, 277CA, 835), CLM01 as it says, and why."""

    file: str
    kind: str
    claim: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A batch (BHT03 `trace`) whose 277CA counts (QTY, AMT) other claims or dollars than were sent."""

    file: str
    trace: str
    told_claims: int
    sent_claims: int
    told_cents: int
    sent_cents: int


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Days from sending to the final answer: median, 90th percentile and most of the claims in one state."""

    state: State
    claims: int
    median: int
    ninety: int
    most: int


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of answers: how many claims each kind in it speaks of, problems in it, one line each.

    `copy_of` is the file with the same bytes that was read instead; `fault` why it was not wholly read.
    """

    name: str
    claims: Mapping[str, int]
    problems: tuple[str, ...] = ()
    copy_of: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What was compared: `claims` names the source, `mode` is ``ledger``, ``scrubbed`` or ``as-if``.

    `rules` are those that judged (none for a ledger), `select` and `ignore` their selection (of a ledger:
    of its last run), `tables` names and vintages, `config` the configuration of ``as-if``.
    """

    claims: str
    mode: str
    rules: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    tables: tuple[tuple[str, str], ...] = ()
    config: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """All of it. `answers` counts the claim answers that were read by kind, copies of files once.

    `matched` of them found their claim; `match_rate` is the share of the two, None without answers.
    Lists are sorted by what matters: dollars first, weeks and months by time.
    """

    about: About
    claims: Sequence[ClaimRow]
    counts: Counts
    precision: Share
    recall: Share
    answers: Mapping[str, int]
    matched: int
    match_rate: float | None
    unmatched: Sequence[Unmatched]
    by_rule: Sequence[RuleRow]
    relax: Sequence[RuleRow]
    missed_groups: Sequence[MissedGroup]
    by_payer: Sequence[GroupRow]
    by_payer_class: Sequence[GroupRow]
    by_provider: Sequence[GroupRow]
    by_week: Sequence[GroupRow]
    by_month: Sequence[GroupRow]
    by_cause: Sequence[CauseCount]
    by_code: Sequence[CodeCount]
    overridden: Sequence[OverrideRow]
    corrections: Sequence[Correction]
    changes: Sequence[ChangeCount]
    totals: Sequence[TotalRow]
    totals_compared: int
    times: Sequence[TimeRow]
    files: Sequence[AnswerFile]
