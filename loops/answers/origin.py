"""Where an answer stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

References: TypeAlias = "tuple[tuple[str, str], ...]"
"""REF segments as sent: (REF01, REF02)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer stands, and whose it is.

    `kind` is ``TA1``, ``999``, ``997``, ``277CA``, ``277`` (another status
    answer, as X212) or ``835``; `guide` is ST03, else GS08. `sender` and
    `receiver` are ISA06 and ISA08 without padding, `made_at` GS04 and GS05 (of
    a TA1 ISA09 and ISA10), `usage` ISA15 (P or T).
    """

    name: str
    kind: str
    guide: str
    isa13: str
    gs06: str
    st02: str
    sender: str
    receiver: str
    made_at: datetime | None
    usage: str
