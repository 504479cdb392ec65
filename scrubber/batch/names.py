"""What outputs are called: as the input, whatever stands inside it, and never as something else."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 200  # bytes: the system allows 255, and parts and reports add to it
_UNFIT: Final = re.compile(r'[<>:"|?*\\]|[. ]$')
_OWN_ENDING: Final = ".reason.json"  # bad/NAME.reason.json stands beside bad/NAME


def output_name(name: str, sha256: str) -> str:
    """The name of the outputs of input `name` (its path below the inbox, parts joined by ``/``).

    It is the same name, unless some system could not hold it: then what is unfit is replaced, and some
    digits of the SHA-256 (hex) of the input keep it apart from others.
    """
    *folders, last = name.split("/")
    fit = [_cut(_fit(part), LONGEST) for part in folders]
    kept = _cut(_fit(last), LONGEST)
    if [*fit, kept] != [*folders, last] or last.endswith(_OWN_ENDING):
        kept = marked(kept, sha256)
    return "/".join([*fit, kept])


def marked(name: str, sha256: str) -> str:
    """The name with digits of the input's SHA-256 before its ending: for an input whose name is taken."""
    folder, slash, last = name.rpartition("/")
    stem, dot, ending = last.rpartition(".")
    if not stem:
        stem, dot, ending = last, "", ""
    return f"{folder}{slash}{_cut(stem, LONGEST)}-{sha256[:12]}{dot}{_cut(ending, 16)}"


def _fit(text: str) -> str:
    """What every system can hold, and a terminal can show."""
    return _UNFIT.sub("_", "".join(one if one.isprintable() else "_" for one in text))


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
