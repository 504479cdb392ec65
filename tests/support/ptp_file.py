"""Make a PTP file in the CMS layout, of any size, with invented pairs: ``python ptp_file.py ROWS FILE``.

The pairs are those of the first codes of a fixed list, in order, so a test can work out what is in
the file without reading it.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

HEAD = (
    "CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\t\t\t\t\r\n"
    "Column1/Column2 Edits\t\t\t\t\t\t\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n"
    "\t\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
RATIONALES = ("Invented reason one", "Invented reason two, longer than the first", "Invented reason three")


def codes() -> list[str]:
    """The codes that pairs are made of: 0001A, 10000 and every third after it, then some with letters."""
    digits = [f"{number:05}" for number in range(10000, 99999, 3)]
    letters = [f"{letter}{number:04}" for letter in "CGJQV" for number in range(1, 9999, 7)]
    return ["0001A", *digits, *letters]


def pairs(rows: int) -> Iterator[tuple[str, str]]:
    """The pairs of a file of that many rows, in its order; every column 1 has about the same number."""
    every = codes()
    each = -(-rows // len(every))
    step = len(every) // each
    made = (
        (one, two) for one in every for two in sorted(every[(k * step) % len(every)] for k in range(each))
    )
    return itertools.islice(made, rows)


def row(number: int, one: str, two: str) -> str:
    """A row of the file: every tenth edit has ended, every third has indicator 1."""
    deleted = "20231231" if number % 10 == 0 else "*"
    indicator = 1 if number % 3 == 0 else 0
    return f"{one}\t{two}\t\t20{number % 20:02}0101\t{deleted}\t{indicator}\t{RATIONALES[number % 3]}\r\n"


def write(rows: int, path: Path) -> None:
    """Write a file of that many rows."""
    with path.open("w", encoding="latin-1", newline="") as stream:
        stream.write(HEAD)
        stream.writelines(row(number, one, two) for number, (one, two) in enumerate(pairs(rows)))


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
