"""What every answer that we write has in common: envelope, separators, values made safe.

Separators are ``*``, ``:``, ``^`` and ``~``, whatever the batch uses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

LAST_CONTROL: Final = 999_999_999
UNCHANGED: Final = frozenset(range(ord(" "), ord("~") + 1)) - frozenset(b"*:~^")
"""The characters that `safe` leaves as they are."""

_UNSAFE: Final = re.compile(r"[^ -~]|[*:~^]")


def following(control: int) -> int:
    """The control number after `control`: 1 follows the last."""
    return control % LAST_CONTROL + 1


def safe(value: str) -> str:
    """The value in plain ASCII without our separators, its length kept; `value` has one character a byte."""
    return _UNSAFE.sub(" ", value)


def echoed(value: str, longest: int) -> str:
    """A value of the batch to send back: letters without accents, no blanks around, cut to `longest`."""
    if not value.isascii():
        value = _plain(value)
    elif value.isalnum() or not value:
        return value[:longest]
    return _UNSAFE.sub(" ", value).strip()[:longest].rstrip()


def _plain(value: str) -> str:
    with suppress(UnicodeError):  # it was latin-1 then
        value = value.encode("latin-1").decode("utf-8")
    return "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))


def isa(answered: Sequence[str], control: int, made_on: datetime) -> str:
    """The ISA of an answer to the interchange with these ISA01 to ISA16: sender and receiver swapped."""
    parts = [*map(safe, answered), *[""] * 16]
    usage = parts[14] if parts[14] in ("P", "T") else "P"
    elements = ["ISA", "00", " " * 10, "00", " " * 10]
    for qualifier, id_ in ((parts[6] or "ZZ", parts[7]), (parts[4] or "ZZ", parts[5])):
        elements += [f"{qualifier:2.2}", f"{id_:15.15}"]
    elements += [f"{made_on:%y%m%d}", f"{made_on:%H%M}", "^", "00501", f"{control:09}", "0", usage, ":"]
    return "*".join(elements)


def gs(
    kind: str,
    guide: str,
    answered: Sequence[str],
    envelope: Sequence[str],
    *,
    control: int,
    made_on: datetime,
) -> str:
    """The GS of an answer to the group with these GS01 to GS08, inside that interchange (ISA01 to ISA16)."""
    group, outer = [*map(safe, answered), *[""] * 8], [*map(safe, envelope), *[""] * 16]
    from_, to = _id(group[2], outer[7]), _id(group[1], outer[5])
    return f"GS*{kind}*{from_}*{to}*{made_on:%Y%m%d}*{made_on:%H%M}*{control}*X*{guide}"


def _id(value: str, instead: str) -> str:
    """A GS02 or GS03: two to fifteen characters."""
    value = value.strip() if len(value.strip()) > 1 else instead.strip()
    return value[:15].strip() if len(value) > 1 else "ZZ"
