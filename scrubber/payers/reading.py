"""Read a payer profile from TOML, and say of a wrong one the file, the line and the nearest right word.

::

    title = "Example Health Plan"      # what people call it; `name` is the file's unless given
    class = ["commercial"]             # of `CLASSES`, one or several; none: SBR09 tells
    mac = "palmetto"                   # Medicare: the contractor, as in table mac_areas
    extends = "generic-commercial"     # habits and rules of another profile, where this one is silent
    checked_on = 2026-11-23            # the day somebody opened the sources; else findings do not cite them

    [recognise]                        # the first that fits, in this order
    ids = ["TEST1"]                    # 2010BB NM109
    aliases = ["TEST2"]                # what clearinghouses put there
    names = ["EXAMPLE HEALTH*"]        # 2010BB NM103
    states = ["MD"]                    # only subscribers who live there (2010BA N4-02)
    medicare_states = ["AL"]           # SBR09 MB and a billing provider there (2010AA N4-02)

    [[habit]]
    key = "ndc"                        # of `KEYS`
    value = "all"                      # some take a list
    from = 2025-01-01                  # dates of service; without `from` the habit may only advise
    thru = 2026-12-31
    source = "Provider manual"
    url = "https://example.org"
    quality = "payer"                  # payer, state, mac, cms; secondary may only advise
    advise_only = true                 # it is known of a part only of what is recognised above
    note = "what else the text says"

    [[rule]]
    code = "INJ-D12"                   # or a beginning of codes
    on = false
    severity = "advise"                # reject, deny, advise
    from = 2025-01-01
    thru = 2026-12-31
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scrubber.errors import ConfigError
from scrubber.payers import lines
from scrubber.payers.classes import CLASSES
from scrubber.payers.keys import KEYS, unknown
from scrubber.payers.profile import QUALITIES, SEVERITIES, Change, Habit, Profile

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_TOP: Final = ("name", "title", "class", "mac", "extends", "checked_on", "recognise", "habit", "rule")
_RECOGNISE: Final = ("ids", "aliases", "names", "states", "medicare_states")
_HABIT: Final = ("key", "value", "from", "thru", "source", "url", "quality", "advise_only", "note")
_RULE: Final = ("code", "on", "severity", "from", "thru", "source", "url", "note")
_At = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Recognise:
    """By what a payer is recognised: see the module."""

    ids: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    medicare_states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What a profile file says. `codes` are those of its own [[rule]] tables, in their order."""

    file: Path | Traversable
    profile: Profile
    classes: tuple[str, ...]
    recognise: Recognise
    extends: str
    codes: tuple[str, ...]

    def error(self, at: _At, says: str) -> ConfigError:
        """An error about a place of the file, with its line."""
        return _error(self.file, self.file.read_text(encoding="utf-8"), at, says)


class _FaultError(Exception):
    def __init__(self, at: _At, says: str) -> None:
        super().__init__(says)
        self.at = at


def read_document(file: Path | Traversable) -> Document:
    """Read one file. Raises ConfigError that names it, the line and the mend."""
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as fault:
        raise ConfigError(f"{file}: cannot be read: {fault.strerror}") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{file}: not readable as TOML in UTF-8: {fault}") from fault
    try:
        return _document(file, data)
    except _FaultError as fault:
        raise _error(file, text, fault.at, str(fault)) from None


def _error(file: Path | Traversable, text: str, at: _At, says: str) -> ConfigError:
    line = lines.line_of(text, at)
    return ConfigError(f"{file}{f', line {line}' if line else ''}: {says}")


def _document(file: Path | Traversable, data: dict[str, Any]) -> Document:
    _known(data, _TOP, ())
    classes = _texts(data, "class", ())
    for class_ in classes:
        _one_of(class_, CLASSES, ("class",))
    table = data.get("recognise", {})
    if not isinstance(table, dict):
        raise _FaultError(("recognise",), "write it as a table: [recognise]")
    _known(table, _RECOGNISE, ("recognise",))
    name = _text(data, "name", ()) or file.name.removesuffix(".toml")
    checked_on = _day(data, "checked_on", ())
    changes = tuple(_change(one, at) for one, at in _tables(data, "rule"))
    return Document(
        file=file,
        profile=Profile(
            name=name,
            payer_class=classes[0] if len(classes) == 1 else "",
            habits=tuple(_habit(one, at, checked_on) for one, at in _tables(data, "habit")),
            changes=changes,
            title=_text(data, "title", ()) or name,
            mac=_text(data, "mac", ()),
        ),
        classes=classes,
        recognise=Recognise(*(_texts(table, key, ("recognise",)) for key in _RECOGNISE)),
        extends=_text(data, "extends", ()),
        codes=tuple(change.code for change in changes),
    )


