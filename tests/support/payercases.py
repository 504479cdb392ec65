"""Claims to a payer: a fragment (see `rulecases`) with its SBR09, payer id, payer name and states."""

from __future__ import annotations

from rulecases import DAY, SUBJECTS, TABLES, batch

import loops
from scrubber.engine import Engine
from scrubber.payers import Payers
from scrubber.registry import find_rule

ALONE = "SV1*HC:96372*30*UN*1***1"
WITH_DRUG = ALONE + "\nSV1*HC:J3420*5*UN*1***1"


def sent(text=WITH_DRUG, filing="CI", id_="99999", name="EXAMPLE PAYER", home="IL", practice="IL", day=DAY):
    """A batch of one claim; `home` is the state of the subscriber, `practice` of the billing provider."""
    head = f"SBR*P*18*******{filing}\nNM1*PR*2*{name}*****PI*{id_}\n"
    head, middle, rest = batch(head + text, day).split("*SPRINGFIELD*IL*")
    return f"{head}*SPRINGFIELD*{practice}*{middle}*SPRINGFIELD*{home}*{rest}"


def claim_of(**how):
    """The claim of `sent`."""
    with loops.read(sent(**how).encode(), codes=SUBJECTS) as read:
        return read.claim(0)


def told(code, payers=None, **how):
    """What a rule finds on the claim of `sent`; `payers` as `Engine` takes them (None: the bundled ones)."""
    with loops.read(sent(**how).encode(), name="case.837", codes=SUBJECTS) as read:
        engine = Engine(read, (find_rule(code),), TABLES, payers)
        return [found for judged in engine.run() for found in judged.findings]


def failed(code, payers=None, **how):
    """The severities of the faults that a rule finds."""
    return [one.severity.value for one in told(code, payers, **how) if one.outcome == "fail"]


def profile_of(payers=None, **how):
    """The profile that the claim of `sent` gets."""
    return (payers or Payers()).of(claim_of(**how))
