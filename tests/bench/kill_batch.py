"""Kill the batch step 2,000 times at random moments, and hold each outbox against an undisturbed one.

    python tests/bench/kill_batch.py [KILLS]

Uses the test of ``tests/batch/test_kill.py``; it takes about ten minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TEST = Path(__file__).parents[1] / "batch" / "test_kill.py"


def main(kills: int) -> int:
    """Run the test with that many kills; return its exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-k", "random", str(TEST)]
    return subprocess.run(command, env=os.environ | {"SCRUBBER_KILLS": str(kills)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
