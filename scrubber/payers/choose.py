"""Which of several profiles a claim means, by what SBR09 and the states say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scrubber.payers.classes import payer_class
from scrubber.payers.index import Entry

if TYPE_CHECKING:
    from loops import Claim, Segment

# Under these values of SBR09 plans of every line of an insurer are sent: they do not tell one from the other.
_LOOSE: Final = frozenset({"", "CI", "HM", "ZZ"})
_ADVANTAGE: Final = "medicare-advantage"
# Programmes of their own, no insurer's line of business: to contradict one is a fault of the claim.
_PROGRAMMES: Final = frozenset({"medicare", "tricare", "va", "workers-comp", "auto"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A profile chosen, the payer class on this claim, and whether its habits may decide."""

    entry: Entry
    payer_class: str
    sure: bool


class Where:
    """The states of a claim; `asked` tells whether somebody wanted to know."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self.asked = False

    @property
    def home(self) -> str:
        """Where the subscriber lives (2010BA N4-02)."""
        self.asked = True
        return _state(self._claim.subscriber.segments, "2010BA") if self._claim.subscriber else ""

    @property
    def practice(self) -> str:
        """Where the billing provider is (2010AA N4-02)."""
        self.asked = True
        return _state(self._claim.billing_segments, "2010AA")


def choose(entries: list[Entry], filing: str, where: Where) -> Choice | None:
    """The profile, of those of an id or name, that SBR09 and the state leave; None: not one.

    Where SBR09 tells nothing and the profiles are of several classes, the one chosen is not sure.
    """
    told = payer_class(filing)
    fitting = [(one, class_) for one in entries if (class_ := _class(one, filing, told))]
    fitting = [pair for pair in fitting if pair[1] == told] or fitting
    if any(entry.states for entry, _ in fitting):
        home = where.home
        local = [pair for pair in fitting if home in pair[0].states]
        fitting = local or [pair for pair in fitting if not pair[0].states]
    if len(fitting) != 1:
        return None
    several = len({entry.classes for entry in entries}) > 1
    return Choice(*fitting[0], sure=not (several and filing in _LOOSE))


def contradicted(entries: list[Entry], filing: str) -> bool:
    """Whether SBR09 names what none of these can be: Medicare for another payer, or the reverse."""
    told = payer_class(filing)
    classes = {class_ for entry in entries for class_ in entry.classes}
    if not classes or told in classes or told == "unknown":
        return False
    return told in _PROGRAMMES or classes <= _PROGRAMMES


def _class(entry: Entry, filing: str, told: str) -> str:
    """The class that a claim to this payer has; empty when SBR09 excludes it."""
    if not entry.classes or told in entry.classes:
        return told
    if told == "unknown" or (told == "other" and not _PROGRAMMES.issuperset(entry.classes)):
        return entry.classes[0] if len(entry.classes) == 1 else told
    if filing in ("CI", "HM") and _ADVANTAGE in entry.classes:
        return _ADVANTAGE
    return ""


def _state(segments: Iterable[Segment], loop: str) -> str:
    return next((one.text(2).strip().upper() for one in segments if one.id == "N4" and one.loop == loop), "")