def _habit(entry: dict[str, Any], at: _At, checked_on: date | None) -> Habit:
    _known(entry, _HABIT, at)
    for needed in ("key", "value"):
        if needed not in entry:
            raise _FaultError(at, f"a [[habit]] needs a {needed}")
    key = _one_of(_text(entry, "key", at), tuple(KEYS), (*at, "key"))
    values = _texts(entry, "value", at)
    fault = KEYS[key].fault(list(values))
    if fault:
        raise _FaultError((*at, "value"), f"{key}: {fault}")
    from_, thru = _period(entry, at)
    quality = _text(entry, "quality", at) or "secondary"
    return Habit(
        key=key,
        value=" ".join(values),
        from_=from_,
        thru=thru,
        source=_text(entry, "source", at),
        url=_text(entry, "url", at),
        quality=_one_of(quality, QUALITIES, (*at, "quality")),
        sure=not _flag(entry, "advise_only", at, default=False),
        note=_text(entry, "note", at),
        checked_on=checked_on,
    )


def _change(entry: dict[str, Any], at: _At) -> Change:
    _known(entry, _RULE, at)
    code = _text(entry, "code", at)
    if not code:
        raise _FaultError(at, 'a [[rule]] needs a code such as code = "INJ-D12"')
    severity = _text(entry, "severity", at)
    if severity:
        _one_of(severity, SEVERITIES, (*at, "severity"))
    elif "on" not in entry:
        raise _FaultError(at, "a [[rule]] needs on (true or false) or severity")
    from_, thru = _period(entry, at)
    return Change(
        code=code.upper(),
        on=_flag(entry, "on", at, default=True),
        severity=severity,
        from_=from_,
        thru=thru,
        source=_text(entry, "source", at),
        url=_text(entry, "url", at),
        note=_text(entry, "note", at),
    )


def _tables(data: dict[str, Any], key: str) -> Iterable[tuple[dict[str, Any], _At]]:
    entries = data.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise _FaultError((key,), f"write each as a table of its own: [[{key}]]")
    return ((one, (key, number)) for number, one in enumerate(entries))


def _known(table: dict[str, Any], names: tuple[str, ...], at: _At) -> None:
    for name in table:
        if name not in names:
            raise _FaultError((*at, name), f"key {unknown(name, names)}")


def _one_of(word: str, words: tuple[str, ...], at: _At) -> str:
    if word not in words:
        raise _FaultError(at, f"{at[-1]} {unknown(word, words)}")
    return word


def _text(table: dict[str, Any], key: str, at: _At) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _FaultError((*at, key), f"{key} must be a text in quotes")
    return value


def _texts(table: dict[str, Any], key: str, at: _At) -> tuple[str, ...]:
    value = table.get(key, [])
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in values):
        raise _FaultError((*at, key), f"{key} must be a text in quotes, or a list of such")
    return tuple(str(one) for one in values)


def _period(table: dict[str, Any], at: _At) -> tuple[date | None, date | None]:
    begin, end = _day(table, "from", at), _day(table, "thru", at)
    if begin and end and begin > end:
        raise _FaultError((*at, "thru"), f"thru {end} lies before from {begin}")
    return begin, end


def _day(table: dict[str, Any], key: str, at: _At) -> date | None:
    value = table.get(key)
    if value is not None and type(value) is not date:
        raise _FaultError((*at, key), f"{key} must be a date such as 2026-01-31, without quotes")
    return value


def _flag(table: dict[str, Any], key: str, at: _At, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise _FaultError((*at, key), f"{key} must be true or false")
    return value
