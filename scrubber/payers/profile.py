"""A payer profile: what one payer wants that others do not, each habit dated and sourced.

A profile is a TOML file: ``name``, optional ``class`` (one of `CLASSES`), and
``[[habit]]`` tables with ``key``, ``value``, optional ``from`` and ``thru``
dates, ``source`` (title), ``url`` and ``quality`` (payer, state, mac, cms or
secondary). A habit that is undated or secondary may only advise.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from scrubber.errors import ConfigError
from scrubber.payers.classes import CLASSES

_ANY: Final = None
KEYS: Final[dict[str, tuple[str, ...] | None]] = {
    "admin_list": _ANY,
    "second_injection": ("units", "lines_76", "lines_59", "unknown"),
    "em_bundle": ("none", "ncci_25", "always", "visit_denied_if_purpose"),
    "pos_deny": _ANY,
    "pos_exempt_provider_type": _ANY,
    "drug_line": ("required", "required_0.01", "forbidden_if_not_supplied", "optional"),
    "drug_lines_per_day": ("one_per_code", "one_per_ndc", "any"),
    "ndc": ("none", "noc_only", "listed", "j", "j_q", "all"),
    "ndc_units": _ANY,
    "ndc_package": ("carton", "vial", "either"),
    "ndc_missing_effect": ("reject", "deny", "lowest_fee"),
    "jw_jz": ("required", "none"),
    "ja_jb": ("all_multiroute", "sad_list", "none"),
    "noc_where": ("sv101_7", "nte", "both"),
    "noc_fields": _ANY,
    "noc_units": ("one", "any"),
    "noc_claims": ("any", "unlisted_only", "paper_only"),
    "x_column": ("either", "col2"),
    "x_with_59": ("deny", "warn"),
    "mod_340b": _ANY,
    "sad_effect": ("both", "drug", "drug_keep_admin"),
    "date_span": ("one_day", "units", "any"),
    "freq7": ("yes", "no", "allowed_only"),
    "timely_days": _ANY,
    "corrected_days": _ANY,
    "nurse_only": ("99211", "none"),
    "referral_pattern": _ANY,
    "extra_modifiers": _ANY,
}
QUALITIES: Final = ("payer", "state", "mac", "cms", "secondary")
_FIELDS: Final = ("key", "value", "from", "thru", "source", "url", "quality")


@dataclass(frozen=True, slots=True)
class Habit:
    """One habit of a payer: `value` for `key` (lists as one text, blanks between) from `from_` to `thru`."""

    key: str
    value: str
    from_: date | None
    thru: date | None
    source: str
    url: str
    quality: str

    @property
    def decides(self) -> bool:
        """Whether the habit may decide a `reject` or `deny`: dated, and read at the payer's own."""
        return self.from_ is not None and self.quality != "secondary"


@dataclass(frozen=True, slots=True)
class Profile:
    """The payer that a batch goes to. Without a profile the payer class is told from each claim's SBR09."""

    name: str = "generic"
    payer_class: str = ""
    habits: tuple[Habit, ...] = ()

    def habit(self, key: str, on: date) -> Habit | None:
        """The habit with that key in force on a date of service; None when the profile is silent."""
        for habit in self.habits:
            begun = habit.from_ is None or habit.from_ <= on
            if habit.key == key and begun and (habit.thru is None or on <= habit.thru):
                return habit
        return None


def load_profile(path: Path) -> Profile:
    """Read a profile. Raises ConfigError that names the file, the entry and the nearest right word."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ConfigError(f"{path}: cannot be read: {fault.strerror}") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{path}: not readable as TOML in UTF-8: {fault}") from fault
    _known(data, ("name", "class", "habit"), str(path))
    class_ = data.get("class", "")
    if class_:
        _one_of(class_, CLASSES, f"{path}: class")
    habits = data.get("habit", [])
    if not isinstance(habits, list):
        raise ConfigError(f"{path}: write habits as [[habit]] tables")
    return Profile(
        name=str(data.get("name", path.stem)),
        payer_class=class_,
        habits=tuple(_habit(entry, f"{path}: habit {n}") for n, entry in enumerate(habits, 1)),
    )


def _habit(entry: dict[str, Any], where: str) -> Habit:
    _known(entry, _FIELDS, where)
    key = _one_of(entry.get("key", ""), tuple(KEYS), f"{where}: key")
    value = entry.get("value", "")
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    allowed = KEYS[key]
    if allowed:
        _one_of(text, allowed, f"{where}: {key}")
    for name in ("from", "thru"):
        if name in entry and type(entry[name]) is not date:
            raise ConfigError(f"{where}: {name} must be a date such as 2026-01-31, without quotes")
    quality = _one_of(entry.get("quality", "secondary"), QUALITIES, f"{where}: quality")
    return Habit(
        key=key,
        value=text,
        from_=entry.get("from"),
        thru=entry.get("thru"),
        source=str(entry.get("source", "")),
        url=str(entry.get("url", "")),
        quality=quality,
    )


def _known(entry: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in entry:
        _one_of(name, names, f"{where}: key")


def _one_of(word: str, words: tuple[str, ...], where: str) -> str:
    if word in words:
        return word
    near = difflib.get_close_matches(str(word), words, 1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else "one of " + ", ".join(words)
    raise ConfigError(f'{where}: "{word}" is unknown: {hint}')
