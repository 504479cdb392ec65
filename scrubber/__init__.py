"""Judge injection lines (CPT 96372) on X12 837 professional claims by cited rules and dated tables."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loops.source import Readable
    from scrubber.finding import Finding
    from scrubber.payers import Payers, Profile
    from scrubber.rewrite import rewrite
    from scrubber.waivers import Waivers

__all__ = ["check", "rewrite"]


def check(
    source: Readable,
    profile: Profile | Payers | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    *,
    guide: bool = True,
    waivers: Waivers | None = None,
) -> list[Finding]:
    """Check the 837 professional claims of a path, bytes or a binary stream; findings in file order.

    `profile` is what `scrubber.payers.load_profile` or `open_payers` gives; without it each claim's payer
    is recognised among the bundled ones, else its class told from SBR09. `select` and `ignore` are
    prefixes of rule codes, the longest that fits decides. `guide` asks for validation against the
    implementation guide too. `waivers` (see `scrubber.waivers.open_waivers`) make findings ``waived``;
    their own `findings` tell, after the last source, which expired or met nothing. Raises
    loops.NotX12Error when the source is no X12, ConfigError for a prefix that no code begins with,
    OSError as the system does.
    """
    from scrubber.checker import Checker  # noqa: PLC0415 - ``import scrubber`` stays cheap

    checker = Checker(profile, select, ignore, guide=guide, waivers=waivers)
    with checker.read(source) as batch:
        return [finding for checked in checker.run(batch) for finding in checked.findings]


def __getattr__(name: str) -> Any:
    if name == "rewrite":
        return importlib.import_module("scrubber.rewrite")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
