"""Segments fit for a report: data of persons replaced by x of the same length.

What may be shown is listed, element by element, with the form that it must have; everything else
is masked. So a segment that nobody expects, free text, and what slips into another segment when a
terminator is lost stay hidden too. Names of organisations, payers' ids, NPI, codes, dates of
service, charges and control numbers of claims and lines are shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from loops import Segment
    from loops.delimiters import Delimiters

_Forms = dict[int, re.Pattern[str]]


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


_CODE: Final = _form(r"[A-Z0-9]{0,3}")
_CODES: Final = _form(r"[A-Z0-9]{2}[^A-Za-z0-9 ][A-Z0-9]{1,7}([^A-Za-z0-9 ][A-Z0-9]{0,3})*")
_NUMBER: Final = _form(r"(?![0-9]{8}$)(?=[^0-9]?[0-9]).{1,12}|")  # a wrong amount too, but no birth date
_POINTERS: Final = _form(r"[0-9]{0,2}([^A-Za-z0-9 ][0-9]{0,2})*")
_DIAGNOSIS: Final = _form(r"[A-Z]{2,3}[^A-Za-z0-9 ][A-Z][0-9][A-Z0-9.]{0,6}")
_PLACE: Final = _form(r"[0-9]{2}[^A-Za-z0-9 ]?[A-Z]?[^A-Za-z0-9 ]?[0-9A-Z]?")
_ID: Final = _form(r"[!-~]{0,50}")
_DAY: Final = _form(r"[0-9]{8}(-?[0-9]{4,8})?")
_ANY: Final = _form(r".*")
_SEGMENT_ID: Final = _form(r"[A-Z][A-Z0-9]{1,2}")
_TAXONOMY: Final = _form(r"[0-9A-Z]{10}")
_PAYER: Final = _form(r"[A-Z0-9]{1,15}")


def _each(form: re.Pattern[str], *elements: int) -> _Forms:
    return dict.fromkeys(elements, form)


_ENVELOPE: Final = _each(_ANY, *range(1, 17))
_SHOWN: Final[dict[str, _Forms]] = {
    "ISA": _each(_ANY, 1, 3, *range(5, 17)),  # 02 and 04 may be passwords
    "GS": _ENVELOPE,
    "GE": _ENVELOPE,
    "IEA": _ENVELOPE,
    "ST": _ENVELOPE,
    "SE": _ENVELOPE,
    "BHT": _each(_ID, 1, 2, 3, 4, 5, 6),
    "HL": _each(_CODE, 1, 2, 3, 4) | _each(_form(r"[0-9]{0,12}"), 1, 2),
    "LX": _each(_NUMBER, 1),
    "CLM": {1: _ID, 5: _PLACE} | _each(_NUMBER, 2) | _each(_CODE, 3, 4, 6, 7, 8, 9, 10, 12, 19, 20),
    "SV1": {1: _CODES, 7: _POINTERS} | _each(_NUMBER, 2, 4) | _each(_CODE, 3, 5, 9, 11, 12, 15),
    "SV5": {1: _CODES} | _each(_NUMBER, 3, 4, 5) | _each(_CODE, 2, 6),
    "SVD": {1: _PAYER, 3: _CODES} | _each(_NUMBER, 2, 5, 6),
    "HI": _each(_DIAGNOSIS, *range(1, 13)),
    "SBR": _each(_CODE, 1, 2, 5, 9),
    "PAT": _each(_CODE, 1, 5, 7, 9),
    "DMG": _each(_CODE, 1, 3),
    "PRV": _each(_CODE, 1, 2) | _each(_TAXONOMY, 3),
    "LIN": _each(_CODE, 1, 2) | _each(_form(r"[0-9A-Z-]{0,15}"), 3),
    "CTP": _each(_NUMBER, 3, 4) | _each(_CODE, 1, 2, 5),
    "AMT": _each(_CODE, 1) | _each(_NUMBER, 2),
    "QTY": _each(_CODE, 1) | _each(_NUMBER, 2),
    "MEA": _each(_CODE, 1, 2) | _each(_NUMBER, 3),
    "CAS": _each(_CODE, 1, 2, 5, 8, 11, 14, 17) | _each(_NUMBER, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19),
    "CN1": _each(_CODE, 1) | _each(_NUMBER, 2, 3),
    "CRC": _each(_CODE, 1, 2, 3, 4, 5, 6, 7),
    "CUR": _each(_CODE, 1, 2),
    "HCP": _each(_CODE, 1, 9, 11, 13, 14, 15) | _each(_NUMBER, 2, 3, 5, 7, 12),
    "LQ": _each(_CODE, 1),
    "N4": _each(_CODE, 2, 4),
    "NTE": _each(_CODE, 1),
    "OI": _each(_CODE, 3, 4, 5, 6),
    "PS1": _each(_NUMBER, 2),
    "PER": _each(_CODE, 1, 3, 5, 7),
    "PWK": _each(_CODE, 1, 2, 5),
    **{id_: {} for id_ in ("CR1", "CR2", "CR3", "FRM", "K3", "MOA", "N3")},
}
_TWO: Final = _form(r"[A-Za-z0-9 .,-]{0,3}")
_ICD: Final = _form(r"[A-Za-z][0-9][A-Za-z0-9.]{0,6}|nothing")
_FACTS: Final = {
    **dict.fromkeys(("modifier", "modifiers", "place", "place_of_service", "basis", "qualifier"), _TWO),
    **dict.fromkeys(("pointer", "frequency", "role"), _TWO),
    **dict.fromkeys(("dx", "pointed"), _ICD),
    **dict.fromkeys(("code", "drug", "drugs"), _form(r"[A-Za-z0-9]{0,5}")),
    "units": _NUMBER,
    "ndc": _form(r"[0-9A-Za-z -]{0,15}"),
}
_REFERENCES: Final = frozenset(
    (
        "0B",
        "1G",
        "2U",
        "4N",
        "6R",
        "9F",
        "BT",
        "D9",
        "EW",
        "F4",
        "F5",
        "F8",
        "FY",
        "G1",
        "G2",
        "LU",
        "VY",
        "X4",
        "XZ",
    )
)
_PEOPLE: Final = frozenset({"IL", "QC", "36", "74", "PW", "45"})
_PUBLIC_IDS: Final = frozenset({"XX", "PI", "XV", "46"})


def mask(segment: Segment) -> str:
    """The text of a segment, one character a byte, as `masked` gives it."""
    return masked(segment.raw.decode("latin-1"), segment.delimiters)


def masked(text: str, delimiters: Delimiters) -> str:
    """The text of a segment, as long as it is, with data of persons as x.

    Separators stay, so that a caret still points at the right element.
    """
    separator = delimiters.element.decode("latin-1")
    components = delimiters.component.decode("latin-1")
    id_, *elements = text.split(separator)
    forms = _forms(id_, elements)
    shown = [masked_id(id_)]
    for n, element in enumerate(elements, 1):
        form = (forms or {}).get(n)
        if not element.strip() or (form is not None and form.fullmatch(element)):
            shown.append(element)
        elif id_ == "SV1" and n == 1:
            shown.append(_without_description(element, components))
        else:
            shown.append(hidden(element, components))
    return separator.join(shown)


def masked_row(row: dict[str, Any]) -> dict[str, Any]:
    """A finding as JSON data with what stands in the place of a code, but is none, hidden in its evidence."""
    evidence = row["evidence"]
    known = {key: masked_fact(key, evidence[key]) for key in _FACTS.keys() & evidence.keys()}
    return {**row, "evidence": {**evidence, **known}} if known else row


def masked_fact(key: str, value: Any) -> Any:
    """A value of the evidence of a finding, hidden where its key says that it is a code and it is none."""
    return _masked(_FACTS[key], value) if key in _FACTS else value


def _masked(form: re.Pattern[str], value: Any) -> Any:
    if isinstance(value, list):
        return [_masked(form, one) for one in value]
    return hidden(value) if isinstance(value, str) and not form.fullmatch(value) else value


def masked_code(kind: str, text: str) -> str:
    """A code out of a claim, hidden when it has not the form of its `kind` (``modifiers``, ``dx``, ...)."""
    return text if _FACTS[kind].fullmatch(text) else hidden(text)


def masked_id(text: str) -> str:
    """A segment id, hidden when it is none: what follows a stray terminator may be a name."""
    return text if _SEGMENT_ID.fullmatch(text) else hidden(text)


def hidden(text: str, keep: str = "") -> str:
    """Write x for every character but those in `keep`."""
    return "".join(character if character in keep else "x" for character in text)


def _forms(id_: str, elements: list[str]) -> _Forms | None:
    """The forms of the elements that may be shown; None for a segment that is not listed."""
    first = elements[0] if elements else ""
    if id_ == "REF":
        return _each(_CODE, 1) | (_each(_ID, 2) if first in _REFERENCES else {})
    if id_ == "DTP":
        return _each(_CODE, 1, 2) | (_each(_DAY, 3) if first in ("472", "573") else {})
    if id_ == "NM1":
        return _name_forms(first, elements)
    return _SHOWN.get(id_)


def _name_forms(role: str, elements: list[str]) -> _Forms:
    forms = _each(_CODE, 1, 2, 8)
    person = elements[1:2] != ["2"] or role in _PEOPLE
    if not person:
        forms[3] = _ANY
    if elements[7:8] and elements[7] in _PUBLIC_IDS and role not in _PEOPLE:
        forms[9] = _PAYER
    return forms


def _without_description(text: str, separator: str) -> str:
    """SV101 with its description (component 7) hidden, and what is no code."""
    parts = text.split(separator)
    return separator.join(
        part if n < 6 and re.fullmatch(r"[A-Za-z0-9]{0,7}", part) else hidden(part)
        for n, part in enumerate(parts)
    )
