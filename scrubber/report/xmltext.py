"""Text that XML can hold and a reader can see, of any bytes."""

from __future__ import annotations

import re
from typing import Final

# What XML 1.0 cannot hold, and controls and marks of direction that would change how the rest looks.
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def legible(text: str) -> str:
    r"""`text` (one character a byte, or of the product's own words) as XML may hold it.

    Bytes beyond ASCII are read as UTF-8 where they are UTF-8, else as
    latin-1. Control characters become their pictures (U+2400 ...), what has
    no picture its number, as in ``\x85``.
    """
    if text.isascii():
        return text if text.isprintable() else _UNSEEN.sub(_sign, text)
    return _UNSEEN.sub(_sign, _decoded(text))


def _decoded(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
