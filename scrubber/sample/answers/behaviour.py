"""How clearinghouse, payers and submitter of a sample behave: shares that may be changed."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Shares, 0 to 1: of claims where nothing else is said.

    `late`: no final answer has come. `unmatched`: as many answers as this share of the claims belong
    to no claim, one half never sent, one half so mangled that nobody can tell whose they are (their
    claims stay open). `misprinted`: the 835 has another CLM01, but the payer's number of the 277CA.
    `lost`: the payer never took the claim in; it is sent again. `corrected`, `resent`: of the claims
    refused or denied for coding, and of those refused for something else, that come again.
    `reversed`: the payment is taken back, and nearly always corrected. `forwarded`: another payer pays
    in the end. `recoded`: paid under another code. `lenient`: faulty claims are paid anyway. `picky`:
    how often a payer follows the policies that no rule of ours knows. `refused_elsewhere`,
    `denied_elsewhere`: for reasons that no coder can mend. `sets_refused`, `sets_noted`: transaction
    sets with a 999 of R and of E. `copies`: answer files that come twice.
    """

    late: float = 0.10
    unmatched: float = 0.02
    misprinted: float = 0.005
    lost: float = 0.005
    corrected: float = 0.5
    resent: float = 0.5
    reversed: float = 0.02
    forwarded: float = 0.01
    recoded: float = 0.01
    lenient: float = 0.15
    picky: float = 1.0
    refused_elsewhere: float = 0.015
    denied_elsewhere: float = 0.04
    sets_refused: float = 0.02
    sets_noted: float = 0.10
    copies: float = 0.05

    def __post_init__(self) -> None:
        for field in fields(self):
            share = getattr(self, field.name)
            if not 0 <= share <= 1:
                raise ValueError(f"{field.name} is a share from 0 to 1, not {share}")
