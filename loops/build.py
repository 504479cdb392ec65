"""Make the views of `loops.claim` out of segments in their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

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


_PARTS: Final = {"230": 0, "231": 1, "232": 2, "233": 2, "240": 3, "241": 3, "242": 3, "243": 3, "244": 3}
_BEGINS: Final = {"231": "NM1", "232": "SBR", "240": "LX"}
_FIRST: Final = frozenset(_BEGINS.values())


class Context(NamedTuple):
    """What stands above a claim: views of its HL blocks."""

    billing: Billing
    subscriber: Subscriber | None
    patient: Party | None


@dataclass(frozen=True, slots=True)
class Billing:
    """An HL*20 block: its segments, and the billing provider when it names one."""

    provider: Provider | None
    segments: tuple[Segment, ...]


def first(segments: Iterable[Segment], id_: str, qualifier: str = "", loop: str = "") -> Segment | None:
    """The first segment with that id, element 01 and loop; None when there is none."""
    for segment in segments:
        if segment.id == id_ and loop in ("", segment.loop) and qualifier in ("", segment.text(1)):
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
        billing=context.billing.provider,
        billing_segments=context.billing.segments,
        subscriber=context.subscriber,
        patient=context.patient or (context.subscriber.party if context.subscriber else None),
        diagnoses=_diagnoses(own),
        providers=tuple([_provider(group) for group in providers]),
        other_payers=tuple([_other_payer(group) for group in others]),
        lines=tuple([_line(group, place) for group in lines]),
        clm=clm,
        segments=tuple(own),
        start=clm.start,
        end=segments[-1].end,
    )


def billing(block: Sequence[Segment]) -> Billing:
    """The billing provider of an HL*20 block: 2010AA with PRV of 2000A."""
    name = first(block, "NM1", "85")
    if name is None:
        return Billing(None, tuple(block))
    own = tuple(s for s in block if s.loop in ("2010AA", "2000A"))
    return Billing(_named(name, first(block, "PRV", loop="2000A"), own), tuple(block))


def subscriber(block: Sequence[Segment]) -> Subscriber | None:
    """The subscriber of an HL*22 block."""
    if not block:
        return None
    heads, segments = _heads(block), tuple(block)
    sbr, name = heads.get("SBR"), _head(heads, block, "NM1", "IL")
    responsibility, relation, *_, filing = sbr.texts(9) if sbr else [""] * 9
    return Subscriber(
        responsibility=responsibility,
        relation=relation,
        member_id=name.text(9) if name else "",
        party=_party(heads, segments),
        payer=_payer(filing, first(block, "NM1", "PR")),
        segments=segments,
    )


def party(block: Sequence[Segment]) -> Party:
    """Who an HL*22 or HL*23 block is about."""
    return _party(_heads(block), tuple(block))


def _party(heads: dict[str, Segment], segments: tuple[Segment, ...]) -> Party:
    dmg, pat = heads.get("DMG"), heads.get("PAT")
    return Party(
        born=day(dmg.text(2)) if dmg else None,
        sex=dmg.text(3) if dmg else "",
        died=day(pat.text(6)) if pat else None,
        pregnant=bool(pat and pat.text(9) == "Y"),
        segments=segments,
    )


def _payer(filing: str, name: Segment | None) -> Payer:
    return Payer(filing, name.text(9) if name else "", name.text(3) if name else "", name)


_Groups = list[list[Segment]]


def _parts(segments: Iterable[Segment]) -> tuple[list[Segment], _Groups, _Groups, _Groups]:
    """Segments of 2300 itself; groups that begin with the NM1 of a 2310, the SBR of a 2320, the LX of a 2400.

    Each group holds what stands below it too. A segment that fits nowhere goes with what was open.
    """
    own: list[Segment] = []
    groups: list[_Groups] = [[own], [], [], []]
    part, into, last = 0, own, ""
    for segment in segments:
        loop = segment.loop
        if loop != last or segment.id in _FIRST:  # most stand where the one before stood
            last, loop = loop, loop[:3]
            if _PARTS.get(loop, part) != part or _BEGINS.get(loop) == segment.id:
                part = _PARTS[loop]
                if part:
                    groups[part].append([])
                into = groups[part][-1]
        into.append(segment)
    return own, groups[1], groups[2], groups[3]


def _provider(group: Sequence[Segment]) -> Provider:
    """The provider of a 2310 or 2420 loop, NM1 first."""
    return _named(group[0], first(group, "PRV"), tuple(group))


def _named(name: Segment, specialty: Segment | None, segments: tuple[Segment, ...]) -> Provider:
    role, kind, *_, form, number_ = name.texts(9)
    return Provider(
        role=role,
        loop=name.loop,
        person=kind == "1",
        npi=number_ if form == "XX" else "",
        taxonomy=specialty.text(3) if specialty else "",
        name=name,
        specialty=specialty,
        segments=segments,
    )


def _diagnoses(segments: Iterable[Segment]) -> tuple[Diagnosis, ...]:
    found = []
    for segment in segments:
        if segment.id == "HI":
            component = segment.delimiters.component_text
            for n, text in enumerate(segment.texts(12), 1):  # HI has twelve elements, whatever follows
                if text:
                    qualifier, *rest = text.split(component)
                    if qualifier in DIAGNOSES and rest:
                        found.append(Diagnosis(qualifier, rest[0], segment, n))
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
    heads = _heads(group)
    sv1 = heads.get("SV1", lx)
    composite, charge, basis, units, own_place, _, pointers = sv1.texts(7)
    component = sv1.delimiters.component_text
    procedure = composite.split(component) if sv1 is not lx else [""]
    _, form, days = _values(heads, group, "DTP", "472", 3)
    _, control = _values(heads, group, "REF", "6R", 2)
    return ServiceLine(  # by position: this runs for every line that is looked at
        lx.text(1),
        procedure[0],
        procedure[1] if len(procedure) > 1 else "",
        _modifiers(procedure) if len(procedure) > 2 else (),
        procedure[6] if len(procedure) > 6 else "",
        number(charge),
        basis,
        number(units),
        own_place or place,
        tuple(pointers.split(component)) if pointers else (),
        *period(form, days),
        control,
        _drug(group) if "LIN" in heads else None,
        tuple(map(_provider, _providers(group))) if "NM1" in heads else (),
        lx,
        sv1,
        tuple(group),
    )


def _heads(segments: Sequence[Segment]) -> dict[str, Segment]:
    """The first segment of each id."""
    return {segment.id: segment for segment in reversed(segments)}


def _head(heads: dict[str, Segment], segments: Sequence[Segment], id_: str, qualifier: str) -> Segment | None:
    """What ``first(segments, id_, qualifier)`` gives; quick, as most often it is the first of its id."""
    head = heads.get(id_)
    return head if head is None or head.text(1) == qualifier else first(segments, id_, qualifier)


def _values(
    heads: dict[str, Segment], segments: Sequence[Segment], id_: str, qualifier: str, count: int
) -> list[str]:
    """Elements 1 to `count` of what `_head` gives, empty where there is none."""
    head = heads.get(id_)
    if head is not None:
        found = head.texts(count)
        if found[0] == qualifier:
            return found
        head = first(segments, id_, qualifier)
    return head.texts(count) if head else [""] * count


def _providers(line: Iterable[Segment]) -> _Groups:
    """The 2420 loops of a service line, a group each."""
    groups: _Groups = []
    for segment in line:
        if segment.loop.startswith("242"):
            if segment.id == "NM1":
                groups.append([])
            groups[-1].append(segment)
    return groups


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
