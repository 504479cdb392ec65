"""Change bytes of a batch, and prove that nothing else changed."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from scrubber.rewrite.changes import By, Change, PutOff

if TYPE_CHECKING:
    from loops import Batch
    from loops.source import Readable
    from scrubber.finding import Edit, Finding
    from scrubber.payers import Payers, Profile
    from scrubber.rewrite.approvals import Approvals
    from scrubber.rewrite.settle import Settled
    from scrubber.waivers import Waivers

__all__ = ["By", "Change", "PutOff", "Rewritten", "rewrite"]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A batch rewritten in memory.

    `data` is the whole batch as it is now. `findings` are those of the batch
    as it came, with disposition ``fixed`` where a fix was made; `left` are
    those of `data`, and a finding ``ENG-02`` for each claim whose fixes did
    not settle. `edits` are the changes made, with spans of the source;
    `put_off` the fixes not made, each with its reason.
    """

    data: bytes
    findings: tuple[Finding, ...]
    left: tuple[Finding, ...]
    edits: tuple[Change, ...]
    put_off: tuple[PutOff, ...]


def rewrite(
    source: Readable,
    profile: Profile | Payers | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    *,
    guide: bool = True,
    approvals: Approvals | None = None,
    waivers: Waivers | None = None,
) -> Rewritten:
    """Rewrite the 837 professional claims of a path, bytes or a binary stream with their `format` fixes.

    The arguments are those of `scrubber.check`; `approvals` (see
    `scrubber.rewrite.approvals.open_approvals`) let suggested fixes pass; what `waivers` put up with is
    not mended. Every byte outside the edits
    is as it was. Raises GuardError when a promise fails (see
    `scrubber.rewrite.guard`), loops.NotX12Error, ConfigError and OSError as
    `scrubber.check` does.
    """
    from scrubber.checker import Checker  # noqa: PLC0415 - ``import scrubber.rewrite`` stays cheap
    from scrubber.rewrite.approvals import NONE_APPROVED  # noqa: PLC0415
    from scrubber.rewrite.guard import prove  # noqa: PLC0415
    from scrubber.rewrite.refuse import administration  # noqa: PLC0415
    from scrubber.rewrite.settle import settle  # noqa: PLC0415
    from scrubber.rewrite.splice import splice  # noqa: PLC0415
    from scrubber.rewrite.work import findings  # noqa: PLC0415

    checker = Checker(profile, select, ignore, guide=guide, waivers=waivers)
    with checker.read(source) as before:

        def render(edits: Iterable[Edit]) -> Batch:
            out = io.BytesIO()
            splice(before.source, edits, out)
            return checker.read(out.getvalue(), before.name)

        judge = lambda batch: findings(checker, batch)  # noqa: E731
        family = administration(checker.tables)
        settled = settle(before, judge, render, family, approvals or NONE_APPROVED, keep=True)
        prove(before, settled.after, settled.changes)
        return Rewritten(
            data=bytes(settled.after.source.data[:]),
            findings=tuple(_marked(settled)),
            left=(*settled.left, *settled.trouble),
            edits=tuple(settled.changes),
            put_off=tuple(settled.put_off),
        )


def _marked(settled: Settled) -> Iterable[Finding]:
    """The findings of the source, those that were mended marked as such."""
    made = {
        (change.claim_index, by.rule, by.line, by.place) for change in settled.changes for by in change.by
    }
    for finding in settled.findings:
        mended = finding.fix and (finding.claim_index, finding.rule, finding.line, finding.place) in made
        yield replace(finding, disposition="fixed") if mended else finding


class _Callable(ModuleType):
    """This package as a function: imports put it where ``scrubber.rewrite(source)`` is promised."""

    def __call__(self, *args: Any, **options: Any) -> Rewritten:
        return rewrite(*args, **options)


sys.modules[__name__].__class__ = _Callable
