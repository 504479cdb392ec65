"""What a procedure code is by its form: a drug, a visit. Undated, and asked of no table."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# J codes; C codes of drugs; drugs among the Q codes (not casts, laboratory or skin); drugs among the S codes.
_HCPCS_DRUG: Final = re.compile(
    r"J[0-9]{4}|C9[0-9]{3}|S0[01][0-9]{2}|S55[0-9]{2}"
    r"|Q(?:01[3-9][0-9]|02[0-4][0-9]|20[0-9]{2}|302[78]|4074|408[12]|5[0-9]{3}|99[0-9]{2})",
    re.ASCII,
)
_CPT_PRODUCTS: Final = (range(90281, 90400), range(90476, 90760), range(91300, 91350))
_VACCINE_ADMINISTRATION: Final = 90480  # stands inside the range of the vaccines

_VISITS: Final = range(99202, 99500)  # CPT section of evaluation and management
_PROLONGED: Final = frozenset({*range(99354, 99361), *range(99415, 99419)})  # beside a visit, no visit
_OTHER_VISITS: Final = re.compile(r"920[01][24]|99201|G04(?:02|38|39|63)|S061[023]", re.ASCII)


@lru_cache(maxsize=4096)
def is_drug(code: str) -> bool:
    """Whether a procedure code names a drug, biologic, vaccine or immune globulin (by its form, undated)."""
    if code.isascii() and code.isdigit():
        number = int(code)
        return number != _VACCINE_ADMINISTRATION and any(number in one for one in _CPT_PRODUCTS)
    return _HCPCS_DRUG.fullmatch(code) is not None


@lru_cache(maxsize=4096)
def is_visit(code: str) -> bool:
    """Whether a procedure code is a visit that may carry modifier 25 (by its number, undated)."""
    if _OTHER_VISITS.fullmatch(code):
        return True
    number = int(code) if len(code) == 5 and code.isascii() and code.isdigit() else 0
    return number in _VISITS and number not in _PROLONGED
