"""Files of every layout that can be imported, with invented rows, and ways to pack and load them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from openpyxl import Workbook

from scrubber.tables import NoData, Row, Tables, load_tables
from scrubber.tables.importers.load import Options, Outcome, import_files
from scrubber.tables.store import Quarter

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
WORDING = "Zebra wording"  # stands in each description: it must be in no store and no bundle

PTP_HEAD = [
    ["CPT only copyright 2025 American Medical Association.  All rights reserved."],
    ["Column1/Column2 Edits"],
    ["Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP Edit Rationale"],
    ["", "", "prior to 1996", "Date", "Date", "0=not allowed", ""],
    ["", "", "", "", "*=no data", "1=allowed", ""],
    ["", "", "", "", "", "9=not applicable", ""],
]
PTP_ROWS = [
    ["11111", "22222", "", "20200101", "20260331", "0", WORDING],
    ["11111", "33333", "*", "19960101", "*", "1", WORDING],
    ["96372", "99213", "", "20180101", "20191231", "0", WORDING],
    ["96372", "99213", "", "20200101", "*", "1", WORDING + " two"],
    ["96372", "99214", "", "20220101", "20220101", "9", WORDING],
    ["G0008", "96372", "", "20240101", "*", "0", WORDING],
]
PTP = [*PTP_HEAD, *PTP_ROWS]

MUE_HEAD = [
    ["A long notice,\nof several lines; copyright 2025", "", "", ""],
    ["HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"],
]
MUE_ROWS = [
    ["11111", "1", "2 Date of Service Edit: Policy", WORDING],
    ["96372", "4", "3 Date of Service Edit: Clinical", WORDING + ", clinical"],
    ["J0001", "120", "1 Line Edit", WORDING],
]
MUE = [*MUE_HEAD, *MUE_ROWS]
MEDICAID_MUE = [
    ["HCPCS/CPT Code", "Practitioner Services MUE Values", "MUE Rationale"],
    ["96372", "5", WORDING],
]

_HCPCS_NAMES = (
    "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,PRICE2,PRICE3,PRICE4,MULT_PI,CIM1,CIM2,CIM3,"
    "MCM1,MCM2,MCM3,STATUTE,LABCERT1,LABCERT2,LABCERT3,LABCERT4,LABCERT5,LABCERT6,LABCERT7,LABCERT8,XREF1,XREF2,"
    "XREF3,XREF4,XREF5,COV,ASC_GRP,ASC_DT,OPPS,OPPS_PI,OPPS_DT,PROCNOTE,BETOS,TOS1,TOS2,TOS3,TOS4,TOS5,ANEST_BU,"
    "ADD DT,ACT EFF DT,TERM DT,ACTION CD"
).split(",")
# Code, sequence number, record type, add date, effective date, termination date, action.
_HCPCS_FACTS = [
    ("A0001", "00100", "3", "19850101", "19960910", "", "N"),
    ("A0001", "00200", "4", "19850101", "19960910", "", "N"),
    ("J0001", "00100", "3", "20100101", "20240701", "20240630", "D"),
    ("J0002", "00100", "3", "20240701", "20240701", "", "A"),
    ("ZY", "00100", "7", "20150401", "20150701", "", "N"),
]


def _hcpcs_row(fact: tuple[str, ...]) -> list[str]:
    code, number, kind, *dates = fact
    shown = f"   {code}" if len(code) == 2 else code
    between = [""] * (len(_HCPCS_NAMES) - 9)
    return [shown, number, kind, WORDING + ", long", WORDING, *between, *dates]


HCPCS = [_HCPCS_NAMES, *(_hcpcs_row(fact) for fact in _HCPCS_FACTS)]


def hcpcs_fixed() -> str:
    """The fixed-width form of `HCPCS`."""
    lines = []
    for code, number, kind, *dates in _HCPCS_FACTS:
        begin = f"{code:>5}{number}{kind}{WORDING:80}{WORDING:28}"
        lines.append(f"{begin:268}{dates[0]:8}{dates[1]:8}{dates[2]:8}{dates[3]}")
    return "\r\n".join(lines) + "\r\n"


_TAIL = [""] * 6
ASP = [
    ["January 2026 ASP NDC - HCPCS Crosswalk for Medicare Part B Drugs", *[""] * 15],
    ["     Effective January 1, 2026 through March 31, 2026", *[""] * 15],
    [""] * 16,
    [
        "_2026_CODE",
        "Short Description",
        "LABELER NAME",
        "NDC2",
        "Drug Name",
        "HCPCS dosage",
        "PKG SIZE",
        "PKG QTY",
        "BILLUNITS",
        "BILLUNITSPKG",
        *_TAIL,
    ],
    [
        "J0001",
        WORDING,
        "Example, Inc",
        "00001-0002-03",
        "Examplol",
        "1,000 MCG",
        "1.50",
        "10",
        "1.5",
        "15",
        *_TAIL,
    ],
    [
        "J0002",
        WORDING,
        "Example, Inc",
        "00001-0002-04",
        "Examplol",
        "UP TO 80 MG",
        "2",
        "1",
        "1",
        "1",
        *_TAIL,
    ],
    ["J0002", WORDING, "Example, Inc", "000017-0002-04", "Typo", "1 MG", "2", "1", "1", "1", *_TAIL],
]

_PFS_HEAD = [
    ["2026 National Physician Fee Schedule Relative Value File July Release"],
    ["Copyright 2025 American Medical Association, all rights reserved"],
    [],
    "|||||||||||||PCTC|GLOB|PRE|INTRA|POST|MULT|BILAT|ASST|CO-|TEAM|ENDO|CONV|".split("|"),
    "|||STATUS|NOT USED FOR|WORK|NON-FAC|NA|FACILITY|NA|MP|NON-FAC|FACILITY||||||||||||||".split("|"),
    (
        "HCPCS|MOD|DESCRIPTION|CODE|PAYMENT|RVU|PE RVU|INDICATOR|PE RVU|INDICATOR|RVU|TOTAL|TOTAL|IND|DAYS|OP|OP|OP"
        "|PROC|SURG|SURG|SURG|SURG|BASE|FACTOR|X"
    ).split("|"),
]
PFS = [
    *_PFS_HEAD,
    f"96372||{WORDING}|A||0.17|0.25||NA|NA|0.01|0.43|NA|5|XXX|0.00|0.00|0.00|0|0|0|0|0||33.2875|".split("|"),
    f"11111||{WORDING}|A||1.0|2.0||2.0||0.1|3.1|3.1|0|010|0.10|0.80|0.10|2|1|1|0|0||33.2875|".split("|"),
    f"11111|26|{WORDING}|A||1.0|2.0|NA|2.0||0.1|3.1|3.1|1|XXX|0.00|0.00|0.00|0|0|0|0|0||33.2875|".split("|"),
]

_ICD = [
    ("A00", 0),
    ("A000", 1),
    ("E11", 0),
    ("E119", 1),
    ("QA00101", 1),
    ("S72001A", 1),
    ("U071", 1),
    ("Z00", 0),
    ("Z0000", 1),
]


def icd10cm() -> str:
    """An order file."""
    lines = (
        f"{n:05} {code:7} {flag} {WORDING:60} {WORDING}, long" for n, (code, flag) in enumerate(_ICD, start=1)
    )
    return "\r\n".join(lines) + "\r\n"


CARC = [
    ["Code", "Description", "Start", "Last Modified", "Stop"],
    ["1", WORDING, "01/01/1995", "", ""],
    ["15", WORDING, "01/01/1995", "11/01/2017", "05/01/2018"],
    ["B15", WORDING, "01/01/1995", "", ""],
]
RARC = [
    ["Remark Code", "Description", "Effective Date", "Deactivation Date"],
    ["M1", WORDING, "1997-01-01", ""],
    ["MA4", WORDING, "1997-01-01", "2010-04-01"],
    ["N822", WORDING, "2017-03-01", ""],
]
NUCC = [
    [
        "Code",
        "Grouping",
        "Classification",
        "Specialization",
        "Definition",
        "Notes",
        "Display Name",
        "Section",
    ],
    ["207Q00000X", WORDING, WORDING, "", WORDING, "[7/1/2007: new]", WORDING, "Individual"],
    ["261QR1300X", WORDING, WORDING, WORDING, WORDING, "", WORDING, "Non-Individual"],
    [
        "390200000X",
        WORDING,
        WORDING,
        "",
        WORDING,
        "[1/1/2005: new; 1/1/2023: marked inactive]",
        WORDING,
        "Individual",
    ],
]

# Every layout as text: name, bytes, the tables it fills and how many rows of each.
TEXTS: list[tuple[str, bytes, dict[str, int]]] = []


def tsv(rows: Sequence[Sequence[str]], end: str = "\r\n") -> bytes:
    """Tab text as CMS writes it: every row as wide as the widest."""
    width = max(map(len, rows))
    return "".join("\t".join([*row, *[""] * (width - len(row))]) + end for row in rows).encode("cp1252")


def csv(rows: Sequence[Sequence[str]], end: str = "\r\n") -> bytes:
    """Comma text with quotes where they are needed."""
    width = max(map(len, rows))

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text

    lines = (",".join(map(cell, [*row, *[""] * (width - len(row))])) for row in rows)
    return "".join(line + end for line in lines).encode("utf-8")


def xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


TEXTS += [
    ("ccipra-v322r0-f1.txt", tsv(PTP), {"ptp": 6}),
    ("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", csv(MUE), {"mue": 3}),
    ("HCPC2026_JUL_ANWEB.csv", csv(HCPCS), {"hcpcs": 3, "hcpcs_modifiers": 1}),
    ("HCPC2026_JUL_ANWEB.txt", hcpcs_fixed().encode(), {"hcpcs": 3, "hcpcs_modifiers": 1}),
    ("January_2026_crosswalk.csv", csv(ASP), {"ndc_hcpcs": 2}),
    ("PPRRVU2026_Jul_nonQPP.csv", csv(PFS), {"pfs": 3}),
    ("icd10cm_order_2026.txt", icd10cm().encode(), {"icd10cm": 9}),
    ("carc_2026-03.csv", csv(CARC), {"carc": 3}),
    ("rarc_2026-03.csv", csv(RARC), {"rarc": 3}),
    ("nucc_taxonomy_261.csv", csv(NUCC), {"taxonomy": 3}),
]
SHEETS: list[tuple[str, list[list[str]], dict[str, int]]] = [
    ("ccipra-v322r0-f1.xlsx", PTP, {"ptp": 6}),
    ("MCR_MUE_PractitionerServices_Eff_07-01-2026.xlsx", MUE, {"mue": 3}),
    ("HCPC2026_JUL_ANWEB.xlsx", HCPCS, {"hcpcs": 3, "hcpcs_modifiers": 1}),
    ("January_2026_crosswalk.xlsx", ASP, {"ndc_hcpcs": 2}),
    ("PPRRVU2026_Jul_nonQPP.xlsx", PFS, {"pfs": 3}),
    ("carc_2026-03.xlsx", CARC, {"carc": 3}),
    ("nucc_taxonomy_261.xlsx", NUCC, {"taxonomy": 3}),
]


class Site:
    """A folder to write files in, and a store beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"

    def write(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def load(
        self,
        *files: tuple[str, bytes] | Path,
        quarter: str = "",
        program: str | None = None,
        force: bool = False,
    ) -> Outcome:
        """Write the files and import them together."""
        paths = [one if isinstance(one, Path) else self.write(*one) for one in files]
        options = Options(Quarter.read(quarter), program, force=force)
        return import_files(paths, self.store, NOW, options)

    @property
    def tables(self) -> Tables:
        return load_tables(store=self.store)

    def ask(self, table: str, key: str | tuple[str, ...], day: str) -> dict[str, str] | str | None:
        """The values of the row in force; None for absent, the word ``no data`` where none can say."""
        opened = self.tables.table(table)
        answer = opened.lookup(key, date.fromisoformat(day))
        if isinstance(answer, NoData):
            return "no data"
        return None if answer is None else {name: answer[name] for name in opened.meta.values}

    def row(self, table: str, key: str | tuple[str, ...], day: str) -> Row:
        answer = self.tables.table(table).lookup(key, date.fromisoformat(day))
        assert isinstance(answer, Row), answer
        return answer
