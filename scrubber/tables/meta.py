"""What a table says of itself (``index.toml``) and whom its rows cite (``cites.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from .errors import TableError

_DATED = ("from", "thru", "cite", "confidence")
_REQUIRED = ("about", "key", "values", "vintage", "covers_from", "checked_on")
_OPTIONAL = ("covers_thru", "complete", "scope", "partial", "mode")
_PARTIAL = ("column", "value", "from", "thru", "why")


@dataclass(frozen=True, slots=True)
class Citation:
    """An authority: title, section or page, address, and the day a person last opened it.

    ``checked_on`` is None where the address leads to the source but nobody could open the page itself.
    """

    title: str
    section: str
    url: str
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class Partial:
    """A part of a table (one value of one key column) that covers other dates than the rest.

    No ``covers_from`` means that the part is not covered at all.
    """

    column: str
    value: str
    covers_from: date | None
    covers_thru: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Meta:
    """The entry of one table in ``index.toml``.

    ``complete`` says that a key absent from the table does not exist in the field it describes;
    ``scope``, when not empty, lists the codes that the table is about: a key that holds none of
    them is one the table cannot speak of. ``extends`` is true for a site table that lies over the
    shipped one key by key instead of taking its place.
    """

    name: str
    about: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    vintage: str
    covers_from: date
    covers_thru: date | None
    checked_on: date
    complete: bool
    scope: frozenset[str]
    partial: tuple[Partial, ...]
    extends: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The header of the CSV file: key, values, then the four columns that every table has."""
        return (*self.key, *self.values, *_DATED)


def read_index(raw: bytes, where: str) -> dict[str, Meta]:
    """Read the entries of an ``index.toml``. Raises TableError naming the entry and the fault."""
    return {name: _meta(name, entry, where) for name, entry in _toml(raw, where).items()}


def read_cites(raw: bytes, where: str) -> dict[str, Citation]:
    """Read the entries of a ``cites.toml``. Raises TableError naming the entry and the fault."""
    cites = {}
    for ident, entry in _toml(raw, where).items():
        at = f"{where}, [{ident}]"
        _known_keys(entry, ("title", "section", "url", "checked_on"), ("title", "section", "url"), at)
        cites[ident] = Citation(
            _text(entry, "title", at),
            _text(entry, "section", at, may_be_empty=True),
            _text(entry, "url", at, may_be_empty=True),
            _day(entry, "checked_on", at),
        )
    return cites


def read_cite(raw: bytes, ident: str, where: str) -> Citation | None:
    """Read one entry of a ``cites.toml`` whose sections are plain; None when it has no such entry.

    The whole file takes longer than the check of a small batch, which cites a few.
    """
    head = b"[" + ident.encode() + b"]\n"
    start = raw.find(b"\n" + head) + 1
    if not start:
        return None
    end = raw.find(b"\n[", start)
    return read_cites(raw[start : end if end >= 0 else len(raw)], where).get(ident)


def _meta(name: str, entry: object, where: str) -> Meta:
    at = f"{where}, [{name}]"
    found = _known_keys(entry, (*_REQUIRED, *_OPTIONAL), _REQUIRED, at)
    mode = found.get("mode", "replace")
    if mode not in ("replace", "extend"):
        raise TableError(f'{at}: mode is "{mode}"; write "replace" or "extend"')
    meta = Meta(
        name=name,
        about=_text(found, "about", at),
        key=_words(found, "key", at),
        values=_words(found, "values", at, may_be_empty=True),
        vintage=_text(found, "vintage", at),
        covers_from=_day(found, "covers_from", at),
        covers_thru=_day(found, "covers_thru", at) if "covers_thru" in found else None,
        checked_on=_day(found, "checked_on", at),
        complete=found.get("complete", False) is True,
        scope=frozenset(_words(found, "scope", at, may_be_empty=True) if "scope" in found else ()),
        partial=tuple(_partial(part, at) for part in found.get("partial", ())),
        extends=mode == "extend",
    )
    if len(set(meta.columns)) != len(meta.columns):
        raise TableError(f"{at}: a column is named twice; every column of key and values needs its own name")
    for part in meta.partial:
        if part.column not in meta.key:
            raise TableError(
                f'{at}: partial names column "{part.column}"; it must be one of {list(meta.key)}'
            )
    return meta


def _partial(entry: object, at: str) -> Partial:
    found = _known_keys(entry, _PARTIAL, ("column", "value", "why"), f"{at}, partial")
    return Partial(
        _text(found, "column", at),
        _text(found, "value", at),
        _day(found, "from", at) if "from" in found else None,
        _day(found, "thru", at) if "thru" in found else None,
        _text(found, "why", at),
    )


def _toml(raw: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise TableError(f"{where}: not readable as TOML in UTF-8 ({fault})") from fault


def _known_keys(entry: object, known: tuple[str, ...], required: tuple[str, ...], at: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise TableError(f"{at}: must be a TOML table with the keys {list(known)}")
    for key in entry:
        if key not in known:
            raise TableError(f'{at}: unknown key "{key}"; the keys are {list(known)}')
    for key in required:
        if key not in entry:
            raise TableError(f'{at}: key "{key}" is missing; add it')
    return entry


def _text(entry: dict[str, Any], key: str, at: str, *, may_be_empty: bool = False) -> str:
    value = entry[key]
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        raise TableError(f'{at}: "{key}" must be a text in quotes')
    return value


def _words(entry: dict[str, Any], key: str, at: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
    value = entry[key]
    good = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
    if not good or not (value or may_be_empty):
        raise TableError(f'{at}: "{key}" must be a list of texts')
    return tuple(value)


def _day(entry: dict[str, Any], key: str, at: str) -> date:
    value = entry.get(key)
    # A TOML date with a time is a datetime, which Python counts as a date.
    if type(value) is not date:
        raise TableError(f'{at}: "{key}" must be a date such as 2026-01-31, without quotes')
    return value
