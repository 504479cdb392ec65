"""Memory does not grow with what is found and mended: nothing of a claim stays there when the next one comes."""

import gc

import pytest
from fixing import text

from scrubber.checker import Checker
from scrubber.finding import Edit, Finding
from scrubber.rewrite.changes import By, Change, PutOff
from scrubber.rewrite.draft import Scratch
from scrubber.rewrite.nte import Fault
from scrubber.rewrite.repair import Repair
from scrubber.rewrite.work import annotate_into, rewrite_into

CLAIMS = 60
CLAIM = (
    "=== TEST%04d\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\nLIN**N4*00143-9619-01\nCTP****1*ML\n"
)
OF_A_CLAIM = (By, Change, Edit, Fault, Finding, PutOff, Repair)


@pytest.mark.parametrize("work", [rewrite_into, annotate_into])
def test_nothing_of_a_claim_stays_in_memory(work, tmp_path):
    path, seen = tmp_path / "in.837", []
    path.write_bytes(text("".join(CLAIM % number for number in range(CLAIMS))))

    def look(*_):
        seen.append(sum(isinstance(one, OF_A_CLAIM) for one in gc.get_objects()))

    look()
    with Scratch() as scratch:
        checker = Checker(guide=False, select=["INJ-D05"])
        written = work(scratch, checker, path, advance=look)
        assert len(written.changes) == CLAIMS
        look()
    assert len(seen) >= CLAIMS
    assert max(seen) - seen[0] < CLAIMS / 2
