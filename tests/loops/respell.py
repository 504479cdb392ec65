"""Small whole batches, and the same batch spelled with other separators and line ends."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from loops import Segment

ISA = b"ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*TESTRECEIVER   *261102*1200*^*00501*000000048*0*T*:~"
HEAD = (
    b"GS*HC*TESTSENDER*TESTRECEIVER*20261102*1200*48*X*005010X222A1~ST*837*0001*005010X222A1~"
    b"BHT*0019*00*TEST48*20261102*1200*CH~NM1*41*2*EXAMPLE BILLING SERVICE*****46*TESTSENDER~"
    b"PER*IC*SAMPLE DESK*TE*5555550100~NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*TESTRECEIVER~"
    b"HL*1**20*1~PRV*BI*PXC*207Q00000X~NM1*85*2*EXAMPLE CLINIC*****XX*1000000012~N3*1 EXAMPLE ST~"
    b"N4*SAMPLETOWN*KS*660010001~REF*EI*000000001~"
)
TAIL = b"SE*99*0001~GE*1*48~IEA*1*000000048~"


def whole(claims: int) -> bytes:
    """An interchange of that many claims, each with a patient and one injection line of its own."""
    blocks = (
        b"HL*%d*1*22*0~SBR*P*18*GRP1******CI~NM1*IL*1*DOE*JANE%d****MI*TEST%04d~DMG*D8*19800115*F~"
        b"NM1*PR*2*EXAMPLE COMMERCIAL*****PI*TESTCI~CLM*CLAIM%d*35***11:B:1*Y*A*Y*Y~HI*ABK:M5450*ABF:I10~"
        b"NM1*82*1*DOC*SAMPLE****XX*1000000020~LX*1~SV1*HC:96372:59*35*UN*1***1:2~DTP*472*D8*20260915~"
        b"REF*6R*C%dL1~" % (n + 1, n, n, n, n)
        for n in range(1, claims + 1)
    )
    return ISA + HEAD + b"".join(blocks) + TAIL


class Spelling(NamedTuple):
    """Separators (a byte each) and what stands after each terminator."""

    element: bytes
    component: bytes
    repetition: bytes
    terminator: bytes
    after: bytes = b""


USUAL = Spelling(b"*", b":", b"^", b"~")


def respell(data: bytes, spelling: Spelling) -> bytes:
    """`data`, which is spelled as `USUAL` without line ends, in another spelling."""
    to = bytes.maketrans(b"*:^~", b"".join(spelling[:4]))
    return b"".join(
        segment.translate(to) + spelling.terminator + spelling.after for segment in data.split(b"~")[:-1]
    )


def content(view: Any) -> Any:
    """What a view says, without where it stands: segments as lists of components."""
    if isinstance(view, Segment):
        return view.loop, view.id, [view.components(n) for n in range(1, len(view.parts))]
    if is_dataclass(view):
        left_out = {"start", "end"}
        return {f.name: content(getattr(view, f.name)) for f in fields(view) if f.name not in left_out}
    if isinstance(view, tuple):
        return [content(item) for item in view]
    return view
