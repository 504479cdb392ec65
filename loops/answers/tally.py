"""Whether the totals of a 277CA are those of the claims it lists."""

from __future__ import annotations

from decimal import Decimal

from loops.answers.kinds_277 import ClaimStatus, StatusTotals


class Tally:
    """Adds up the claims of one batch, and the providers of whose claims none is listed."""

    def __init__(self) -> None:
        self.counts = [Decimal(0), Decimal(0)]
        self.amounts = [Decimal(0), Decimal(0)]
        self._readable = True

    def add_claim(self, claim: ClaimStatus) -> None:
        """Count a claim, as rejected when any of its STC has the action U."""
        rejected = any(note.action == "U" for note in claim.notes)
        charge = next((note.charge for note in claim.notes if note.charge is not None), None)
        self.counts[rejected] += 1
        self.amounts[rejected] += charge or 0
        self._readable = self._readable and charge is not None

    def add_totals(self, totals: StatusTotals) -> None:
        """Count what a provider's totals say, where its claims are not listed."""
        for at, count in enumerate((totals.accepted, totals.rejected)):
            self.counts[at] += count or 0
        for at, money in enumerate((totals.accepted_amount, totals.rejected_amount)):
            self.amounts[at] += money or 0

    def fault(self, told: StatusTotals) -> str:
        """What is wrong with the totals of loop 2200B, in a line; empty text when nothing."""
        if told == StatusTotals(None, None, None, None) or not any(self.counts):
            return ""  # a batch refused as a whole lists nothing
        counts = [told.accepted or 0, told.rejected or 0]
        amounts = [told.accepted_amount or 0, told.rejected_amount or 0]
        if counts != self.counts:
            return (
                f"2200B counts {counts[0]} claims accepted and {counts[1]} rejected,"
                f" listed are {self.counts[0]} and {self.counts[1]}"
            )
        if self._readable and amounts != self.amounts:
            return (
                f"2200B gives {amounts[0]} accepted and {amounts[1]} rejected,"
                f" the claims listed have {self.amounts[0]} and {self.amounts[1]}"
            )
        return ""
