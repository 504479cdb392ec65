"""What pyx12 says against a 277CA, but for what its map has otherwise than the guide.

In loop 2220D its map wants STC02, which is not used there, has no STC12 and lets STC stand once. Loop
2000C, which a transaction without claims cannot have, is taken as mandatory. See `loops.answers.write_277`.
"""

from __future__ import annotations

from loops.validate.oracle import Verdict, ask_reference

_IN_2220D = {("1", 2), ("10", 12), ("5", 0)}


def faults(answer: bytes) -> list[str]:
    """The faults that pyx12 finds in `answer` (separators ``*`` and ``~``), errata apart."""
    verdict = ask_reference(answer)
    assert isinstance(verdict, Verdict), verdict
    sets = [part.split("~") for part in answer.decode("ascii").split("~ST*")[1:]]
    found = []
    for fault in verdict.faults:
        segment = sets[fault.transaction - 1][fault.ordinal - 1] if fault.ordinal else fault.id
        of_line = segment.startswith("STC*") and segment.split("*")[2:4] == ["", "U"]
        if not (of_line and (fault.code, fault.element) in _IN_2220D):
            found.append(f"{fault} {segment}")
    return found
