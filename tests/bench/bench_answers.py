"""How fast answers are read and written.

    python tests/bench/bench_answers.py [CLAIMS]

Makes a batch and a remittance of that many claims (10,000 unless said
otherwise), writes the batch's 277CA with every twentieth claim refused, reads
both answers back and prints processor time and the largest memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import claims

import loops
from loops.answers import read
from loops.answers.kinds import Status
from loops.answers.write_277 import Note, Verdict, write_277

NOW = datetime(2026, 11, 26, 9, 5, tzinfo=UTC)
REFUSED = Verdict(accepted=False, notes=(Note((Status("A7", "453"),), line=1, text="INJ-E02"),))
HEAD = (
    "ISA*00*          *00*          *ZZ*EXAMPLEPAYER   *ZZ*TESTSENDER     *261126*0905*^*00501*000000001*0*T*:~"
    "GS*HP*EXAMPLEPAYER*TESTSENDER*20261126*0905*1*X*005010X221A1~ST*835*0001~BPR*I*{}*C*ACH************20261130~"
    "TRN*1*EFT1*1512345678~N1*PR*EXAMPLE HEALTH PLAN*XV*EXPLAN1~N1*PE*EXAMPLE CLINIC*XX*1000000012~LX*1~"
)
CLAIM = (
    "CLP*EXAMPLE-{0}*1*135*60*20*12*ICN{0}*11*1~NM1*QC*1*DOE*JANE****MI*TEST{0}~DTM*232*20261102~DTM*050*20261110~"
    "SVC*HC:99213:25*100*60**1~DTM*472*20261102~CAS*CO*45*20~CAS*PR*1*10*1*2*10~REF*6R*L1~AMT*B6*80~"
    "SVC*HC:96372*35*0**1~DTM*472*20261102~CAS*CO*97*35~REF*6R*L2~LQ*HE*M15~"
)


def main(count: int) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        batch, status, remittance = (Path(folder) / name for name in ("b.837", "b.277", "b.835"))
        claims.write(batch, count)
        with remittance.open("w", encoding="ascii") as sink:
            sink.write(HEAD.format(60 * count))
            sink.writelines(CLAIM.format(n) for n in range(count))
            sink.write(f"SE*{7 + 15 * count}*0001~GE*1*1~IEA*1*000000001~")
        with loops.read(batch) as opened:
            refused = dict.fromkeys(range(1, len(opened) + 1, 20), REFUSED)

            def write() -> int:
                with status.open("wb") as answer:
                    answer.writelines(write_277(opened, refused, control=1, made_on=NOW))
                return len(opened)

            _tell("277CA written", write)
        _tell("277CA read", lambda: sum(1 for _ in read(status)))
        _tell("835 read", lambda: sum(1 for _ in read(remittance)))
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")


def _tell(what: str, work: Callable[[], int]) -> None:
    times = []
    for _ in range(3):
        start = time.process_time()
        count = work()
        times.append(time.process_time() - start)
    print(f"{what}: {count:,} in {min(times):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
