"""Text that XML can hold and a reader can see, of any bytes."""

from __future__ import annotations


def legible(text: str) -> str:
    r"""`text` (one character a byte, or of the product's own words) as XML may hold it.

    Bytes beyond ASCII are read as UTF-8 where they are UTF-8, else as
    latin-1. Control characters become their pictures (U+2400 ...), others
    that cannot be seen, or that turn the direction of what follows, their
    number, as in ``\x85``.
    """
    if not text.isascii():
        text = _decoded(text)
    return text if text.isprintable() else "".join(map(_seen, text))


def _decoded(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _seen(character: str) -> str:
    code = ord(character)
    if character.isprintable():
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
