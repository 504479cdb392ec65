"""Answers as a plain walk of pyx12's tree gives them: the oracle of the readers."""

from __future__ import annotations

import io
import logging
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple

import pyx12.error_handler
import pyx12.map_if
import pyx12.params
import pyx12.x12context


class Node(NamedTuple):
    """A segment in its place: the last two names of its path, and pyx12's segment."""

    loop: str
    id: str
    segment: Any

    def get(self, place: str) -> str:
        return self.segment.get_value(place) or ""

    def money(self, place: str) -> Decimal | None:
        try:
            return Decimal(self.get(place))
        except InvalidOperation:
            return None


_READ = frozenset(
    "AK1 AK2 AK3 AK4 AK5 AK9 AMT BPR CAS CLP CTX DTP HL IK3 IK4 IK5 LQ PLB QTY REF STC SVC TRN".split()
)


_load = pyx12.map_if.load_map_file


@cache
def _map(name: str) -> Any:
    return _load(name, pyx12.params.params())


def walk(data: bytes) -> list[Node] | None:
    """Every segment in its place; None when pyx12 cannot read the file or has no place for one that we compare."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    pyx12.map_if.load_map_file = lambda name, *_: _map(name)  # it would read the map again for each source
    try:
        source = io.StringIO(data.decode("latin-1"), newline="")
        errors = pyx12.error_handler.errh_null()
        found = []
        for node in pyx12.x12context.X12ContextReader(pyx12.params.params(), errors, source).iter_segments():
            *_, loop, id_ = node.x12_map_node.get_path().split("/")
            if node.seg_data.get_seg_id() != id_.split("[")[0]:
                if node.seg_data.get_seg_id() in _READ:
                    return None
                continue
            found.append(Node(loop, node.seg_data.get_seg_id(), node.seg_data))
    except Exception:  # noqa: BLE001 - its crashes are its own
        return None
    finally:
        pyx12.map_if.load_map_file = _load
        logging.disable(before)
    return found


def remittances(nodes: list[Node]) -> list[Any]:
    """CLP with CAS, SVC with CAS and remarks, PLB: lists of plain values in file order."""
    told: list[Any] = []
    for node in nodes:
        if node.loop == "2110" and told:  # a 999 has such a loop too
            _line(node, told[-1][-1])
            continue
        match node.loop, node.id:
            case "HEADER", "BPR":
                told.append(
                    ("BPR", node.money("BPR02"), node.get("BPR16") if _is_day(node.get("BPR16")) else "")
                )
            case "2100", "CLP":
                amounts = [node.money(f"CLP0{n}") for n in (3, 4, 5)]
                told.append(
                    ["CLP", node.get("CLP01"), node.get("CLP02"), *amounts, node.get("CLP07"), [], []]
                )
            case "2100", "CAS":
                told[-1][-2] += _triples(node)
            case "FOOTER", "PLB":
                told += [
                    ("PLB", node.get(f"PLB{n:02}-1"), node.money(f"PLB{n + 1:02}"))
                    for n in range(3, 15, 2)
                    if node.get(f"PLB{n:02}-1")
                ]
    return told


def _line(node: Node, lines: list[Any]) -> None:
    match node.id:
        case "SVC":
            amounts = [node.money("SVC02"), node.money("SVC03"), Decimal(node.get("SVC05") or 1)]
            given = node.get("SVC06-2") or node.get("SVC06")
            modifiers = [node.get(f"SVC01-{n}") for n in range(3, 7) if node.get(f"SVC01-{n}")]
            lines.append([node.get("SVC01-2"), modifiers, *amounts, given, "", [], []])
        case "CAS":
            lines[-1][-2] += _triples(node)
        case "LQ":
            lines[-1][-1].append((node.get("LQ01"), node.get("LQ02")))
        case "REF" if node.get("REF01") == "6R":
            lines[-1][-3] = node.get("REF02")


def _triples(cas: Node) -> list[tuple[str, str, Decimal | None]]:
    return [
        (cas.get("CAS01"), cas.get(f"CAS{n:02}"), cas.money(f"CAS{n + 1:02}"))
        for n in range(2, 20, 3)
        if cas.get(f"CAS{n:02}")
    ]


def statuses(nodes: list[Node]) -> list[Any]:
    """2200B, 2200C, 2200D and 2220D with their STC, totals and references, in file order."""
    told: list[Any] = []
    for node in nodes:
        match node.loop, node.id:
            case (("2200B" | "2200C" | "2200D"), "TRN"):
                told.append([node.loop, node.get("TRN02"), [], {}, []])
            case (("2200B" | "2200C" | "2200D"), "STC"):
                told[-1][2].append(_stc(node))
            case (("2200B" | "2200C"), ("QTY" | "AMT")):
                told[-1][3][node.get(f"{node.id}01")] = node.money(f"{node.id}02")
            case "2200D", "REF":
                told[-1][3][node.get("REF01")] = node.get("REF02")
            case "2200D", "DTP" if all(map(_is_day, node.get("DTP03").split("-"))):
                told[-1][3]["DTP"] = set(node.get("DTP03").split("-"))
            case "2220D", "SVC":
                told[-1][4].append([node.get("SVC01-2"), node.money("SVC02"), [], ""])
            case "2220D", "STC":
                told[-1][4][-1][2].append(_stc(node))
            case "2220D", "REF" if node.get("REF01") == "FJ":
                told[-1][4][-1][3] = node.get("REF02")
    return told


def _is_day(text: str) -> bool:
    try:
        return bool(datetime.strptime(text, "%Y%m%d"))  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False


def _stc(stc: Node) -> tuple[list[str], str, str, Decimal | None]:
    composites = [
        ":".join(stc.get(f"STC{n:02}-{component}") for component in (1, 2, 3)).rstrip(":")
        for n in (1, 10, 11)
        if stc.get(f"STC{n:02}-1")
    ]
    return composites, stc.get("STC02"), stc.get("STC03"), stc.money("STC04")


def acknowledgements(nodes: list[Node]) -> list[Any]:
    """AK1, AK2, IK3, CTX with CLM01, IK4, IK5, AK9 in file order."""
    told: list[Any] = []
    for node in nodes:
        match node.id:
            case "AK1":
                told.append(("AK1", *(node.get(f"AK10{n}") for n in (1, 2, 3))))
            case "AK2":
                told.append(["AK2", *(node.get(f"AK20{n}") for n in (1, 2, 3)), [], []])
            case "IK3":
                told[-1][4].append([node.get("IK301"), node.get("IK302"), node.get("IK304"), "", []])
            case "CTX" if node.get("CTX01-1") == "CLM01":
                told[-1][4][-1][3] = node.get("CTX01-2")
            case "IK4":
                told[-1][4][-1][4].append((node.get("IK401-1"), node.get("IK401-2"), node.get("IK403")))
            case "IK5":
                told[-1][5] = [node.get(f"IK50{n}") for n in range(1, 7) if node.get(f"IK50{n}")]
            case "AK9":
                told.append(("AK9", *(node.get(f"AK90{n}") for n in range(1, 5))))
    return told
