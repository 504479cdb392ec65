"""Habits of the simulated payers: when they pay, what they echo, how they deny."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Traits:
    """One payer.

    `filing` is CLP06. It pays on `weekdays` (Monday is 0), `days` working days (least, most) after it
    took a claim in, `rate` per cent of the charge. `short`: CLM01 comes back cut to 17 characters.
    `drops_6r`: no REF*6R in its 835. `gives_1k`: its number stands in its 277CA. `whole`: it denies
    whole claims at the claim, without lines. `points`: a refused line stands below a claim status that
    only says so (A3:247). `warns`: it accepts with a text, and returns some claims (A3:21) before it
    takes them.
    """

    filing: str
    weekdays: tuple[int, ...]
    days: tuple[int, int]
    rate: int
    short: bool = False
    drops_6r: bool = False
    gives_1k: bool = True
    whole: bool = False
    points: bool = False
    warns: bool = False


TRAITS: Final = {
    "TESTCI": Traits("12", (1, 3), (6, 14), 72),
    "TESTMU": Traits("12", (3,), (8, 16), 65, short=True),
    "TESTBL": Traits("12", (4,), (5, 12), 78, drops_6r=True),
    "TESTMB": Traits("MB", (0, 1, 2, 3, 4), (10, 12), 55, points=True),
    "TESTMC": Traits("MC", (2,), (7, 15), 40, gives_1k=False, whole=True),
    "TESTMA": Traits("16", (0, 2, 4), (8, 15), 58, warns=True),
}
