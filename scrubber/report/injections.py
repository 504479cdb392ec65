"""The injection lines of a batch (CPT 96372), as text, JSON lines or XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from loops.walker import walker
from scrubber.payers import payer_class
from scrubber.report.jsonl import as_line
from scrubber.report.mask import masked_code
from scrubber.report.paint import Line, clean, painter

if TYPE_CHECKING:
    from loops import Batch, Claim, ServiceLine
    from scrubber.report.form import Look

INJECTION: Final = "96372"
_LX: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/2300/2400/LX"
_LX_OF_PATIENT: Final = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/2000C/2300/2400/LX"


def injections(batch: Batch, *, mask: bool = True) -> Iterator[dict[str, Any]]:
    """A JSON object a line with 96372, in file order: the keys of the walk, and what a coder asks first.

    The batch must have been read with code 96372. ``drugs`` are the other lines of that day with a
    HCPCS J, Q, S or C code; codes only, nothing about the patient.
    """
    ordinals = _Ordinals(batch)
    for number in batch.wanted():
        claim = batch.claim(number)
        for line in claim.lines:
            if line.code == INJECTION:
                row = _row(batch, claim, line, ordinals.at(claim, line.sv1.start))
                yield {**row, **_masked(row)} if mask else row


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    """Codes of a row, hidden where something else stands in their place."""
    kinds = {"modifiers": "modifiers", "diagnoses": "dx", "drugs": "drug"}
    lists = {key: [masked_code(kind, one) for one in row[key]] for key, kind in kinds.items()}
    return lists | {"place_of_service": masked_code("place", row["place_of_service"])}


def _row(batch: Batch, claim: Claim, line: ServiceLine, ordinal: int) -> dict[str, Any]:
    own = claim.subscriber is not None and claim.patient is claim.subscriber.party
    delimiters = line.sv1.delimiters
    key = b"SV1" + delimiters.element + line.qualifier.encode("latin-1")
    place = walker(delimiters).at(_LX if own else _LX_OF_PATIENT)[key].place
    rendering = claim.rendering(line)
    return {
        "file": batch.name,
        "isa13": claim.envelope.isa13,
        "gs06": claim.envelope.gs06,
        "st02": claim.envelope.st02,
        "segment": ordinal,
        "id": "SV1",
        "path": place.path if place else None,
        "byte_start": line.sv1.start,
        "byte_end": line.sv1.end,
        "claim": claim.id,
        "claim_index": claim.index,
        "line": line.number,
        "service_date": line.first_day.isoformat() if line.first_day else None,
        "code": line.code,
        "modifiers": list(line.modifiers),
        "units": _text(line.units),
        "charge": _text(line.charge),
        "place_of_service": line.place_of_service,
        "diagnoses": [diagnosis.code for diagnosis in claim.pointed(line)],
        "drugs": [
            other.code for other in claim.lines
            if other.code[:1] in ("J", "Q", "S", "C") and other.first_day == line.first_day
        ],
        "rendering_npi": rendering.npi if rendering else "",
        "payer_class": payer_class(claim.subscriber.payer.filing if claim.subscriber else ""),
    }  # fmt: skip


def as_jsonl(batch: Batch, look: Look) -> Iterator[str]:
    """A JSON line an injection line."""
    for row in injections(batch, mask=look.mask):
        yield as_line(row)


_COLUMNS: Final = (
    ("claim", 20), ("line", 4), ("service_date", 10), ("procedure", 14), ("units", 5), ("charge", 9),
    ("place", 5), ("payer_class", 18), ("diagnoses", 16), ("drugs", 0),
)  # fmt: skip


def as_text(batch: Batch, look: Look) -> Iterator[str]:
    """A table, a row an injection line; the last row says how many there are."""
    paint = painter(look)
    heads = {name: name.replace("_", " ").removesuffix(" class") for name, _ in _COLUMNS}
    yield paint([[("head", _cells(heads | {"service_date": "date"}))]])
    claims, count, last = 0, 0, None
    for row in injections(batch, mask=look.mask):
        count += 1
        claims += row["claim_index"] != last
        last = row["claim_index"]
        shown = {
            **{
                name: clean(row.get(name) or "")
                for name in ("claim", "line", "units", "charge", "payer_class")
            },
            "service_date": row["service_date"] or "?",
            "procedure": clean(":".join([row["code"], *row["modifiers"]])),
            "place": clean(row["place_of_service"]),
            "diagnoses": clean(" ".join(row["diagnoses"])),
            "drugs": clean(" ".join(row["drugs"])),
        }
        yield paint([[("", _cells(shown))]])
    total: Line = [
        ("head", f"{batch.name}: {count:,} lines with {INJECTION} in {claims:,} of {len(batch):,} claims")
    ]
    yield paint([total])


def write_xml(batch: Batch, out: BinaryIO, look: Look) -> None:
    """Write ``<injections>`` with an ``<injection>`` a line, its facts as attributes."""
    from lxml import etree  # noqa: PLC0415 - text and JSON need none

    from scrubber.report.xmltext import legible  # noqa: PLC0415

    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("injections", file=legible(batch.name)):
            for row in injections(batch, mask=look.mask):
                texts = {key: " ".join(v) if isinstance(v, list) else v for key, v in row.items()}
                known = {key: legible(str(v)) for key, v in texts.items() if v not in (None, "")}
                file.write("\n  ", etree.Element("injection", known))
            file.write("\n")
        file.flush()  # a fault of the last write would be lost in the closing
    out.write(b"\n")


def _cells(texts: dict[str, str]) -> str:
    return "  ".join(f"{texts[name]:{width}}" for name, width in _COLUMNS)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


class _Ordinals:
    """Ordinal of a segment in its transaction, counted on from the segment asked for last."""

    def __init__(self, batch: Batch) -> None:
        self._data = batch.source.data
        self._last = (-1, 0, 0)  # offset of ST, offset counted to, terminators seen

    def at(self, claim: Claim, offset: int) -> int:
        start, position, count = self._last
        if start != claim.envelope.start or position > offset:
            start, position, count = claim.envelope.start, claim.envelope.start, 0
        count += bytes(self._data[position:offset]).count(claim.clm.delimiters.terminator)
        self._last = (start, offset, count)
        return count + 1
