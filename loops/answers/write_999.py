"""Write the implementation acknowledgement (999, 005010X231A1) of a functional group.

Segments: ISA GS ST AK1, for each transaction set AK2, for each faulty segment
IK3 CTX IK4, IK5, then AK9 SE GE IEA. The claim stands in CTX as business unit
(``CLM01``). Faulty values (IK404) are not copied: they may be data of persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from loops.answers import wrap
from loops.validate.problem import GroupResult, GuideProblem, TransactionResult

_GUIDE: Final = "005010X231A1"
_UNKNOWN: Final = "ZZZ"  # IK301 of what is no segment id
_CODES: Final = 5  # IK502 to IK506, AK905 to AK909
_BUSINESS_UNIT: Final = 35


def write_999(
    group: GroupResult,
    problems: Iterable[GuideProblem],
    *,
    control: int,
    made_on: datetime,
    line_end: str = "",
) -> bytes:
    """The bytes of the 999 that answers `group`, with `problems` of that group (others are passed over).

    `control` becomes ISA13 and GS06 (1 to 999999999), `made_on` the dates and
    times; sender and receiver are those of the group, swapped. `line_end`
    stands after each terminator.
    """
    wanted = {transaction.number: transaction for transaction in group.transactions}
    faults: dict[int, list[GuideProblem]] = {number: [] for number in wanted}
    for problem in problems:
        if problem.transaction in wanted and problem.ik3 and problem.segment:
            faults[problem.transaction].append(problem)
    gs = [*map(wrap.safe, group.gs), *[""] * 8]
    body = [["ST", "999", "0001", _GUIDE], ["AK1", gs[0] or "HC", _number(gs[5]), gs[7] or "005010X222A1"]]
    for number, transaction in wanted.items():
        body += _transaction(transaction, faults[number])
    body.append(_summary(group))
    body.append(["SE", str(len(body) + 1), "0001"])
    head = [
        wrap.isa(group.isa, control, made_on),
        wrap.gs("FA", _GUIDE, group.gs, group.isa, control=control, made_on=made_on),
    ]
    tail = [f"GE*1*{control}", f"IEA*1*{control:09}"]
    segments = [*head, *("*".join(_cut(segment)) for segment in body), *tail]
    return "".join(f"{segment}~{line_end}" for segment in segments).encode("ascii")


def _transaction(transaction: TransactionResult, problems: list[GuideProblem]) -> list[list[str]]:
    st02 = wrap.safe(transaction.st02).strip().zfill(4)[:9]
    found = [
        ["AK2", transaction.kind if transaction.kind.isdigit() else "837", st02, wrap.safe(transaction.st03)]
    ]
    if not transaction.judged:
        return [*found, ["IK5", "R", "I6"]]
    by_segment: dict[tuple[int, str, str, str], list[GuideProblem]] = {}
    for problem in problems:
        key = max(problem.segment, 1), problem.segment_id or _UNKNOWN, problem.ik3, problem.claim
        by_segment.setdefault(key, []).append(problem)
    for (ordinal, id_, ik3, claim), faults in by_segment.items():
        found.append(["IK3", id_, str(ordinal), "", ik3])
        if unit := wrap.safe(claim).strip()[:_BUSINESS_UNIT]:
            found.append(["CTX", f"CLM01:{unit}"])
        spots = {(p.element, p.component, p.ik4) for p in faults if p.ik4 and p.element}
        found += [["IK4", f"{e}:{c}" if c else str(e), "", ik4] for e, c, ik4 in sorted(spots)]
    codes = [*transaction.codes, *(["5"] if any(p.severity == "reject" for p in problems) else [])]
    return [*found, ["IK5", transaction.verdict, *_unique(codes)]]


def _summary(group: GroupResult) -> list[str]:
    received = len(group.transactions)
    accepted = sum(t.judged and t.verdict != "R" for t in group.transactions)
    if group.codes or (received and not accepted):
        verdict, accepted = "R", 0
    elif accepted < received:
        verdict = "P"
    else:
        verdict = "E" if any(t.verdict == "E" for t in group.transactions) else "A"
    included = group.ge01 if group.ge01.isdigit() and len(group.ge01) <= 6 else str(received)
    return ["AK9", verdict, included, str(received), str(accepted), *_unique(group.codes)]


def _unique(codes: list[str]) -> list[str]:
    return sorted(set(codes))[:_CODES]


def _number(value: str) -> str:
    return value if value.isdigit() and len(value) <= 9 else "0"


def _cut(segment: list[str]) -> list[str]:
    while segment[-1] == "":
        segment.pop()
    return segment
