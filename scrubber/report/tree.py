"""The loop tree of a batch as indented text, and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from scrubber.report.mask import masked, masked_id
from scrubber.report.paint import Line, clean, painter
from scrubber.report.placed import placed

if TYPE_CHECKING:
    from loops import Batch
    from loops.guide.model import Loop
    from scrubber.report.form import Look

_REMEMBERED: Final = 1024
_NAMES: Final = {
    "ISA_LOOP": "interchange",
    "GS_LOOP": "functional group",
    "ST_LOOP": "transaction",
    "HEADER": "header",
    "DETAIL": "detail",
    "FOOTER": "footer",
    "1000A": "submitter",
    "1000B": "receiver",
    "2000A": "billing provider level",
    "2010AA": "billing provider",
    "2010AB": "pay-to address",
    "2010AC": "pay-to plan",
    "2000B": "subscriber level",
    "2010BA": "subscriber",
    "2010BB": "payer",
    "2000C": "patient level",
    "2010CA": "patient",
    "2300": "claim",
    "2310A": "referring provider",
    "2310B": "rendering provider",
    "2310C": "service facility",
    "2310D": "supervising provider",
    "2310E": "ambulance pick-up",
    "2310F": "ambulance drop-off",
    "2320": "other subscriber",
    "2330A": "other subscriber's name",
    "2330B": "other payer",
    "2330C": "other payer's referring provider",
    "2330D": "other payer's rendering provider",
    "2330E": "other payer's service facility",
    "2330F": "other payer's supervising provider",
    "2330G": "other payer's billing provider",
    "2400": "service line",
    "2410": "drug",
    "2420A": "rendering provider of the line",
    "2420B": "purchased service provider",
    "2420C": "service facility of the line",
    "2420D": "supervising provider of the line",
    "2420E": "ordering provider",
    "2420F": "referring provider of the line",
    "2420G": "ambulance pick-up of the line",
    "2420H": "ambulance drop-off of the line",
    "2430": "adjudication by another payer",
    "2440": "form",
}


def text_tree(batch: Batch, look: Look) -> Iterator[str]:
    """The tree, a loop's heading or a segment a line; data of persons masked when `look` says so."""
    paint = painter(look)
    shown: list[Loop] = []
    for one in placed(batch):
        lines: list[Line] = []
        if one.place:
            chain = _chain(one.place.loop)
            same = _common(shown, chain)
            if one.place is one.place.loop.first and same == len(chain):
                same -= 1  # a loop begins anew with its first segment
            lines += [_heading(loop, n + same) for n, loop in enumerate(chain[same:])]
            shown = chain
        text = masked(one.text, one.isa.delimiters) if look.mask else one.text
        line: Line = [("", "  " * len(shown) + clean(text))]
        if one.place is None:
            line.append(("reject", "  <- fits nowhere"))
        yield paint([*lines, line])


def json_tree(batch: Batch, *, mask: bool = True) -> Iterator[str]:
    """A JSON object a segment: `path` as pyx12 writes it, null where a segment fits nowhere.

    ``segment`` is the ordinal in its transaction (ST is 1; null outside), the span is that of the
    segment without its terminator and without line ends before it.
    """
    encode = json.JSONEncoder().encode
    around: tuple[object, ...] = ()
    head = ""
    ids: dict[str, str] = {}
    for one in placed(batch):
        if around != (one.isa, one.gs06, one.st02):  # the same for thousands of segments
            around = (one.isa, one.gs06, one.st02)
            facts = {"file": batch.name, "isa13": one.isa13, "gs06": one.gs06, "st02": one.st02}
            head = encode(facts)[:-1]
        id_ = one.text.partition(one.isa.delimiters.element.decode("latin-1"))[0]
        if id_ not in ids:
            if len(ids) > _REMEMBERED:
                ids.clear()
            ids[id_] = encode(masked_id(id_) if mask else id_)
        ordinal = "null" if one.ordinal is None else one.ordinal
        path = f'"{one.place.path}"' if one.place else "null"
        span = f'"byte_start": {one.start}, "byte_end": {one.end}'
        yield f'{head}, "segment": {ordinal}, "id": {ids[id_]}, "path": {path}, {span}}}\n'


def _heading(loop: Loop, depth: int) -> Line:
    name = _NAMES.get(loop.id, "")
    return [("", "  " * depth), ("rule", loop.id), ("quiet", f"  {name}" if name else "")]


def _common(one: list[Loop], other: list[Loop]) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] is other[count]:
        count += 1
    return count


def _chain(loop: Loop) -> list[Loop]:
    chain: list[Loop] = []
    at: Loop | None = loop
    while at is not None and at.parent is not None:
        chain.insert(0, at)
        at = at.parent
    return chain
