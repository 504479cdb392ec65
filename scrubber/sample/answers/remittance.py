"""The 835 (005010X221A1): a payer's payments of a day, a transaction set for each billing provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from random import Random
from typing import Final

from scrubber.sample.answers.letters import Adjustments, Paid, Payment
from scrubber.sample.answers.payers import TRAITS, Traits
from scrubber.sample.answers.segments import interchange, money, procedure, transaction
from scrubber.sample.days import ccyymmdd
from scrubber.sample.people import Clinic, Payer

_GUIDE: Final = "005010X221A1"
_SHORT: Final = 17
_REVERSAL: Final = "22"


def write(payer: Payer, day: date, control: int, payments: Sequence[Payment], rng: Random) -> bytes:
    """The 835 of a payer on a day; `rng` decides on adjustments that belong to no claim (PLB)."""
    sets = []
    by_clinic = sorted(payments, key=lambda one: one.claim.clinic.npi)  # stable: a correction stays behind
    for number, (clinic, group) in enumerate(groupby(by_clinic, key=lambda one: one.claim.clinic), 1):
        paid = list(group)
        amount = sum(-one.judgement.cents if one.reverses else one.judgement.cents for one in paid)
        kept = _kept(amount, rng)
        amount -= sum(cents for _, cents in kept)
        body = [
            *_head(payer, clinic, day, f"{control:06}{number:03}", amount),
            *(row for one in paid for row in _claim(one, TRAITS[payer.id])),
            *(f"PLB*{clinic.npi}*{day.year}1231*{reason}*{money(cents)}" for reason, cents in kept),
        ]
        sets.append(transaction("835", number, "", body))
    return interchange("HP", _GUIDE, control, day, sets)


def _head(payer: Payer, clinic: Clinic, day: date, trace: str, amount: int) -> list[str]:
    made = ccyymmdd(day)
    return [
        f"BPR*{'I' if amount else 'H'}*{money(amount)}*C*{'CHK' if amount else 'NON'}************{made}",
        f"TRN*1*{payer.id}{trace}*1000000000",
        f"DTM*405*{made}",
        f"N1*PR*{payer.name}",
        "N3*1 EXAMPLE ST",
        "N4*SAMPLETOWN*KS*660010001",
        f"REF*2U*{payer.id}",
        "PER*BL*SAMPLE DESK*TE*5555550100",
        f"N1*PE*{clinic.name}*XX*{clinic.npi}",
        "REF*TJ*000000001",
        "LX*1",
    ]


def _kept(amount: int, rng: Random) -> list[tuple[str, int]]:
    """PLB: what is kept back for other reasons; more taken back than paid is carried forward."""
    if amount < 0:
        return [("FB:SAMPLE", amount)]
    chance = rng.random()
    if chance < 0.04:
        return [("L6", -min(amount, rng.randrange(1, 500)))]
    if chance < 0.08 and amount > 10000:
        return [(f"WO:SAMPLE{rng.randrange(10**6):06}", rng.randrange(1000, 10000))]
    return []


def _claim(payment: Payment, traits: Traits) -> list[str]:
    claim, judged = payment.claim, payment.judgement
    sign = -1 if payment.reverses else 1
    control = claim.control[:_SHORT] if traits.short else claim.control
    owed = judged.patient_cents
    place, _, frequency = claim.place.split(":")
    last, first = claim.patient_name
    clp = [
        control,
        _REVERSAL if payment.reverses else judged.status,
        money(sign * claim.cents),
        money(sign * judged.cents),
        money(sign * owed) if owed else "",
        traits.filing,
        payment.payer_control,
        place,
        frequency,
    ]
    onward = payment.forwarded
    return [
        "CLP*" + "*".join(clp),
        *_reasons(judged.adjustments, sign),
        f"NM1*QC*1*{last}*{first}****MI*{claim.member}",
        *([f"NM1*TT*2*{onward.name}*****PI*{onward.id}"] if onward else []),
        *_remarks_of_claim(judged.remarks, traits),
        *([f"REF*F8*{payment.corrects}"] if payment.corrects else []),
        f"DTM*232*{claim.day}",
        f"DTM*233*{claim.day}",
        *(row for line in judged.lines for row in _line(line, claim.day, sign, traits)),
    ]


def _remarks_of_claim(remarks: tuple[str, ...], traits: Traits) -> list[str]:
    """MOA: the RARCs of the claim; Medicare tells of the right to appeal on each (MA01)."""
    codes = [*remarks, *(["MA01"] if traits.filing == "MB" else [])]
    return ["MOA***" + "*".join(codes)] if codes else []


def _reasons(adjustments: Adjustments, sign: int) -> list[str]:
    return [f"CAS*{group}*{reason}*{money(sign * cents)}" for group, reason, cents in adjustments if cents]


def _line(paid: Paid, day: str, sign: int, traits: Traits) -> list[str]:
    line = paid.line
    sent = procedure(line.procedure)
    code = procedure(paid.recoded) if paid.recoded else sent
    svc = ["SVC", code, money(sign * line.cents), money(sign * paid.cents), "", line.units]
    if paid.recoded:
        svc.append(sent)
    allowed = paid.cents + sum(cents for group, _, cents in paid.adjustments if group == "PR")
    return [
        "*".join(svc),
        f"DTM*472*{day}",
        *_reasons(paid.adjustments, sign),
        *([f"REF*6R*{line.control}"] if line.control and not traits.drops_6r else []),
        *([f"AMT*B6*{money(allowed)}"] if allowed and sign > 0 else []),
        *(f"LQ*HE*{remark}" for remark in paid.remarks),
    ]
