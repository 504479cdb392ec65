"""No name, member id, birth date or address in anything that is printed, unless ``--phi show``."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from commands import run

from scrubber.engine import Engine
from scrubber.sample.fragment import batch

NAMES = ("CANARYLAST", "CANARYFIRST", "CANARYMIDDLE", "CANARYCONTACT", "CANARYREFERRER", "CANARYDEPENDENT")
IDS = ("CANARYMEMBER1", "CANARYGROUP", "977707707", "CANARYRECORD", "CANARYPOLICY")
BIRTHS = ("19770707", "1977-07-07", "19780808", "1978-08-08")
PLACES = ("CANARY STREET", "CANARYCITY", "997770707", "9075557707", "CANARY@EXAMPLE.INVALID")
TEXTS = ("CANARYNOTE", "CANARYFILE")
CANARIES = (*NAMES, *IDS, *BIRTHS, *PLACES, *TEXTS)

# A visit without 25, twice the same line, a note; and faults in the very segments that hold data of persons.
CLAIM = """
    SBR*P*18*CANARYGROUP******CI
    NM1*IL*1*CANARYLAST*CANARYFIRST*CANARYMIDDLE***MI*CANARYMEMBER1
    DMG*D8*19770707*F
    REF*EA*CANARYRECORD
    NTE*ADD*CANARYNOTE
    HI*ABK:E538
    NM1*DN*1*CANARYREFERRER*CANARYFIRST****XX*1245319590
    NM1*82*1*CANARYCONTACT*CANARYFIRST****XX*1245319590
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372*30*UN*0***1
    SV1*HC:96372:25:25*30*UN*1***7
    SV1*HC:J3490:::::CANARYNOTE*5*UN*1***1
    LIN**N4*0143-9619-01
"""
REPLACED = {
    "N3*1 EXAMPLE ST": "N3*1 CANARY STREET",
    "N4*SPRINGFIELD*IL*627010001": "N4*CANARYCITY*AK*997770707",
    "PER*IC*EXAMPLE DESK*TE*5555550100": "PER*IC*CANARYCONTACT*TE*9075557707*EM*CANARY@EXAMPLE.INVALID",
}
FAULTS = {
    "as it is": {},
    "subscriber": {"NM1*IL*1*CANARYLAST": "NM1*IL*9*CANARYLAST", "***MI*CANARYMEMBER1": "**MI*CANARYMEMBER1*X"},
    "birth": {"DMG*D8*19770707*F": "DMG*D8*19770707*Q*19780808*CANARYLAST"},
    "address": {"N4*CANARYCITY*AK": "N4*CANARYCITY*QQ", "N3*1 CANARY STREET": "N3*1 CANARY STREET*CANARY STREET*CANARYCITY"},
    "wrong loop": {"REF*EI*": "NM1*QC*1*CANARYDEPENDENT*CANARYFIRST~DMG*D8*19780808*F~REF*SY*977707707~REF*EI*"},
    "lost terminator": {"~NM1*IL": "NM1*IL", "~DMG*": "DMG*", "~HI*": "HI*", "~LX*2": "LX*2", "~N4*": "N4*"},
    "stray terminator": {"CANARYLAST*CANARYFIRST": "CANARYLAST~CANARYFIRST", "CANARYNOTE": "X~CANARYNOTE~19770707"},
    "shifted": {"SV1*HC:99213*100": "SV1*CANARYLAST*HC:99213*19770707", "CLM*CLAIM1": "CLM*CLAIM1*CANARYFIRST"},
    "in codes": {"HI*ABK:E538": "HI*ABK:CANARYLAST*ABF:19770707", "HC:96372:25:25": "HC:96372:CANARYFIRST:19770707"},
    "file text": {"~LX*1~": "~K3*CANARYFILE~REF*1W*CANARYPOLICY~PWK*OZ*BM***AC*CANARYPOLICY~LX*1~"},
    "control characters": {"CANARYLAST": "CANARYLAST\x1b[31m", "CANARYNOTE": "CANARYNOTE\x07"},
    "other separators": {},
}  # fmt: skip

COMMANDS = (
    *(("check", "--format", form, *extra) for form in ("text", "jsonl", "json", "csv", "sarif", "html", "junit") for extra in ((), ("--all-outcomes",))),
    ("check", "--no-guide"),
    ("walk",),
    ("walk", "--format", "jsonl"),
    ("walk", "--format", "xml"),
    ("walk", "--injections"),
    ("walk", "--injections", "--format", "jsonl"),
    ("walk", "--injections", "--format", "xml"),
    ("rewrite", "--diff"),
)  # fmt: skip


def bytes_with(fault: str) -> bytes:
    text = batch(CLAIM)
    for old, new in {**REPLACED, **FAULTS[fault]}.items():
        assert old in text, (old, text)
        text = text.replace(old, new)
    if fault == "other separators":
        text = text.translate(str.maketrans("*:~", "|>!"))
    return text.encode("latin-1")


def leaks(ran) -> set[str]:
    printed = ran.text + ran.err
    return {one for one in CANARIES if re.search(re.escape(one), printed, re.IGNORECASE)}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_nothing_leaks(args, fault, tmp_path):
    path = tmp_path / "a.837"
    path.write_bytes(bytes_with(fault))
    ran = run(*args, path)
    assert leaks(ran) == set(), ran.text
    assert ran.text, ran.err
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", ran.text.replace("\r\n", "\n")), (
        "control characters"
    )


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("form", ["xml", "html"])
def test_no_annotation_leaks(form, fault, tmp_path):
    path, out = tmp_path / "a.837", tmp_path / "out"
    path.write_bytes(bytes_with(fault))
    told = run("annotate", path, "--as", form, "-o", out)
    ran = replace(told, out=out.read_bytes())
    assert b"INJ-" in ran.out
    assert leaks(ran) == set(), ran.text


def test_the_canaries_are_in_the_batch(tmp_path):
    path = tmp_path / "a.837"
    path.write_bytes(bytes_with("wrong loop").replace(b"~LX*1~", b"~K3*CANARYFILE~REF*1W*CANARYPOLICY~LX*1~"))
    told = leaks(run("walk", path, "--phi", "show"))
    assert told == set(CANARIES) - {"1977-07-07", "1978-08-08"}


def test_check_shows_them_when_asked(tmp_path):
    path = tmp_path / "a.837"
    path.write_bytes(bytes_with("birth"))
    assert "19770707" in leaks(run("check", path, "--phi", "show"))


@pytest.mark.parametrize("command", ["check", "walk", "annotate", "rewrite"])
def test_no_fault_of_ours_leaks(command, tmp_path, monkeypatch):
    def broken(*_args, **_more):
        raise ValueError("invalid literal: CANARYLAST 19770707")

    for target in ("loops.batch.scan", "scrubber.engine.Engine.run", "loops.scan.read_isa"):
        with monkeypatch.context() as patch:
            patch.setattr(target, broken)
            path = tmp_path / "a.837"
            path.write_bytes(bytes_with("as it is"))
            more = {"annotate": ("--as", "nte", "-o", tmp_path / "o"), "rewrite": ("-o", tmp_path / "o")}
            ran = run(command, path, *more.get(command, ()))
            assert leaks(ran) == set()
            assert "Traceback" not in ran.err
    assert Engine.run is not broken
