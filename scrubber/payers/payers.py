"""The profile of each claim's payer: by payer id, alias, name, Medicare's state, or the class of SBR09."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scrubber.payers.choose import Choice, Where, choose, contradicted
from scrubber.payers.classes import payer_class
from scrubber.payers.keys import unknown
from scrubber.payers.profile import Profile
from scrubber.payers.shelf import Shelf, bundled, read_file, read_folder

if TYPE_CHECKING:
    from loops import Claim
    from scrubber.payers.reading import Document

_GENERIC: Final = {
    "medicare": "generic-medicare",
    "medicaid": "generic-medicaid",
    "commercial": "generic-commercial",
}
_KEPT: Final = 4096


class Payers:
    """Gives the profile of each claim.

    `fixed` is the profile of all claims. Without it the payer is recognised, among the profiles of
    `own` first and the bundled ones after. Cheap to make; asked again about a payer it remembers.
    """

    def __init__(
        self, fixed: Profile | None = None, own: Shelf | None = None, documents: Iterable[Document] = ()
    ) -> None:
        self.fixed = fixed
        self._own = own
        self._documents = tuple(documents)
        self._known: dict[tuple[str, ...], Profile | None] = {}

    def names(self) -> frozenset[str]:
        """The names of all profiles that claims may get."""
        if self.fixed is not None:
            return frozenset({self.fixed.name})
        return frozenset({*(self._own.names() if self._own else ()), *bundled().names()})

    def of(self, claim: Claim) -> Profile:
        """The profile of the claim's payer (2000B SBR09, 2010BB NM1). Raises ConfigError: faulty file."""
        if self.fixed is not None:
            return self.fixed
        payer = claim.subscriber.payer if claim.subscriber else None
        key = (payer.filing, payer.id, payer.name) if payer else ("", "", "")
        found = self._known.get(key)
        return found if found is not None else self._learn(claim, key)

    def payer_class(self, claim: Claim) -> str:
        """The class of the claim's payer: that of its profile, else that of SBR09."""
        filing = claim.subscriber.payer.filing if claim.subscriber else ""
        return self.of(claim).payer_class or payer_class(filing)

    def check_codes(self, codes: tuple[str, ...]) -> None:
        """Raise ConfigError for a [[rule]] of the site's own profiles whose code begins none of `codes`."""
        for document in self._documents:
            for number, code in enumerate(document.codes):
                if not any(one.startswith(code) for one in codes):
                    raise document.error(("rule", number, "code"), f"code {unknown(code, codes)}")

    def _learn(self, claim: Claim, key: tuple[str, str, str]) -> Profile:
        """Recognise the payer, and remember it; None stands for one whose profile depends on a state."""
        where = Where(claim)
        if key in self._known:
            found = self._known.get((*key, where.home, where.practice))
            if found is not None:
                return found
        profile = self._recognise(*key, where)
        if len(self._known) > _KEPT:
            self._known.clear()
        self._known[key] = None if where.asked else profile
        if where.asked:
            self._known[*key, where.home, where.practice] = profile
        return profile

    def _recognise(self, filing: str, id_: str, name: str, where: Where) -> Profile:
        filing = filing.strip().upper()
        wrong = None
        for shelf in (self._own, bundled()) if self._own else (bundled(),):
            for entries in (shelf.by_id(id_), shelf.by_name(name)):
                choice = choose(entries, filing, where)
                if choice:
                    return _load(shelf, choice)
                if wrong is None and contradicted(entries, filing):
                    wrong = entries[0]
        if wrong:
            return Profile(wrong.name, "unknown", title=wrong.title, conflict=True)
        return _generic(payer_class(filing), where)


def _generic(told: str, where: Where) -> Profile:
    contractor = bundled().medicare(where.practice) if told == "medicare" else None
    if contractor:
        return _load(bundled(), Choice(contractor, told, sure=False))
    return bundled().load(_GENERIC[told]) if told in _GENERIC else Profile()


def _load(shelf: Shelf, choice: Choice) -> Profile:
    profile = shelf.load(choice.entry.name)
    habits = profile.habits
    if not choice.sure:
        habits = tuple(replace(habit, sure=False) for habit in habits)
    return replace(profile, payer_class=choice.payer_class, habits=habits)


def load_profile(path: Path) -> Profile:
    """Read a profile. Raises ConfigError that names the file, the line and the nearest right word."""
    return read_file(path).profile


def open_payers(path: Path | None = None) -> Payers:
    """The payers of a run: of a profile file for all claims, of a folder by what each claim says, or bundled.

    Raises ConfigError as `load_profile` does, and when two profiles of a folder claim the same payer.
    """
    if path is None:
        return Payers()
    if path.is_dir():
        own = read_folder(path, bundled())
        return Payers(own=own, documents=map(own.document, own.index.entries))
    document = read_file(path)
    return Payers(document.profile, documents=(document,))
