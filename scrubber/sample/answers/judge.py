"""How the simulated payers decide: which claims they refuse, deny and pay, and what they pay."""

from __future__ import annotations

from random import Random
from typing import Final

from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.answers.causes import (
    DENIED_ELSEWHERE,
    FORESEEN,
    LENIENT,
    POLICIES,
    REFUSED_ELSEWHERE,
    Cause,
)
from scrubber.sample.answers.letters import Adjustments, Judgement, Paid
from scrubber.sample.answers.payers import TRAITS, Traits
from scrubber.sample.claims import Line, SampleClaim

_COPAY: Final = 2000
_RECODED: Final = {"99214": "99213", "99203": "99202"}


def decide(rng: Random, behaviour: Behaviour, claim: SampleClaim, *, again: bool) -> tuple[Cause, ...]:
    """Why a claim is refused or denied; nothing when it is paid.

    All causes are statuses of the 277CA, or all are CARC. `again`: it was sent before, and what no
    coder could mend is settled by now.
    """
    faults = claim.scenario.faults
    if faults:
        lenient = min(1.0, behaviour.lenient * LENIENT.get(faults[0], 1))
        if rng.random() >= lenient:
            return _foreseen(rng, faults)
    elif not claim.mends:
        codes = {line.code for line in claim.lines}
        for policy in POLICIES:
            follows = policy.payer == claim.payer.id and codes.issuperset(policy.codes)
            if follows and rng.random() < policy.share * behaviour.picky:
                return (policy.cause,)
    if again:
        return ()
    chance = rng.random() - behaviour.refused_elsewhere
    if chance < 0:
        return (rng.choice(REFUSED_ELSEWHERE),)
    return (rng.choice(DENIED_ELSEWHERE),) if chance < behaviour.denied_elsewhere else ()


def _foreseen(rng: Random, faults: tuple[str, ...]) -> tuple[Cause, ...]:
    """A cause of the first fault, and for each other fault one of the same kind about another thing."""
    causes = [rng.choice(FORESEEN[faults[0]])]
    for fault in faults[1:]:
        same = [one for one in FORESEEN[fault] if bool(one.group) == bool(causes[0].group)]
        other = [one for one in same if one.at != causes[0].at]
        causes += [rng.choice(other)] if other else []
    return tuple(causes)


def denial(rng: Random, claim: SampleClaim) -> Cause:
    """A cause to deny a claim that was paid at first."""
    planted = [one for fault in claim.scenario.faults for one in FORESEEN[fault] if one.group]
    return rng.choice(planted or [Cause("97", "CO", ("M15",), (claim.lines[-1].code,)), *DENIED_ELSEWHERE])


def judge(rng: Random, claim: SampleClaim, causes: tuple[Cause, ...], *, recode: bool = False) -> Judgement:
    """What the 835 says of a claim that is denied for `causes`, or paid; `recode`: under another code."""
    traits = TRAITS[claim.payer.id]
    at = [(cause, cause.line(claim)) for cause in causes]
    whole = next((cause for cause, line in at if line is None), None)
    if whole and traits.whole:
        return Judgement("4", (), ((whole.group, whole.code, claim.cents),), whole.remarks)
    denied = {line.number: cause for cause, line in at if line}
    lines = []
    for line in claim.lines:
        cause = whole or denied.get(line.number)
        if cause:
            lines.append(Paid(line, 0, ((cause.group, cause.code, line.cents),), cause.remarks))
        else:
            recoded = _recoded(line) if recode else ""
            lines.append(_paid(rng, line, traits, recoded))
    all_denied = whole or len(denied) == len(lines)
    return Judgement("4" if all_denied else "1", tuple(lines))


def _recoded(line: Line) -> str:
    code = line.code
    return line.procedure.replace(code, _RECODED[code]) if code in _RECODED else ""


def _paid(rng: Random, line: Line, traits: Traits, recoded: str) -> Paid:
    allowed = line.cents * traits.rate // (130 if recoded else 100)
    reasons: Adjustments = (("CO", "45", line.cents - allowed),)
    chance = rng.random()
    owed = ("3", 0)
    if chance < 0.08:  # the deductible takes all: nothing is paid, and nothing is denied
        owed = "1", allowed
    elif traits.filing in ("MB", "16"):
        owed = "2", allowed // 5
    elif line.code.startswith("992") and chance < 0.6:
        owed = "3", min(_COPAY, allowed)
    if owed[1]:
        reasons += (("PR", *owed),)
    return Paid(line, allowed - owed[1], reasons, recoded=recoded)
