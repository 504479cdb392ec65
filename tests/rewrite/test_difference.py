"""``rewrite --diff`` and ``scrubber diff`` of what came and what went tell of the same segments."""

from collections import Counter

import pytest
from roundtrip import everything

import loops
from scrubber.cli.difference import difference
from scrubber.diff import Comparison
from scrubber.report.paint import clean
from scrubber.rewrite import rewrite
from scrubber.rewrite.approvals import NONE_APPROVED


def shown(before, changes) -> tuple[Counter[str], Counter[str]]:
    """The segments that ``rewrite --diff`` shows as they were and as they are."""
    lines = list(difference(before, changes, masked=False))
    return tuple(Counter(line[2:] for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))


def compared(before, after) -> tuple[Counter[str], Counter[str]]:
    """The segments in which ``scrubber diff`` finds a change, each once."""
    comparison = Comparison(before, after)
    changes = [one for above in comparison.context() for one in above.changes]
    changes += [one for diff in comparison.claims() for one in diff.all_changes()]
    return (
        Counter({one.start: _text(one) for change in changes if (one := change.segment_before)}.values()),
        Counter({one.start: _text(one) for change in changes if (one := change.segment_after)}.values()),
    )


def _text(segment) -> str:
    terminator = segment.delimiters.terminator.decode("latin-1")
    return clean(segment.raw.decode("latin-1")) + clean(terminator.strip())


@pytest.mark.parametrize("approved", [False, True], ids=["format", "everything"])
def test_both_tell_the_same_of_every_fixture(fixture_file, approved):
    data = fixture_file.read_bytes()
    try:
        done = rewrite(data, approvals=everything() if approved else NONE_APPROVED)
    except loops.NotX12Error:
        return
    with loops.read(data) as before, loops.read(done.data) as after:
        assert shown(before, done.edits) == compared(before, after)
