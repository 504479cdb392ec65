"""INJ-N01: a diagnosis that is not valid on the day, or may not stand first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from loops import Claim, Diagnosis, ServiceLine
from scrubber.context import Context
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.common import guide
from scrubber.rules.indications import plain
from scrubber.tables import Row, Table

ICD10_FROM: Final = date(2015, 10, 1)
_ICD9: Final = frozenset({"BK", "BF"})
# What is no code may be a name or a birth date that slipped in: it is not repeated.
_LIKE_A_CODE: Final = re.compile(r"[A-Za-z]?[0-9][A-Za-z0-9.]{0,6}")
_FORM: Final = re.compile(r"[A-Z][0-9A-Z]{2,6}", re.ASCII)
_EXTERNAL: Final = frozenset("VWXY")


@rule(
    code="INJ-N01",
    name="diagnosis-valid",
    severity=Severity.REJECT,
    cites=(
        guide("2300 HI: code list by qualifier, no decimal point, valid on the day of service"),
        cite(
            "AAPC, categories never used as primary diagnoses",
            "V00 to Y99 are never listed first (official guidelines, chapter 20)",
            "https://aapc.com/codes/coding-newsletters/my-icd-10-coding-alert/"
            "icd-10-cm-coding-which-icd-10-cm-categories-should-never-be-used-as-primary-diagnoses-178930-article/rci",
        ),
    ),
    expected=Expected(status=("A7:255", "A7:254"), carc=("16", "146"), rarc=("M76", "M81")),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """Each diagnosis is an ICD-10-CM code of the day at its full length, and no external cause stands first.

    Why: Front ends compare every diagnosis with the code set in force on the day of
    service; a heading (E11) or an old code sends the whole claim back. V, W, X and Y codes
    say how an injury came about, never why a drug was given. Which codes are
    manifestations, that may not stand first either, is in no table here: not judged.

    Bad:
        HI*ABK:E11
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1

    Good:
        HI*ABK:E119
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J3420*5*UN*1***1
    """
    days = {line.first_day for line in claim.lines}
    day = days.pop() if len(days) == 1 else None
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        if day is not None and _sound(ctx, diagnosis, day):
            continue  # as most are: which lines point at it need not be known
        lines = _pointing(claim).get(str(number)) or claim.lines[:1]
        if lines:
            fault = _fault(ctx, diagnosis, lines)
            if fault:
                told = f"{diagnosis.code} " if _LIKE_A_CODE.fullmatch(diagnosis.code) else ""
                says = f"diagnosis {number}: {told}{fault}"
                yield Hit(diagnosis.spot, says, tuple(lines), evidence={"dx": diagnosis.code})
    if not _EXTERNAL.isdisjoint([one.code[:1].upper() for one in claim.diagnoses]):
        yield from _external(claim, ctx)


def _pointing(claim: Claim) -> dict[str, list[ServiceLine]]:
    """The lines that point at each diagnosis, by its number."""
    found: dict[str, list[ServiceLine]] = {}
    for line in claim.lines:
        for number in {pointer.removeprefix("0") for pointer in line.pointers}:
            found.setdefault(number, []).append(line)
    return found


def _sound(ctx: Context, diagnosis: Diagnosis, day: date) -> bool:
    """Whether a diagnosis is a whole code of that day for sure, written as the tables write it."""
    code = diagnosis.code
    if diagnosis.qualifier in _ICD9 or day < ICD10_FROM or not _FORM.fullmatch(code):
        return False
    loaded = ctx.table("icd10cm").lookup(code, day)
    if isinstance(loaded, Row):
        return loaded["billable"] == "yes"
    return loaded is not None and _goes_on(ctx.table("icd10cm_categories"), code, day)


def _fault(ctx: Context, diagnosis: Diagnosis, lines: Sequence[ServiceLine]) -> str:
    """What is wrong with a diagnosis on some day of the lines that point at it; empty when nothing is."""
    days: dict[date | None, ServiceLine] = {}
    for line in lines:
        days.setdefault(line.first_day, line)
    old = diagnosis.qualifier in _ICD9
    for day, line in days.items():
        if day is not None and old != (day < ICD10_FROM):
            wanted = "ICD-10-CM (ABK, ABF)" if old else "ICD-9-CM (BK, BF)"
            return f"is sent as {diagnosis.qualifier}, and services of {day} need {wanted}: code it anew"
        fault = "" if old else _icd10(ctx, diagnosis.code, line)
        if fault:
            return fault
    return ""


def _icd10(ctx: Context, code: str, line: ServiceLine) -> str:
    if "." in code:
        return "has a decimal point, which is not sent: take it out"
    if not _FORM.fullmatch(plain(code)):
        return "is not in the form of an ICD-10-CM code: take the code from the record"
    billable = _billable(ctx, plain(code), line)
    if billable == "no":
        return f"is a heading of ICD-10-CM on {line.first_day}, not a whole code: give all its characters"
    if billable == "absent":
        return f"is no ICD-10-CM code on {line.first_day}: take the code of that day from the record"
    return ""


def _billable(ctx: Context, code: str, line: ServiceLine) -> str:
    """``yes``, ``no`` (a heading), ``absent``; empty when no table speaks of the day."""
    if line.first_day is not None:
        loaded = ctx.table("icd10cm").lookup(code, line.first_day)
        if loaded is None:
            return "absent"
        if isinstance(loaded, Row):
            return loaded["billable"]
        if _goes_on(ctx.table("icd10cm_categories"), code, line.first_day):
            return "yes"
    known = len(ctx.gaps)
    row = ctx.find("icd10cm_categories", code[:3], line)
    if len(ctx.gaps) > known:
        return ""
    return _in_category(row["codes"], code[3:]) if row else "absent"


@lru_cache(maxsize=4096)
def _goes_on(categories: Table, code: str, on: date) -> bool:
    """Whether `on` is after the table's end and the code was valid then: few codes end with a year."""
    last = categories.meta.covers_thru
    row = categories.lookup(code[:3], last) if last and on > last else None
    return isinstance(row, Row) and _in_category(row["codes"], code[3:]) == "yes"


@lru_cache(maxsize=4096)
def _in_category(groups: str, rest: str) -> str:
    """Whether `rest` (after the three characters of a category) is one of its codes, or begins one."""
    if groups == "-":
        return "absent" if rest else "yes"
    if not rest:
        return "no"
    stem, end = rest[:-1], rest[-1]
    for group in groups.split():
        begins, ends = group.split("/")
        if begins == stem and end in ends:
            return "yes"
    return "no" if any(group.startswith(rest) for group in groups.split()) else "absent"


def _is_external(diagnosis: Diagnosis) -> bool:
    return diagnosis.qualifier not in _ICD9 and diagnosis.code[:1].upper() in _EXTERNAL


def _external(claim: Claim, ctx: Context) -> Iterator[Hit]:
    first = claim.diagnoses[0] if claim.diagnoses else None
    if first is not None and _is_external(first):
        says = (
            f"principal diagnosis {first.code} is an external cause, which never stands first: "
            "put the condition that was treated first"
        )
        yield Hit(first.spot, says, ctx.injections, evidence={"dx": first.code})
        return
    for line in ctx.injections:
        told = claim.pointed(line)[:1]
        if told and _is_external(told[0]):
            says = (
                f"line {line.number}: 96372 points first at {told[0].code}, an external cause: "
                "point first at the condition that was treated"
            )
            yield Hit(line.sv1.spot(7, 1), says, (line,), Severity.DENY, evidence={"dx": told[0].code})
