"""Which claims stand on the dashboard, and by which words its numbers find them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from scrubber.qa.measure import codes_of, counted

if TYPE_CHECKING:
    from scrubber.qa.result import ClaimRow, Result, Verdict

LIMIT: Final = 5000
"""Claims on a page: so many open in a second, and no one reads on. The other forms have all."""

_EACH: Final = 400  # of a verdict at least, whatever the others need
_VERDICTS: Final[tuple[Verdict, ...]] = (
    *("missed", "caught", "false_alarm", "elsewhere_alarm", "elsewhere", "held", "open", "clean_paid"),
)
VERDICTS: Final[Mapping[Verdict, tuple[str, str]]] = {
    "missed": ("missed", "reject"),
    "caught": ("caught", "good"),
    "false_alarm": ("false alarm", "deny"),
    "elsewhere_alarm": ("other refusal, alarm", ""),
    "elsewhere": ("other refusal", ""),
    "held": ("held", "advise"),
    "open": ("open", ""),
    "clean_paid": ("clean paid", ""),
}
"""What a verdict is called, and the colour of its badge."""


class LeftOut(NamedTuple):
    """Claims of a verdict that are not on the page."""

    name: str
    claims: int
    of: int


def chosen(rows: Sequence[ClaimRow], limit: int = LIMIT) -> tuple[list[ClaimRow], list[LeftOut]]:
    """The claims of the page, and what is left out of it.

    Missed ones stand first, those paid without alarm last; of one verdict corrections, then the dearest.
    """
    groups: defaultdict[Verdict, list[ClaimRow]] = defaultdict(list)
    for row in rows:
        groups[row.verdict].append(row)
    room = limit - sum(min(_EACH, len(group)) for group in groups.values())
    shown: list[ClaimRow] = []
    left: list[LeftOut] = []
    for verdict in _VERDICTS:
        group = sorted(groups[verdict], key=_urgency)
        fits = min(len(group), _EACH + max(room, 0))
        room -= max(fits - _EACH, 0)
        shown += group[:fits]
        if fits < len(group):
            left.append(LeftOut(VERDICTS[verdict][0], len(group) - fits, len(group)))
    return shown, left


def _urgency(row: ClaimRow) -> tuple[bool, int, int]:
    return not (row.corrects or row.corrected_by), -row.cents, row.number


class Words:
    """The words by which links find claims: the ``data-`` attributes of their rows."""

    def __init__(self, result: Result) -> None:
        self._groups: defaultdict[int, list[int]] = defaultdict(list)
        self._pairs: defaultdict[int, list[int]] = defaultdict(list)
        for n, group in enumerate(result.missed_groups, 1):
            for number in group.rows:
                self._groups[number].append(n)
        for n, pair in enumerate(result.corrections, 1):
            self._pairs[pair.before].append(n)
            self._pairs[pair.after].append(n)

    def of(self, row: ClaimRow) -> list[tuple[str, str]]:
        """The attributes of a claim, words with spaces between; those without words are left out."""
        words: dict[str, Iterable[object]] = {
            "counted": (*counted(row), *_more(row)),
            "alarm": ("yes" if row.rules else "no",),
            "rule": row.rules,
            "cause": {cause.name for cause in row.causes},
            "code": {f"{name}:{code}" for cause in row.causes for name, code in codes_of(cause)},
            "class": (row.payer_class,),
            "payer": (row.payer,),
            "provider": (row.provider,),
            "week": (row.week,),
            "over": _overridden(row),
            "group": self._groups.get(row.number, ()),
            "pair": self._pairs.get(row.number, ()),
        }
        joined = ((name, " ".join(sorted(map(_word, found)))) for name, found in words.items())
        return [(name, text) for name, text in joined if text]


def fill(**words: object) -> str:
    """What a link must say to find the claims with all these words: a query; empty when one is nothing."""
    return urlencode({name: _word(one) for name, one in words.items()}) if all(words.values()) else ""


def _word(value: object) -> str:
    """A value as one word."""
    return str(value).replace(" ", "+")


def _more(row: ClaimRow) -> tuple[str, ...]:
    if row.state == "paid":
        return ("paid",)
    return ("elsewhere",) if row.verdict in ("elsewhere", "elsewhere_alarm") else ()


def _overridden(row: ClaimRow) -> set[str]:
    if row.state == "held":
        return set()
    found = {f"bypassed:{one.rule}" for one in row.alarms if one.outcome == "bypassed"}
    if row.overridden in ("approved", "waived"):
        found |= {f"{row.overridden}:{rule}" for rule in row.rules}
    return found
