"""The claims as CSV (RFC 4180, UTF-8): a row a claim with what was said of it and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.qa.sheets import CLAIM, claim_cells
from scrubber.report.csv import row

if TYPE_CHECKING:
    from scrubber.qa.result import Result
    from scrubber.report.form import Look


def write(out: BinaryIO, result: Result, look: Look) -> None:  # noqa: ARG001 - nothing of it is of persons
    """Write the claims, formulas defused; the first row names the columns."""
    out.write(row(name.replace(" ", "_") for name in CLAIM).encode())
    out.writelines(row(claim_cells(one)).encode("utf-8", "replace") for one in result.claims)
