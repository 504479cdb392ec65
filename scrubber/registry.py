"""Find the rules: every module below `scrubber.rules` that holds a `Rule` called ``check``."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

import scrubber.rules
from scrubber.errors import ConfigError
from scrubber.rule import Rule

OTHER_CODES = ("X12-", "ENG-")


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    found = []
    for module in pkgutil.walk_packages(scrubber.rules.__path__, "scrubber.rules."):
        check = getattr(importlib.import_module(module.name), "check", None)
        if isinstance(check, Rule):
            found.append(check)
    return tuple(sorted(found, key=lambda one: one.code))


class Selection:
    """Which codes are on: prefixes to select and to ignore; the longest that fits a code decides.

    A rule that is off by default is on only when its whole code is selected, whatever shorter prefix
    fits it; selecting ``INJ`` and ``INJ-C03`` runs all others and that one.

    Raises ConfigError for a prefix that no code begins with.
    """

    def __init__(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> None:
        self._select = tuple(prefix.upper() for prefix in select)
        self._ignore = tuple(prefix.upper() for prefix in ignore)
        known = [one.code for one in all_rules()]
        self._off = frozenset(one.code for one in all_rules() if not one.default)
        for prefix in (*self._select, *self._ignore):
            fits = any(code.startswith(prefix) for code in known)
            other = any(prefix.startswith(code) or code.startswith(prefix) for code in OTHER_CODES)
            if not prefix or not (fits or other):
                near = difflib.get_close_matches(prefix, known, 1)
                hint = f": did you mean {near[0]}?" if near else ": `scrubber rules` lists them"
                raise ConfigError(f'no rule begins with "{prefix}"{hint}')

    def __contains__(self, code: str) -> bool:
        if code in self._off and code not in self._select:
            return False
        selected = max((len(p) for p in self._select if code.startswith(p)), default=-1)
        ignored = max((len(p) for p in self._ignore if code.startswith(p)), default=-1)
        if selected < 0 and ignored < 0:
            return not self._select
        return selected > ignored

    def rules(self) -> tuple[Rule, ...]:
        """The rules that are on, by code."""
        return tuple(one for one in all_rules() if one.code in self)


def find_rule(code: str) -> Rule:
    """The rule with that code (either case, with or without ``INJ-``) or name. Raises ConfigError."""
    wanted = code.upper()
    for one in all_rules():
        if wanted in (one.code, one.code.removeprefix("INJ-")) or code.lower() == one.name:
            return one
    known = {name: one.code for one in all_rules() for name in (one.code, one.name.upper())}
    full = wanted if wanted.startswith("INJ-") or len(wanted) > 4 else f"INJ-{wanted}"
    near = difflib.get_close_matches(full, known, 1)
    hint = f": did you mean {known[near[0]]}?" if near else ": `scrubber rules` lists them"
    raise ConfigError(f'no rule "{code}"{hint}')
