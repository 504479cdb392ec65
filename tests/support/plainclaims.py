"""What the ledger keeps of a claim, read segment by segment: slow and plain, for tests to compare with."""

from __future__ import annotations

from hashlib import sha256
from hmac import digest
from typing import Any

from ledgercases import lines_text

from loops import Batch
from loops.build import DIAGNOSES
from loops.claim import POINTER
from loops.scan import NONE
from loops.values import period
from loops.walker import LEADING
from scrubber.ledger import SubmittedLine, kept

Segments = list[list[str]]


def plain_row(batch: Batch, number: int, key: bytes) -> dict[str, Any]:
    """The values of a claim by column, without those that depend on payers' profiles."""
    index, delimiters = batch.index, batch.isa(number).delimiters
    raw = bytes(batch.source.data[index.claim_start[number] : index.claim_end[number]])
    body = _body(raw, delimiters.terminator)
    claim = _segments(body, delimiters)
    above = [_block(batch, hl[number], delimiters) for hl in (index.billing, index.subscriber, index.patient)]
    at = next((n for n, one in enumerate(claim) if one[0] == "LX"), len(claim))
    own, parties = _parts(claim[:at])
    clm = _first(own, "CLM")
    codes = [code for one in own if one[0] == "HI" for code in one[1:13] if len(one) > 1]
    composites = [code.split(delimiters.component_text) for code in codes]
    diagnoses = [kept.diagnosis(one[1]) for one in composites if one[0] in DIAGNOSES and len(one) > 1]
    facility = _padded(clm[5].split(delimiters.component_text))
    lines = _lines(claim[at:], facility[0], diagnoses, delimiters.component_text)
    firsts = [line.first_day for line in lines if line.first_day]
    lasts = [line.last_day or line.first_day for line in lines if line.last_day or line.first_day]
    rendering = _first(parties, "NM1", "82")
    return {
        "number": number + 1,
        "claim": kept.control(clm[1]),
        "frequency": kept.short(facility[2]),
        "trace": kept.control(_first(own, "REF", "D9")[2]),
        "payer_control": kept.control(_first(own, "REF", "F8")[2]),
        "sha256": sha256(body).hexdigest(),
        "cents": kept.cents(clm[2]),
        "first_day": min(firsts).isoformat() if firsts else None,
        "last_day": max(lasts).isoformat() if lasts else None,
        "rendering_npi": _npi(rendering) if rendering[0] else _npi(_first(above[0], "NM1", "85")),
        "lines": lines_text(tuple(lines)),
        **_above(*above, key=key),
    }


def _above(billing: Segments, subscriber: Segments, patient: Segments, *, key: bytes) -> dict[str, str]:
    insured, payer = _first(subscriber, "NM1", "IL"), _first(subscriber, "NM1", "PR")
    who = patient or subscriber
    first, born = _first(who, "NM1", "QC" if patient else "IL")[4].strip(), _first(who, "DMG")[2]
    member = insured[9].strip()
    known = not payer[9] or payer[8] in ("PI", "XV", "46")
    return {
        "billing_npi": _npi(_first(billing, "NM1", "85")),
        "payer_id": kept.payer(payer[9] if known else "?" * len(payer[9])),
        "filing": kept.short(_first(subscriber, "SBR")[9]),
        "person": _hash(key, "person", member, born, first) if member or (first and born) else "",
        "member": _hash(key, "member", member) if member else "",
    }


def _hash(key: bytes, *parts: str) -> str:
    return digest(key, "\0".join(parts).upper().encode(), "sha256").hex()[:32]


def _npi(nm1: list[str]) -> str:
    return kept.npi(nm1[9]) if nm1[8] == "XX" else ""


def _block(batch: Batch, hl: int, delimiters: Any) -> Segments:
    if hl == NONE:
        return []
    raw = bytes(batch.source.data[batch.index.hl_start[hl] : batch.index.hl_end[hl]])
    read = _segments(raw, delimiters)[1:]
    return [one for one in read if one[0] in ("SBR", "N4", "DMG") or one[:2] in _PARTIES]


_PARTIES = [["NM1", role] for role in ("85", "IL", "PR", "QC")]


def _body(raw: bytes, terminator: bytes) -> bytes:
    whole = len(raw.rstrip(LEADING + terminator))
    end = raw.find(terminator, whole)
    return raw[: end if end >= 0 else whole]


def _segments(raw: bytes, delimiters: Any) -> Segments:
    blanks = LEADING.translate(None, delimiters.element + delimiters.terminator).decode("latin-1")
    pieces = raw.decode("latin-1").split(delimiters.terminator.decode("latin-1"))
    return [piece.lstrip(blanks).split(delimiters.element_text) for piece in pieces]


def _parts(head: Segments) -> tuple[Segments, Segments]:
    """Loop 2300 itself, and its loops 2310."""
    read = [one for one in head if len(one) > 1]
    end = next((n for n, one in enumerate(read) if one[0] == "SBR"), len(read))
    at = next((n for n, one in enumerate(read[:end]) if one[0] == "NM1"), end)
    return read[:at], read[at:end]


def _first(segments: Segments, id_: str, *qualifier: str) -> list[str]:
    found = [one for one in segments if one[0] == id_ and one[1 : 1 + len(qualifier)] == [*qualifier]]
    return _padded(found[0]) if found else [""] * 20


def _padded(parts: list[str]) -> list[str]:
    return parts + [""] * 20


def _lines(segments: Segments, place: str, diagnoses: list[str], component: str) -> list[SubmittedLine]:
    starts = [n for n, one in enumerate(segments) if one[0] == "LX"]
    ends = [*starts[1:], len(segments)]
    return [
        _line(segments[start:end], place, diagnoses, component)
        for start, end in zip(starts, ends, strict=False)
    ]


def _line(segments: Segments, place: str, diagnoses: list[str], component: str) -> SubmittedLine:
    sv1, dtp, lin = _first(segments, "SV1"), _first(segments, "DTP", "472"), _first(segments, "LIN")
    procedure = _padded(sv1[1].split(component))
    modifiers = [kept.short(one) for one in procedure[2:6]]
    while modifiers and not modifiers[-1]:
        modifiers.pop()
    pointers = [int(one) for one in sv1[7].split(component) if POINTER.fullmatch(one)]
    pointed = [diagnoses[n - 1] for n in pointers if n <= len(diagnoses) and diagnoses[n - 1]]
    return SubmittedLine(
        kept.line_number(_padded(segments[0])[1]),
        kept.control(_first(segments, "REF", "6R")[2]),
        kept.code(procedure[1]),
        tuple(modifiers),
        kept.units(sv1[4]),
        kept.cents(sv1[2]),
        *period(dtp[2], dtp[3]),
        kept.short(sv1[5] or place),
        tuple(pointed),
        kept.ndc(lin[3]),
    )
