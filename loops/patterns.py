"""Building blocks of byte patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(values: Iterable[bytes]) -> bytes:
    """A pattern (no group) that matches exactly one of `values`, as a prefix tree: fast for long lists.

    Of values where one begins another the longer is tried first. An empty
    list gives a pattern that never matches.
    """
    tree: dict[int, dict] = {}  # type: ignore[type-arg]
    for value in values:
        node = tree
        for byte in value:
            node = node.setdefault(byte, {})
        node[-1] = {}
    return _branch(tree) if tree else b"(?!)"


def _branch(node: dict[int, dict]) -> bytes:  # type: ignore[type-arg]
    ends = -1 in node
    leaves = sorted(byte for byte, rest in node.items() if byte >= 0 and list(rest) == [-1])
    options = [
        re.escape(bytes([byte])) + _branch(rest)
        for byte, rest in sorted(node.items())
        if byte >= 0 and byte not in leaves
    ]
    if len(leaves) == 1:
        options.append(re.escape(bytes(leaves)))
    elif leaves:
        options.append(b"[" + b"".join(re.escape(bytes([byte])) for byte in leaves) + b"]")
    if not options:
        return b""
    pattern = options[0] if len(options) == 1 and not ends else b"(?:" + b"|".join(options) + b")"
    return pattern + b"?" if ends else pattern
