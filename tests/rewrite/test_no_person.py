"""What a rewrite writes down or shows holds nothing about a person, whatever is approved and wherever it stands."""

import re

import pytest
from click.testing import CliRunner
from fixing import text

from scrubber.cli.main import cli
from scrubber.registry import all_rules

CANARIES = ("CANARYLAST", "CANARYFIRST", "CANARYMEMBER", "CANARYNOTE", "CANARYSTREET", "19770707")
CLAIM = """
    SBR*P*18*******MB
    DMG*D8*19770707*F
    NM1*IL*1*CANARYLAST*CANARYFIRST****MI*CANARYMEMBER
    NTE*ADD*CANARYNOTE
    SV1*HC:99211:25*20*UN*1***1
    SV1*HC:96372:26:kx*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00517-3125-25
    SV1*HC:A4208*2*UN*1***1
    SV1*HC:96523*7*UN*1***1
"""
SERVICE = "SV1*HC:A4208*2*UN*1***1"
FAULTS = {
    "as it is": ("", ""),
    "a note on a line that might be left out": (SERVICE, SERVICE + "\n    NTE*ADD*CANARYNOTE"),
    "a description of it": (SERVICE, SERVICE.replace("A4208", "A4208:::::CANARYLAST")),
    "a name among its modifiers": (SERVICE, SERVICE.replace("A4208", "A4208:CANARYLAST")),
    "a date for its units": (SERVICE, SERVICE.replace("UN*1", "CANARYLAST*19770707")),
    "a provider of it": (SERVICE, SERVICE + "\n    NM1*82*1*CANARYLAST*CANARYFIRST****XX*1245319599"),
    "an address of it": (SERVICE, SERVICE + "\n    NM1*77*2*X\n    N3*CANARYSTREET"),
    "a reference of it": (SERVICE, SERVICE + "\n    REF*G1*CANARYMEMBER"),
    "another date of it": (SERVICE, SERVICE + "\n    DTP*472*D8*20260302\n    DTP*607*D8*19770707"),
    "an attachment of it": (SERVICE, SERVICE + "\n    PWK*OZ*BM***AC*CANARYMEMBER"),
    "elements too many": (SERVICE, SERVICE + "****CANARYLAST"),
    "a name for a unit basis": ("96372:26:kx*30*UN", "96372:26:kx*30*CANARYLAST"),
    "a name for a pointer, twice": ("J3420*5*UN*1***1", "J3420*5*UN*1***1:CANARYLAST:CANARYLAST"),
    "a name for a drug's number": ("00517-3125-25", "CANARYLAST"),
    "a name for a charge": ("99211:25*20*", "99211:25*CANARYLAST*"),
    "a name for a total": ("SBR*P", "CLM*C*CANARYFIRST***11:B:1*Y*A*Y*Y\n    SBR*P"),
    "a name for the injection's modifier": (":26:kx", ":canarylast:kx"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("spelling", ["usual", "crlf"])
def test_neither_record_nor_difference_tells_of_a_person(fault, spelling, tmp_path):
    old, new = FAULTS[fault]
    source, approvals = tmp_path / "in.837", tmp_path / "approvals.toml"
    source.write_bytes(text(CLAIM.replace(old, new) if old else CLAIM, spelling))
    row = '[[approval]]\nrule = "%s"\napprover = "A. EXAMPLE"\nreason = "seen"\nuntil = 2099-12-31\n'
    approvals.write_text("\n".join(row % rule.code for rule in all_rules()))
    args = [
        "rewrite",
        source,
        "-o",
        tmp_path / "out",
        "--edits",
        tmp_path / "edits",
        "--approvals",
        approvals,
    ]
    done = CliRunner().invoke(cli, [*map(str, args), "--diff"])
    assert done.exit_code in (0, 1), done.stderr
    told = done.stdout + done.stderr + (tmp_path / "edits").read_text()
    assert "INJ-X02" in told
    assert not [one for one in CANARIES if re.search(one, told, re.IGNORECASE)]
