"""Makes `SubmittedClaim` of the claims of a batch: in full of a claim view, or cheaply of its bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from scrubber.ledger.submitted import Disposition, SubmittedClaim

if TYPE_CHECKING:
    from loops import Batch, Claim
    from scrubber.finding import Finding
    from scrubber.payers import Payers


class Submissions:
    """The claims of one batch as the ledger keeps them.

    `at` is when the batch was scrubbed or sent (aware, UTC); `key` makes the keyed hashes (that of the
    ledger, else `new_key()`); `file` is its name where that is not the batch's own.
    """

    def __init__(
        self, batch: Batch, payers: Payers, *, at: datetime, key: bytes, file: str | None = None
    ) -> None:
        raise NotImplementedError

    def submitted(
        self,
        claim: Claim,
        findings: Iterable[Finding],
        disposition: Disposition = Disposition.RELEASED,
    ) -> SubmittedClaim:
        """A claim that was judged, with its findings; those of outcome ``pass`` are left out."""
        raise NotImplementedError

    def outline(self, number: int, disposition: Disposition = Disposition.RELEASED) -> SubmittedClaim:
        """Claim `number` (from 0) that no rule looked at: what matching needs.

        It says what `submitted` would, but for diagnoses and NDC of its lines, which are left empty.
        """
        raise NotImplementedError
