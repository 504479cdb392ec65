"""Missed claims by what they have in common: the next rules to write."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from scrubber.qa.result import ClaimRow, MissedGroup

if TYPE_CHECKING:
    from scrubber.qa.result import CauseRow

_PARTNERS: Final = 3  # codes beside that of the refused line


class _Key(NamedTuple):
    kind: str
    cause: str
    remarks: tuple[str, ...]
    procedure: str
    payer_class: str


def missed_groups(rows: Sequence[ClaimRow]) -> list[MissedGroup]:
    """The groups of missed claims, the dearest first. A claim with several causes is in several groups."""
    groups: defaultdict[_Key, dict[int, ClaimRow]] = defaultdict(dict)
    for row in rows:
        if row.verdict == "missed" and row.overridden != "waived":
            for cause in row.causes:
                if cause.scope == "coding":
                    groups[_key(row, cause)][row.number] = row
    answered = [row for row in rows if row.state not in ("held", "open")]
    alike = _Alike(answered)
    found = [_group(key, list(group.values()), alike) for key, group in groups.items()]
    return sorted(found, key=lambda one: (-one.cents, -one.claims, one.cause, one.codes, one.payer_class))


def _key(row: ClaimRow, cause: CauseRow) -> _Key:
    name = f"{cause.group}-{cause.code}" if cause.group else cause.code
    return _Key(cause.kind, name, cause.remarks, cause.procedure, row.payer_class)


def _group(key: _Key, group: Sequence[ClaimRow], alike: _Alike) -> MissedGroup:
    beside = Counter(code for row in group for code in set(row.procedures) - {key.procedure, ""})
    shared = sorted((-count, code) for code, count in beside.items() if 10 * count >= 9 * len(group))
    partners = tuple(code for _, code in shared[:_PARTNERS])
    codes = (key.procedure, *partners) if key.procedure else partners
    payers = tuple(sorted({row.payer for row in group}))
    return MissedGroup(
        codes=codes,
        cause=key.cause,
        kind=key.kind,
        remarks=key.remarks,
        payer_class=key.payer_class,
        payers=payers,
        claims=len(group),
        alike=alike.count(codes, key.payer_class, payers[0] if len(payers) == 1 else ""),
        cents=sum(row.cents for row in group),
        rows=tuple(row.number for row in group),
    )


class _Alike:
    """Counts answered claims by procedure codes, payer class and payer."""

    def __init__(self, rows: Iterable[ClaimRow]) -> None:
        self._rows = list(rows)
        self._of_code: dict[str, list[ClaimRow]] = {}

    def count(self, codes: Sequence[str], payer_class: str, payer: str) -> int:
        """How many have all these codes, of a payer class, and of a payer when it is given."""
        among = self._with(codes[0]) if codes else self._rows
        return sum(
            row.payer_class == payer_class
            and (not payer or row.payer == payer)
            and all(code in row.procedures for code in codes)
            for row in among
        )

    def _with(self, code: str) -> list[ClaimRow]:
        if code not in self._of_code:
            self._of_code[code] = [row for row in self._rows if code in row.procedures]
        return self._of_code[code]
