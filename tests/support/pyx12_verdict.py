"""pyx12's own validator as the oracle: what it accepts, and what it says of the rest."""

from __future__ import annotations

import io
import json
import logging
import re
from collections import Counter
from functools import cache
from typing import Any

import pyx12.map_if
import pyx12.params
import pyx12.x12n_document

_LABEL = re.compile(rb"(GS.HC.[^\r\n]{0,90}?.)005010X222(A2)?(?![A-Z0-9])")
_NUMBERS = re.compile(r"[0-9]+|(?<=^Segment ).* not found.*")


@cache
def _parameters() -> Any:
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    return pyx12.params.ParamsBase()


@cache
def _map(name: str) -> Any:
    return _load(name, _parameters())


_load = pyx12.map_if.load_map_file


def verdict(data: bytes) -> tuple[bool, Counter[tuple[str, str]]] | None:
    """Whether pyx12 accepts `data`, and its errors (code, text without numbers and places); None when it cannot read it.

    A byte order mark is cut and the labels X222 and X222A2 are read as X222A1, which alone has a map.
    """
    readable = _LABEL.sub(rb"\g<1>005010X222A1", data.removeprefix(b"\xef\xbb\xbf"))
    told = io.StringIO()
    source = io.StringIO(readable.decode("latin-1"), newline="")
    before, pyx12.map_if.load_map_file = pyx12.map_if.load_map_file, lambda name, *_: _map(name)
    try:
        accepted = pyx12.x12n_document.x12n_document(_parameters(), source, None, None, fd_json=told)
    except Exception:  # noqa: BLE001 - its crashes are its own
        return None
    finally:
        pyx12.map_if.load_map_file = before
    if not told.getvalue():
        return None
    return accepted, Counter(_errors(json.loads(told.getvalue())))


def _errors(node: Any) -> Any:
    if isinstance(node, list):
        for one in node:
            yield from _errors(one)
    elif isinstance(node, dict):
        if "err_cde" in node:
            yield str(node["err_cde"]), _NUMBERS.sub("#", str(node.get("err_str")))
        for one in node.values():
            yield from _errors(one)
