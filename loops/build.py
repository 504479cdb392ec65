"""Make the views of `loops.claim` out of segments in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from loops.claim import (
    Claim,
    Diagnosis,
    Drug,
    Envelope,
    OtherPayer,
    Party,
    Payer,
    Provider,
    ServiceLine,
    Subscriber,
)
from loops.segment import Segment
from loops.values import day, number, period

DIAGNOSES: Final = frozenset({"ABK", "ABF", "BK", "BF"})


@dataclass(frozen=True, slots=True)
class Context:
    """The HL blocks above a claim, as segments in their places; empty where there is none."""

    billing: tuple[Segment, ...]
    subscriber: tuple[Segment, ...]
    patient: tuple[Segment, ...]


def first(segments: Iterable[Segment], id_: str, qualifier: str = "", loop: str = "") -> Segment | None:
    """The first segment with that id, element 01 and loop; None when there is none."""
    for segment in segments:
        fits = segment.id == id_ and (not loop or segment.loop == loop)
        if fits and (not qualifier or segment.text(1) == qualifier):
            return segment
    return None


def claim(
    index: int, person: int, envelope: Envelope, context: Context, segments: Sequence[Segment]
) -> Claim:
    """The claim whose segments, CLM first, are given."""
    clm = segments[0]
    facility = clm.components(5)
    own, providers, others, lines = _parts(segments)
    place = facility[0]
    return Claim(
        index=index,
        id=clm.text(1),
        charge=number(clm.text(2)),
        place_of_service=place,
        frequency=facility[2] if len(facility) > 2 else "",
        person=person,
        envelope=envelope,
        billing=billing(context.billing),
        billing_segments=context.billing,
        subscriber=subscriber(context.subscriber),
        patient=patient(context),
        diagnoses=_diagnoses(own),
        providers=tuple(_providers(providers)),
        other_payers=tuple(_other_payer(group) for group in _groups(others, _begins("2320", "SBR"))),
        lines=tuple(_line(group, place) for group in _groups(lines, _begins("2400", "LX"))),
        clm=clm,
        segments=tuple(own),
        start=clm.start,
        end=segments[-1].end,
    )


def billing(block: Sequence[Segment]) -> Provider | None:
    """The billing provider of an HL*20 block: 2010AA with PRV of 2000A."""
    name = first(block, "NM1", "85")
    if name is None:
        return None
    specialty = first(block, "PRV", loop="2000A")
    own = tuple(s for s in block if s.loop in ("2010AA", "2000A"))
    return _provider(name, specialty, own)


def subscriber(block: Sequence[Segment]) -> Subscriber | None:
    """The subscriber of an HL*22 block."""
    sbr = first(block, "SBR")
    name = first(block, "NM1", "IL")
    if not block:
        return None
    payer = first(block, "NM1", "PR")
    return Subscriber(
        responsibility=sbr.text(1) if sbr else "",
        relation=sbr.text(2) if sbr else "",
        member_id=name.text(9) if name else "",
        party=_party(block),
        payer=_payer(sbr.text(9) if sbr else "", payer),
        segments=tuple(block),
    )


def patient(context: Context) -> Party | None:
    """The patient: of 2000C where there is one, else the subscriber."""
    block = context.patient or context.subscriber
    return _party(block) if block else None


def _party(block: Sequence[Segment]) -> Party:
    dmg, pat = first(block, "DMG"), first(block, "PAT")
    return Party(
        born=day(dmg.text(2)) if dmg else None,
        sex=dmg.text(3) if dmg else "",
        died=day(pat.text(6)) if pat else None,
        pregnant=bool(pat and pat.text(9) == "Y"),
        segments=tuple(block),
    )


def _payer(filing: str, name: Segment | None) -> Payer:
    return Payer(filing, name.text(9) if name else "", name.text(3) if name else "", name)


_Parts = tuple[list[Segment], list[Segment], list[Segment], list[Segment]]


def _parts(segments: Sequence[Segment]) -> _Parts:
    """Segments of 2300 itself, of 2310, of 2320 and 2330, of 2400 and below.

    A segment that fits nowhere goes with the part that was open.
    """
    parts: _Parts = ([], [], [], [])
    at = 0
    for segment in segments:
        loop = segment.loop[:3]
        if loop == "231":
            at = 1
        elif loop in ("232", "233"):
            at = 2
        elif loop in ("240", "241", "242", "243", "244"):
            at = 3
        elif segment.loop == "2300":
            at = 0
        parts[at].append(segment)
    return parts


def _begins(loop: str, id_: str) -> Callable[[Segment], bool]:
    return lambda segment: segment.id == id_ and segment.loop == loop


def _groups(segments: Iterable[Segment], begins: Callable[[Segment], bool]) -> list[list[Segment]]:
    groups: list[list[Segment]] = []
    for segment in segments:
        if begins(segment):
            groups.append([segment])
        elif groups:
            groups[-1].append(segment)
    return groups


def _providers(segments: Iterable[Segment]) -> Iterable[Provider]:
    for group in _groups(segments, lambda segment: segment.id == "NM1" and segment.loop != ""):
        yield _provider(group[0], first(group, "PRV"), tuple(group))


def _provider(name: Segment, specialty: Segment | None, segments: tuple[Segment, ...]) -> Provider:
    return Provider(
        role=name.text(1),
        loop=name.loop,
        person=name.text(2) == "1",
        npi=name.text(9) if name.text(8) == "XX" else "",
        taxonomy=specialty.text(3) if specialty else "",
        name=name,
        specialty=specialty,
        segments=segments,
    )


def _diagnoses(segments: Iterable[Segment]) -> tuple[Diagnosis, ...]:
    found = []
    for segment in segments:
        if segment.id == "HI":
            for n in range(1, len(segment.parts)):
                parts = segment.components(n)
                if parts[0] in DIAGNOSES and len(parts) > 1:
                    found.append(Diagnosis(parts[0], parts[1], segment.spot(n, 2)))
    return tuple(found)


def _other_payer(group: list[Segment]) -> OtherPayer:
    sbr, paid = group[0], first(group, "AMT", "D")
    return OtherPayer(
        responsibility=sbr.text(1),
        payer=_payer(sbr.text(9), first(group, "NM1", "PR")),
        paid=number(paid.text(2)) if paid else None,
        segments=tuple(group),
    )


def _line(group: list[Segment], place: str) -> ServiceLine:
    lx = group[0]
    sv1 = first(group, "SV1") or lx
    procedure = sv1.components(1) if sv1 is not lx else [""]
    service = first(group, "DTP", "472")
    days = period(service.text(2), service.text(3)) if service else (None, None)
    control = first(group, "REF", "6R")
    return ServiceLine(
        number=lx.text(1),
        qualifier=procedure[0],
        code=procedure[1] if len(procedure) > 1 else "",
        modifiers=_modifiers(procedure),
        description=procedure[6] if len(procedure) > 6 else "",
        charge=number(sv1.text(2)),
        basis=sv1.text(3),
        units=number(sv1.text(4)),
        place_of_service=sv1.text(5) or place,
        pointers=tuple(sv1.components(7)) if sv1[7] else (),
        first_day=days[0],
        last_day=days[1],
        control_number=control.text(2) if control else "",
        drug=_drug(group),
        providers=tuple(_providers(s for s in group if s.loop.startswith("2420"))),
        lx=lx,
        sv1=sv1,
        segments=tuple(group),
    )


def _modifiers(procedure: list[str]) -> tuple[str, ...]:
    """SV101-3 to SV101-6 as sent, an empty text where one is left out before another."""
    modifiers = procedure[2:6]
    while modifiers and not modifiers[-1]:
        modifiers.pop()
    return tuple(modifiers)


def _drug(group: list[Segment]) -> Drug | None:
    lin = first(group, "LIN", loop="2410")
    if lin is None:
        return None
    ctp = first(group, "CTP", loop="2410")
    return Drug(
        qualifier=lin.text(2),
        ndc=lin.text(3),
        quantity=number(ctp.text(4)) if ctp else None,
        unit=ctp.text(5, 1) if ctp else "",
        lin=lin,
        ctp=ctp,
        references=tuple(s for s in group if s.id == "REF" and s.loop == "2410"),
    )
