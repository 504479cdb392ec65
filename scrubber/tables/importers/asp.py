"""ASP NDC-HCPCS crosswalk for Medicare Part B drugs: csv or spreadsheet.

Columns by their headers: ``_YYYY_CODE`` (the year is in the name), NDC2 (5-4-2 with hyphens),
HCPCS dosage, package size, package quantity, billing units, billing units of the package.
Source: CMS, ASP pricing files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .layout import PASSED_OVER, Found, Line, Record, RowError, code, number, place_of, shown, words

_NDC: Final = re.compile(r"([0-9]{5})-?([0-9]{4})-?([0-9]{2})", re.ASCII)
_DIGITS: Final = re.compile(r"[0-9-]+", re.ASCII)  # CMS publishes one with a digit too many
_DOSE: Final = re.compile(r"([0-9][0-9,.]*|\.[0-9]+)\s*(.*)", re.ASCII | re.DOTALL)
_CODE_HEADER: Final = re.compile(r"_?(?:20[0-9]{2})?_?(?:hcpcs ?)?_?code", re.ASCII)


class Asp:
    """The layout of the crosswalk."""

    name = "ASP NDC-HCPCS crosswalk"
    fixed = False
    tables = ("ndc_hcpcs",)

    def recognise(self, head: Sequence[Line]) -> Found | None:
        """Find the header by its columns of codes, NDC and billing units."""
        for line in head:
            headers = [words(cell) for cell in line.cells]
            packed = [header.replace(" ", "") for header in headers]
            codes = [place for place, header in enumerate(headers) if _CODE_HEADER.fullmatch(header)]
            columns = {
                "code": codes[0] if codes else -1,
                "ndc": place_of(packed, "ndc"),
                "dose": place_of(packed, "dosage"),
                "size": place_of(packed, "pkgsize"),
                "containers": place_of(packed, "pkgqty"),
                "units_container": place_of(packed, "billunits", without="pkg"),
                "units_package": place_of(packed, "billunitspkg"),
            }
            if min(columns.values()) >= 0:
                return Found(columns, line.number)
        return None

    def read(self, lines: Iterable[Line], found: Found) -> Iterator[tuple[str, Record]]:
        """A record for each package and code."""
        place = found.columns
        for line in lines:
            if line.aside:
                continue
            told = line.cell(place["ndc"])
            ndc = _NDC.fullmatch(told)
            if ndc is None:
                if not _DIGITS.fullmatch(told):
                    raise RowError(line, f'NDC "{shown(told)}" is not 5-4-2 digits')
                yield PASSED_OVER, (line.number, f'NDC "{shown(told)}" is not 5-4-2 digits')
                continue
            dose = _DOSE.fullmatch(line.cell(place["dose"]))
            amount, measure = (dose[1], dose[2]) if dose else ("", line.cell(place["dose"]))
            yield (
                "ndc_hcpcs",
                (
                    "".join(ndc.groups()),
                    code(line, place["code"], "code"),
                    0,
                    0,
                    amount.replace(",", ""),
                    measure.strip(),
                    number(line, place["size"], "package size", may_be_empty=True),
                    number(line, place["containers"], "package quantity", may_be_empty=True),
                    number(line, place["units_container"], "billing units", may_be_empty=True),
                    number(line, place["units_package"], "billing units of the package", may_be_empty=True),
                ),
            )

    def program(self, found: Found) -> str | None:  # noqa: ARG002 - as the protocol has it
        """One file for all programs."""
        return None


LAYOUT = Asp()
