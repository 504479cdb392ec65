"""Ask pyx12 itself, and list every disagreement. pyx12 is imported only here, and only when asked for."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import Any

from loops.errors import NotX12Error
from loops.validate.problem import Reference
from loops.validate.validation import validate

_MAPS: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A validator's word on a source: valid or not, A or R for each transaction set, and the faults."""

    valid: bool
    letters: tuple[str, ...]
    faults: frozenset[Reference]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One difference: what it is about, what pyx12 says and what we say."""

    about: str
    reference: str
    ours: str


def ask_reference(data: bytes) -> Verdict | str:
    """pyx12's verdict on `data`, or the name of the exception with which it gives none.

    A file that pyx12 refuses before reading it has the verdict False and no faults.
    """
    import pyx12.error_handler  # noqa: PLC0415 - only when asked for: it takes long to load
    import pyx12.map_if  # noqa: PLC0415
    import pyx12.params  # noqa: PLC0415
    import pyx12.x12n_document  # noqa: PLC0415

    handlers: list[Any] = []
    load_map = pyx12.map_if.load_map_file
    original = pyx12.error_handler.err_handler

    class Kept(original):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__()
            handlers.append(self)

    def kept_map(name: str, param: Any, path: Any = None) -> Any:
        if name not in _MAPS:  # it would read the map again for each source
            _MAPS[name] = load_map(name, param, path)
        return _MAPS[name]

    pyx12.error_handler.err_handler = Kept
    pyx12.map_if.load_map_file = kept_map
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # it logs every fault, with its value
    try:
        text = io.StringIO(data.decode("latin-1"), newline="")
        valid = pyx12.x12n_document.x12n_document(pyx12.params.params(), text, None, None)
    except Exception as error:  # noqa: BLE001 - whatever it dies of is its answer
        return type(error).__name__
    finally:
        pyx12.error_handler.err_handler = original
        pyx12.map_if.load_map_file = load_map
        logging.disable(before)
    return _verdict(valid=bool(valid), tree=handlers[0] if handlers else None)


def _verdict(*, valid: bool, tree: Any) -> Verdict:
    letters: list[str] = []
    faults: set[Reference] = set()
    for isa in tree.children if tree else ():
        faults |= {Reference(0, 0, "ISA", code) for code, _ in isa.errors}
        faults |= _elements(isa, 0, 0, "ISA")
        for gs in isa.children:
            faults |= {Reference(0, 0, "GS", code) for code, _ in gs.errors}
            faults |= _elements(gs, 0, 0, "GS")
            for st in gs.children:
                letters.append(st.ack_code)
                faults |= _transaction(st, len(letters))
    return Verdict(valid, tuple(letters), frozenset(faults))


def _transaction(st: Any, number: int) -> set[Reference]:
    faults = {Reference(number, 0, "ST", code) for code, _ in st.errors} | _elements(st, number, 0, "ST")
    for segment in st.children:
        ordinal, id_ = segment.seg_count, segment.seg_id
        faults |= {Reference(number, ordinal, id_, error[0]) for error in segment.errors}
        faults |= _elements(segment, number, ordinal, id_)
    return faults


def _elements(node: Any, number: int, ordinal: int, id_: str) -> set[Reference]:
    return {
        Reference(number, ordinal, id_, error[0], element.ele_pos, element.subele_pos or 0)
        for element in node.elements
        for error in element.errors
    }


def our_verdict(data: bytes) -> Verdict:
    """Our verdict in pyx12's terms: without errata, and without what it does not look at."""
    try:
        validation = validate(data, beyond=False, errata=False)
    except NotX12Error:
        return Verdict(valid=False, letters=(), faults=frozenset())
    faults = frozenset(problem.reference for problem in validation if problem.reference)
    letters = tuple(t.reference for group in validation.groups for t in group.transactions)
    return Verdict(validation.reference_valid, letters, faults)


def compare(data: bytes) -> list[Disagreement] | str:
    """Every disagreement between pyx12 and us about `data`; the exception's name where it has no verdict."""
    reference = ask_reference(data)
    return reference if isinstance(reference, str) else disagreements(reference, our_verdict(data))


def disagreements(reference: Verdict, ours: Verdict) -> list[Disagreement]:
    """What differs between two verdicts."""
    found = []
    if reference.valid != ours.valid:
        found.append(Disagreement("file", str(reference.valid), str(ours.valid)))
    if reference.letters != ours.letters and (reference.faults or reference.letters):
        found.append(Disagreement("transaction sets", "".join(reference.letters), "".join(ours.letters)))
    if reference.valid or reference.faults or reference.letters:  # else it was refused unread
        for fault in sorted(reference.faults - ours.faults, key=str):
            found.append(Disagreement("fault", str(tuple(fault)), "nothing"))
        for fault in sorted(ours.faults - reference.faults, key=str):
            found.append(Disagreement("fault", "nothing", str(tuple(fault))))
    return found
