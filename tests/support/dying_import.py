"""An import that kills itself: ``python dying_import.py N STORE FILE...`` dies at its Nth call of a function.

With N 0 it lives and prints how many calls there are. Every call counts, of Python and of C, so
any step of the work can be the last one.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from scrubber.tables.importers.load import import_files


def main(last: int, store: Path, files: list[Path]) -> int:
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        if event.endswith("call"):
            calls += 1
            if calls == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    import_files(files, store, datetime(2026, 11, 20, tzinfo=UTC))
    sys.setprofile(None)
    return calls


if __name__ == "__main__":
    told = main(int(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
    sys.stdout.write(f"{told}\n")
