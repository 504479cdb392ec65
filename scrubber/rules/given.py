"""What was given to the patient on the day of a line, as the tables of drugs and products know it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from loops import Claim, ServiceLine
from scrubber.codes import is_drug
from scrubber.context import Context, Service
from scrubber.tables import Row

# Values of drugs.admin of a form that a needle puts into muscle or under the skin, whatever code gives it.
_INJECTED: Final = frozenset({"96372", "96401", "96402", "G0012", "rsv-admin", "any", "varies"})
# HCPCS Level II: J7604 to J7699 inhaled, J8000 to J8999 oral, Q0144 and Q0161 to Q0181 oral.
_SWALLOWED: Final = re.compile(r"J76(?:0[4-9]|[1-9][0-9])|J8[0-9]{3}|Q01(?:44|6[1-9]|7[0-9]|8[01])", re.ASCII)
# Palivizumab, and the immune globulins among the J codes (table products has those with a number).
_GLOBULINS: Final = re.compile(
    r"90378|J14(?:59|60)|J15(?:5[14-9]|6[01689]|7[12356]|99)|J1670|J27(?:88|9[0-2])", re.ASCII
)
_NEOPLASM: Final = re.compile(r"C[0-9]|D[0-4]")
_VACCINE_SECTION: Final = ("90476", "90759")  # 90480 inside it is an administration code
_FIBROID: Final = "D25"


@dataclass(frozen=True, slots=True)
class Given:
    """A drug or product line: `drug` its row of table drugs, `product` its row of table products, if any."""

    service: Service
    drug: Row | None
    product: Row | None

    @property
    def code(self) -> str:
        """The procedure code of the line."""
        return self.service.line.code

    @property
    def admin(self) -> str:
        """Column admin of table drugs; empty for a code that the table does not know."""
        return self.drug["admin"] if self.drug else ""

    @property
    def kind(self) -> str:
        """Column kind of table products: vaccine, immune-globulin, antitoxin, rsv-antibody; else empty."""
        return self.product["kind"] if self.product else ""

    @property
    def routes(self) -> frozenset[str]:
        """The routes of the drug; empty when they are not known."""
        return frozenset(self.drug["routes"].split(";")) - {""} if self.drug else frozenset()

    @property
    def in_vaccine_section(self) -> bool:
        """Whether the code lies in the CPT section of vaccines and toxoids: no table has to say so."""
        return _VACCINE_SECTION[0] <= self.code <= _VACCINE_SECTION[1] and is_drug(self.code)

    @property
    def vaccine(self) -> bool:
        """Whether it is a vaccine or toxoid; so is a number of their ranges that no table knows."""
        if self.product is None and self.drug is None:
            return _VACCINE_SECTION[0] <= self.code < "A"
        return self.kind == "vaccine"

    @property
    def swallowed(self) -> bool:
        """Whether the code lies in a HCPCS chapter of oral or inhaled drugs: no table has to say so."""
        return _SWALLOWED.fullmatch(self.code) is not None

    @property
    def injected(self) -> bool:
        """Whether it may have gone into muscle or under the skin. A drug that the table does not know may."""
        if self.vaccine:
            return False
        if self.drug is None:
            return not self.swallowed
        return self.admin in _INJECTED or (self.admin == "iv" and bool(self.routes & {"IM", "SC"}))


def given(ctx: Context, line: ServiceLine) -> list[Given]:
    """The drugs and products of the patient's day, over the whole batch, own lines first."""
    return ctx.remember(("given", line.first_day or line.lx.start), lambda: _given(ctx, line))


def _given(ctx: Context, line: ServiceLine) -> list[Given]:
    found = []
    for service in ctx.patient_day(line):
        code = service.line.code
        drug = ctx.find("drugs", code, line)
        product = ctx.find("products", code, line)
        if drug is not None or product is not None or is_drug(code):
            found.append(Given(service, drug, product))
    return found


def misplaced(items: Iterable[Given], *admins: str) -> list[Given]:
    """Those of the day's drugs that only `admins` give, if no drug of the day may have been injected.

    None either when a vaccine is on the day: INJ-B01 tells that nothing is left for 96372.
    """
    listed = list(items)
    if any(one.injected or one.vaccine for one in listed):
        return []
    return [one for one in listed if one.admin in admins]


def administrations(ctx: Context, line: ServiceLine, *kinds: str) -> list[Service]:
    """The administration codes of the patient's day, of these kinds (beginnings of admin_codes.kind)."""
    return [service for service, kind in _kinds(ctx, line, "admin_codes") if kind.startswith(kinds)]


def vaccine_days(claim: Claim, ctx: Context) -> Iterator[tuple[ServiceLine, list[Given]]]:
    """The first vaccine administration line of each day of the claim, and what was given that day."""
    told = set()
    for line in claim.lines:
        row = ctx.find("admin_codes", line.code, line)
        if row is not None and row["kind"] == "vaccine-admin" and line.first_day not in told:
            told.add(line.first_day)
            yield line, given(ctx, line)


def procedures(ctx: Context, line: ServiceLine, *kinds: str) -> list[Service]:
    """The procedures of the patient's day that are themselves an injection, of these kinds or of any."""
    found = _kinds(ctx, line, "injection_procedures")
    return [service for service, kind in found if not kinds or kind in kinds]


def _kinds(ctx: Context, line: ServiceLine, table: str) -> list[tuple[Service, str]]:
    """The services of the patient's day that have a row in `table`, each with its kind."""
    return ctx.remember((table, line.first_day or line.lx.start), lambda: _of_kinds(ctx, line, table))


def _of_kinds(ctx: Context, line: ServiceLine, table: str) -> list[tuple[Service, str]]:
    return [(service, row["kind"]) for service, row in ctx.having(table, ctx.patient_day(line), line)]


def immune_globulin(one: Given) -> bool:
    """Whether it is an immune globulin, antitoxin or palivizumab: drugs that are often taken for vaccines."""
    return one.kind in ("immune-globulin", "antitoxin") or bool(_GLOBULINS.fullmatch(one.code))


def diagnoses(claim: Claim, lines: Iterable[ServiceLine]) -> list[str]:
    """The diagnoses that these lines of the claim point at, else all of the claim; upper case, no dot."""
    pointed = [dx for line in lines for dx in claim.pointed(line)]
    return [dx.code.upper().replace(".", "") for dx in pointed or claim.diagnoses]


def neoplasm(codes: Iterable[str]) -> bool:
    """Whether one of the ICD-10-CM codes is a neoplasm (C00-D49). Uterine fibroids (D25) do not count."""
    return any(_NEOPLASM.match(code) and not code.startswith(_FIBROID) for code in codes)


def age(claim: Claim, line: ServiceLine) -> int | None:
    """Age of the patient in whole years on the day of the line; None when a date is missing."""
    party = claim.patient or (claim.subscriber.party if claim.subscriber else None)
    if party is None or party.born is None or line.first_day is None or party.born > line.first_day:
        return None
    born, day = party.born, line.first_day
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months(claim: Claim, line: ServiceLine) -> int | None:
    """Age of the patient in whole months on the day of the line; None when a date is missing."""
    party = claim.patient or (claim.subscriber.party if claim.subscriber else None)
    if party is None or party.born is None or line.first_day is None or party.born > line.first_day:
        return None
    born, day = party.born, line.first_day
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
