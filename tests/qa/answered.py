"""Answers for tests of QA, and the comparison of a few claims with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ledgercases import claim

from scrubber.ledger import SubmittedClaim, SubmittedLine, member_key
from scrubber.ledger.submitted import Alarm
from scrubber.qa.answers import Named
from scrubber.qa.book import Claimed
from scrubber.qa.compare import compare
from scrubber.qa.corrections import uncompared
from scrubber.qa.result import About, ClaimRow, Result
from scrubber.registry import all_rules
from scrubber.tables import Tables, load_tables

KEY = b"k" * 32
NPI = "1000000012"
DAY = date(2026, 10, 5)
SENT = date(2026, 10, 8)


def _interchange(kind: str, guide: str, day: str, sets: Iterable[list[str]]) -> bytes:
    ids = f"ZZ*{'TESTPAYER':15}*ZZ*{'TESTSENDER':15}"
    rows = [
        f"ISA*00*{'':10}*00*{'':10}*{ids}*{day[2:]}*1200*^*00501*000000077*0*T*:",
        f"GS*{kind}*TESTPAYER*TESTSENDER*{day}*1200*77*X*{guide}",
    ]
    count = 0
    for count, body in enumerate(sets, 1):
        st = {"HN": "277", "HP": "835", "FA": "999"}[kind]
        rows += [f"ST*{st}*{count:04}*{guide}", *body, f"SE*{len(body) + 2}*{count:04}"]
    rows += [f"GE*{count}*77", "IEA*1*000000077"]
    return "".join(f"{row}~\n" for row in rows).encode()


def rows_of(text: str) -> list[str]:
    return [row.strip().rstrip("~") for row in text.splitlines() if row.strip()]


def remittance(*claims: str, day: str = "20261020", npi: str = NPI) -> bytes:
    """An 835; each of `claims` is a CLP and what follows it, a segment a line."""
    head = [
        "BPR*I*0*C*CHK************" + day,
        "TRN*1*TESTTRACE*1000000000",
        f"DTM*405*{day}",
        "N1*PR*EXAMPLE MEDICARE",
        f"N1*PE*EXAMPLE CLINIC*XX*{npi}",
        "LX*1",
    ]
    return _interchange(
        "HP", "005010X221A1", day, [[*head, *(row for one in claims for row in rows_of(one))]]
    )


def status(
    *claims: str, day: str = "20261009", trace: str = "OTHER1", npi: str = NPI, head: str = ""
) -> bytes:
    """A 277CA; each of `claims` begins with its TRN. `head` stands in loop 2200B."""
    body = [
        f"BHT*0085*08*TESTREF*{day}*1200*TH",
        "HL*1**20*1", "NM1*PR*2*EXAMPLE MEDICARE*****PI*TESTMB", "TRN*1*TESTREF",
        f"DTP*050*D8*{day}", f"DTP*009*D8*{day}",
        "HL*2*1*21*1", "NM1*41*2*EXAMPLE BILLING*****46*TESTSENDER", f"TRN*2*{trace}",
        *(rows_of(head) or [f"STC*A1:19:PR*{day}*WQ*0"]),
        "HL*3*2*19*1", f"NM1*85*2*EXAMPLE CLINIC*****XX*{npi}", "TRN*1*0", "STC*A1:19:PR**WQ*0",
    ]  # fmt: skip
    for number, one in enumerate(claims, 4):
        body += [f"HL*{number}*3*PT", "NM1*QC*1*DOE*JANE****MI*TEST0001", *rows_of(one)]
    return _interchange("HN", "005010X214", day, [body])


def acknowledgement(text: str, day: str = "20261008") -> bytes:
    """A 999: `text` are AK1 to AK9."""
    return _interchange("FA", "005010X231A1", day, [rows_of(text)])


def made(id_: str = "CLAIM1", **more: Any) -> SubmittedClaim:
    """A claim of $25.00 for 96372 on 5 October 2026, of the member TEST0001, sent on the 8th."""
    changes = {
        key: more.pop(key)
        for key in ("cents", "lines", "trace", "payer_control", "frequency", "payer_class", "payer_id")
        if key in more
    }
    more.setdefault("member", member_key(KEY, more.pop("of_member", "TEST0001")))
    return replace(claim(more.pop("index", 1), id_, day=more.pop("day", DAY), **more), **changes)


def line(number: str, code: str, cents: int, control: str = "", day: date = DAY) -> SubmittedLine:
    return SubmittedLine(number, control, code, (), None, cents, day, day, "11")


def alarm(
    rule: str = "INJ-E02", outcome: str = "fail", severity: str = "deny", disposition: str = "pass"
) -> Alarm:
    return Alarm(rule, severity, outcome, ("1",), "2400/SV101-03", 2500, {}, disposition)


@cache
def tables() -> Tables:
    return load_tables()


def result_of(
    claims: Sequence[SubmittedClaim | Claimed],
    answers: Sequence[bytes],
    folder: Path,
    *,
    mode: str = "scrubbed",
    using: Tables | None = None,
    names: Sequence[str] = (),
) -> Result:
    """What QA makes of claims, sent on 8 October unless told, and of these files of answers."""
    folder.mkdir(exist_ok=True)
    files = []
    for number, data in enumerate(answers):
        path = folder / (names[number] if names else f"{number}.txt")
        path.write_bytes(data)
        files.append(Named(path, path.name))
    given = [one if isinstance(one, Claimed) else Claimed(one, SENT) for one in claims]
    return compare(
        given,
        files,
        about=About("test", mode),
        tables=using or tables(),
        key=KEY,
        rules={rule.code: rule for rule in all_rules()},
        differ=uncompared,
    )


def row_of(claims: Sequence[SubmittedClaim | Claimed], answers: Sequence[bytes], folder: Path) -> ClaimRow:
    """The row of the first claim."""
    return result_of(claims, answers, folder).claims[0]


def paid(
    id_: str = "CLAIM1",
    *,
    charge: str = "25",
    amount: str = "20",
    number: str = "PAYER0001",
    status: str = "1",
) -> str:
    """A claim of an 835 that is paid but for the contract."""
    return f"""
        CLP*{id_}*{status}*{charge}*{amount}**MB*{number}*11*1
        NM1*QC*1*DOE*JANE****MI*TEST0001
        DTM*232*20261005
        SVC*HC:96372*{charge}*{amount}**1
        DTM*472*20261005
        CAS*CO*45*5
    """


def reversal(id_: str = "CLAIM1", number: str = "PAYER0001") -> str:
    return f"""
        CLP*{id_}*22*-25*-20**MB*{number}*11*1
        NM1*QC*1*DOE*JANE****MI*TEST0001
        DTM*232*20261005
        SVC*HC:96372*-25*-20**1
        CAS*CO*45*-5
    """


def denied(
    id_: str = "CLAIM1", cas: str = "CO*97*25", remarks: Sequence[str] = ("N20",), number: str = "PAYER0001"
) -> str:
    return "\n".join(
        [
            f"CLP*{id_}*1*25*0**MB*{number}*11*1",
            "NM1*QC*1*DOE*JANE****MI*TEST0001",
            "DTM*232*20261005",
            "SVC*HC:96372*25*0**1",
            "DTM*472*20261005",
            f"CAS*{cas}",
            *(f"LQ*HE*{remark}" for remark in remarks),
        ]
    )


def noted(stc: str, id_: str = "CLAIM1", rest: str = "") -> str:
    """A claim of a 277CA with an STC."""
    return f"""
        TRN*2*{id_}
        STC*{stc}
        {rest}
        DTP*472*D8*20261005
    """
