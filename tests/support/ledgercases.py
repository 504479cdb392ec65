"""Runs and claims for tests of the ledger: made by hand, or any at all."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from scrubber.ledger import (
    Alarm,
    Artefact,
    Counts,
    Disposition,
    Run,
    SubmittedClaim,
    SubmittedLine,
    Transaction,
)

AT = datetime(2026, 11, 2, 12, 30, tzinfo=UTC)
NPI = "1000000012"


def sha(text: str) -> str:
    """A SHA-256 of anything, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def transaction(at: datetime = AT, file: str = "sample.837", st02: str = "0001") -> Transaction:
    """The transaction of made claims."""
    return Transaction(file, "000000001", "1", st02, "TEST1", "005010X222A1", at)


def claim(
    index: int = 1,
    id_: str = "CLM1",
    *,
    bytes_: str = "",
    held: bool = False,
    at: datetime = AT,
    day: date = date(2026, 10, 5),
    person: str = "aa" * 16,
    member: str = "bb" * 16,
    alarms: tuple[Alarm, ...] = (),
    st02: str = "0001",
    npi: str = NPI,
) -> SubmittedClaim:
    """A claim of one line; `bytes_` stands for its bytes."""
    line = SubmittedLine("1", "", "96372", ("59",), Decimal(1), 2500, day, day, "11", ("E538",), "")
    return SubmittedClaim(
        transaction(at, st02=st02), index, id_, "1", "", "", sha(bytes_ or id_), 2500, day, day, npi, npi,
        "TESTMB", "medicare", "MB", person, member, Disposition.HELD if held else Disposition.RELEASED,
        (line,), alarms,
    )  # fmt: skip


def run_for(claims: list[SubmittedClaim], input_: str = "input", at: datetime = AT) -> Run:
    """The run that says what `claims` are; `input_` stands for the bytes of the file."""
    sent = [one for one in claims if one.sent]
    held = [one for one in claims if not one.sent]
    file = claims[0].transaction.file if claims else "sample.837"
    return Run(
        sha(input_), file, at, "hold", "parted", counts(claims), counts(sent), counts(held),
        software="0.0", rules="1",
    )  # fmt: skip


def counts(claims: list[SubmittedClaim]) -> Counts:
    """What claims add up to."""
    lines, cents = sum(len(one.lines) for one in claims), sum(one.cents or 0 for one in claims)
    return Counts(len(claims), lines, cents)


def as_recorded(claims: list[SubmittedClaim], run: int) -> list[SubmittedClaim]:
    """What the ledger should give back of claims that none was held before."""
    return [replace(one, run=run, first_held=None if one.sent else one.transaction.at) for one in claims]


# What a control number, a code, a hash may be; quotes, per cents and colons are nasty to databases.
controls = st.text(st.characters(codec="latin-1", categories=("L", "N", "P", "S", "Zs")), max_size=20)
codes = st.from_regex(r"[A-Z0-9]{1,7}", fullmatch=True)
hashes = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
keys = st.one_of(st.just(""), hashes.map(lambda text: text[:32]))
days = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
cents = st.none() | st.integers(-(10**18) + 1, 10**18 - 1)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
units = st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
facts = st.one_of(st.booleans(), st.integers(-(10**6), 10**6), codes, st.lists(codes, max_size=3))

lines = st.builds(
    SubmittedLine,
    number=st.from_regex(r"[0-9]{0,6}", fullmatch=True),
    control=controls,
    code=codes | st.just(""),
    modifiers=st.lists(codes.map(lambda text: text[:2]) | st.just(""), max_size=3).map(
        lambda found: (*found, "25") if found else ()
    ),
    units=units,
    cents=cents,
    first_day=days,
    last_day=days,
    place=codes,
    diagnoses=st.lists(codes, max_size=4).map(tuple),
    ndc=st.from_regex(r"[0-9-]{0,13}", fullmatch=True),
)
alarms = st.builds(
    Alarm,
    rule=codes,
    severity=st.sampled_from(("reject", "deny", "advise")),
    outcome=st.sampled_from(("fail", "bypassed", "no_data")),
    lines=st.lists(st.from_regex(r"[0-9]{1,6}", fullmatch=True), max_size=3).map(tuple),
    place=codes,
    cents=st.integers(0, 10**12),
    evidence=st.dictionaries(codes, facts, max_size=3),
    disposition=st.sampled_from(("pass", "fixed", "annotated", "hold")),
)


@st.composite
def batches(draw: st.DrawFn) -> tuple[Run, list[SubmittedClaim]]:
    """Any run with any claims, in the order of the file."""
    at, file = draw(moments), draw(controls)
    claims: list[SubmittedClaim] = []
    for number in range(draw(st.integers(0, 3))):
        of = Transaction(
            file, draw(controls), draw(controls), f"{number:04}", draw(controls), draw(controls), at
        )
        made = st.builds(
            SubmittedClaim,
            transaction=st.just(of),
            index=st.just(0),
            id=controls,
            frequency=codes | st.just(""),
            trace=controls,
            payer_control=controls,
            sha256=hashes,
            cents=cents,
            first_day=days,
            last_day=days,
            billing_npi=codes,
            rendering_npi=codes,
            payer_id=codes,
            payer_class=codes,
            filing=codes,
            person=keys,
            member=keys,
            disposition=st.sampled_from(list(Disposition)),
            lines=st.lists(lines, max_size=3).map(tuple),
            alarms=st.lists(alarms, max_size=2).map(tuple),
            timely=days,
        )
        claims += draw(st.lists(made, max_size=4))
    claims = [replace(one, index=number) for number, one in enumerate(claims, 1)]
    run = Run(
        sha256=draw(hashes),
        name=file,
        at=at,
        policy=draw(codes),
        outcome=draw(codes),
        received=counts(claims),
        released=counts([one for one in claims if one.sent]),
        held=counts([one for one in claims if not one.sent]),
        select=draw(st.lists(codes, max_size=2).map(tuple)),
        ignore=draw(st.lists(codes, max_size=2).map(tuple)),
        profile=draw(controls),
        tables=draw(st.lists(st.tuples(codes, controls), max_size=2).map(tuple)),
        rules=draw(codes),
        software=draw(codes),
        artefacts=draw(
            st.lists(st.builds(Artefact, codes, hashes), max_size=3, unique_by=lambda one: one.name).map(
                lambda found: tuple(sorted(found, key=lambda one: one.name))
            )
        ),
    )
    return run, claims


def later(days_: int) -> datetime:
    """So many days after AT."""
    return AT + timedelta(days=days_)
