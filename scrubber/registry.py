"""Find the rules: each is a module of ``scrubber/rules/<family>/`` called by its code, as ``a03_units``.

The module's ``check`` is the `Rule`. Only the rules that run are imported.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import scrubber.rules
from scrubber.errors import ConfigError, near, nearest
from scrubber.rule import Rule

OTHER_CODES = ("X12-", "ENG-")
_LISTED = ": `scrubber rules` lists them"


@cache
def _modules() -> dict[str, str]:
    """Every code and the module that holds its rule, told by the file's name; sorted by code."""
    found = {}
    for family in pkgutil.iter_modules(scrubber.rules.__path__, "scrubber.rules."):
        if family.ispkg:
            folder = Path(*scrubber.rules.__path__, family.name.rpartition(".")[2])
            for module in pkgutil.iter_modules([str(folder)], family.name + "."):
                code = module.name.rpartition(".")[2].partition("_")[0]
                found["INJ-" + code.upper()] = module.name
    return dict(sorted(found.items()))


def codes() -> tuple[str, ...]:
    """The code of every rule, sorted. No rule is imported for it."""
    return tuple(_modules())


@cache
def _rule(code: str) -> Rule:
    found: Rule = importlib.import_module(_modules()[code]).check
    assert found.code == code, f"the file of {found.code} is called as if it were {code}"
    return found


def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    return tuple(map(_rule, codes()))


class Selection:
    """Which codes are on: prefixes to select and to ignore; the longest that fits a code decides.

    A rule that is off by default is on only when its whole code is selected, whatever shorter prefix
    fits it; selecting ``INJ`` and ``INJ-C03`` runs all others and that one.

    Raises ConfigError for a prefix that no code begins with.
    """

    def __init__(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> None:
        self._select = tuple(prefix.upper() for prefix in select)
        self._ignore = tuple(prefix.upper() for prefix in ignore)
        known = codes()
        for prefix in (*self._select, *self._ignore):
            fits = any(code.startswith(prefix) for code in known)
            other = any(prefix.startswith(code) or code.startswith(prefix) for code in OTHER_CODES)
            if not prefix or not (fits or other):
                hint = near(prefix, known, _LISTED)
                raise ConfigError(f'no rule begins with "{prefix}"{hint}')

    def __contains__(self, code: str) -> bool:
        selected = max((len(p) for p in self._select if code.startswith(p)), default=-1)
        ignored = max((len(p) for p in self._ignore if code.startswith(p)), default=-1)
        if selected < 0 and ignored < 0:
            return not self._select and self._on(code)
        return selected > ignored and self._on(code)

    def _on(self, code: str) -> bool:
        """Whether a rule runs without being named, or was named."""
        return code in self._select or code not in _modules() or _rule(code).default

    def rules(self) -> tuple[Rule, ...]:
        """The rules that are on, by code."""
        return tuple(_rule(code) for code in codes() if code in self)


def find_rule(code: str) -> Rule:
    """The rule with that code (either case, with or without ``INJ-``) or name. Raises ConfigError."""
    wanted = code.upper()
    for one in all_rules():
        if wanted in (one.code, one.code.removeprefix("INJ-")) or code.lower() == one.name:
            return one
    known = {name: one.code for one in all_rules() for name in (one.code, one.name.upper())}
    full = wanted if wanted.startswith("INJ-") or len(wanted) > 4 else f"INJ-{wanted}"
    meant = nearest(full, known)
    hint = f": did you mean {known[meant]}?" if meant else _LISTED
    raise ConfigError(f'no rule "{code}"{hint}')
