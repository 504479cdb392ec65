"""No name, member id, birth date or address anywhere but in the EDI that the sender and the payer get."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
from pathlib import Path

import pytest
from batches import Heard, check_outbox, go, tree
from commands import run

from scrubber.batch import file, work
from scrubber.batch.policy import Action, Policy, Wishes

_SPEC = importlib.util.spec_from_file_location("no_phi", Path(__file__).parents[1] / "cli" / "test_no_phi.py")
no_phi = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(no_phi)

EDI = ("released/", "held/")


def leaks(data: bytes) -> set[str]:
    text = data.decode("latin-1")
    return {one for one in no_phi.CANARIES if re.search(re.escape(one), text, re.IGNORECASE)}


def is_edi(name: str) -> bool:
    """What the sender or the payer gets: batches, the 277CA (which names patients), bytes that are no X12."""
    return (
        name.startswith(EDI)
        or name.endswith(".277")
        or (name.startswith("bad/") and not name.endswith(".json"))
    )


@pytest.mark.parametrize("policy", [Action.HOLD, Action.ANNOTATE, Action.REWRITE], ids=lambda one: one.value)
def test_nothing_leaks(policy, tmp_path):
    inbox, outbox, log = tmp_path / "in", tmp_path / "out", Heard()
    inbox.mkdir()
    for n, fault in enumerate(no_phi.FAULTS):
        (inbox / f"{n}.837").write_bytes(no_phi.bytes_with(fault))
    totals = go(inbox, outbox, policy=Policy(Wishes(policy)), log=log)
    check_outbox(inbox, outbox)
    assert totals.files > 8
    for name, data in tree(outbox).items():
        if not is_edi(name):
            assert leaks(data) == set(), name
    assert leaks("\n".join(log.lines).encode()) == set()
    with sqlite3.connect(outbox / "ledger.sqlite") as book:
        assert leaks("\n".join(book.iterdump()).encode("utf-8", "replace")) == set()


def test_the_canaries_are_in_the_batches(tmp_path):
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.837").write_bytes(no_phi.bytes_with("birth"))
    go(inbox, tmp_path / "out")
    seen = set().union(*(leaks(data) for name, data in tree(tmp_path / "out").items() if is_edi(name)))
    assert {"CANARYLAST", "CANARYMEMBER1", "19770707"} <= seen


def test_nothing_is_left_in_temporary_files(tmp_path, monkeypatch):
    """What a run writes while it works is looked at when it breaks off."""
    inbox, outbox, seen = tmp_path / "in", tmp_path / "out", set()
    inbox.mkdir()
    (inbox / "a.837").write_bytes(no_phi.bytes_with("as it is"))
    real = file.Batched._done

    def look(self, *args):
        for name, data in tree(outbox).items():
            place = name.replace("/.", "/")
            if not is_edi(re.sub(r"\.[0-9]+-[0-9a-f]{8}\.part$", "", place)):
                seen.update(leaks(data))
        return real(self, *args)

    monkeypatch.setattr(file.Batched, "_done", look)
    go(inbox, outbox, policy=Policy(Wishes(Action.REWRITE)))
    assert seen == set()


@pytest.mark.parametrize("where", ["_judged", "_parted", "_answer", "_done"])
def test_no_fault_of_ours_leaks(where, tmp_path, monkeypatch):
    def broken(*_args, **_more):
        raise ValueError("invalid literal: CANARYLAST 19770707")

    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.837").write_bytes(no_phi.bytes_with("as it is"))
    monkeypatch.setattr(file.Batched, where, broken)
    ran = run("batch", inbox, "-o", tmp_path / "out", "--settle", "0")
    assert ran.code == 3
    assert "internal fault (ValueError)" in ran.err
    assert leaks(ran.err.encode() + ran.out) == set()
    assert all(leaks(data) == set() for data in tree(tmp_path / "out").values())
    assert work.Batched is file.Batched
