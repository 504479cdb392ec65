"""A structural fault as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of the envelope or structure; reading goes on after it.

    `code` is the product's own (``X12-...``), `message` one line without data
    of persons, `start` and `end` the byte span in the source.
    """

    code: str
    message: str
    start: int
    end: int
