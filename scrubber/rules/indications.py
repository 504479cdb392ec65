"""Which diagnoses go with a drug, as table dx_policy has it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context
from scrubber.tables import Row

# Drugs of few uses: one of them must be pointed at. INJ-N02 tells what is wrong with their diagnoses.
FEW_USES: Final = frozenset({
    "J0401", "J0402", "J0561", "J0577", "J0578", "J0881", "J0885", "J0897", "J1050", "J1071", "J1072",
    "J1943", "J1944", "J2315", "J2357", "J2358", "J2426", "J2427", "J2794", "J2798", "J2799", "J3111",
    "J3121", "J3145", "J3420", "Q5106", "Q9991", "Q9992",
})  # fmt: skip
# Antibiotics, steroids, pain relief: too many uses for a list to refuse one that it does not hold.
MANY_USES: Final = frozenset(["J0696", "J0702", "J1010", "J1100", "J1885", "J3301"])


@lru_cache(maxsize=4096)
def plain(code: str) -> str:
    """A diagnosis code as the tables write it: capitals, no dot."""
    return code.replace(".", "").upper()


def indication(ctx: Context, drug: str, diagnosis: str, line: ServiceLine) -> Row | None:
    """The row of the longest beginning of a diagnosis among those of the drug; None when there is none."""
    code = plain(diagnosis)
    for size in range(len(code), 0, -1):
        row = ctx.find("dx_policy", (drug, code[:size]), line)
        if row is not None:
            return row
    return None


def pointed(claim: Claim, line: ServiceLine) -> list[str]:
    """The codes that a line points at, as the tables write them."""
    return [plain(one.code) for one in claim.pointed(line)]
