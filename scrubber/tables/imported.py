"""Where a site's imported tables lie. Asked at every start: it imports neither the store nor SQLite."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "SCRUBBER_TABLES"
CATALOG: Final = "loads.json"


def usual_folder() -> Path:
    """Where a site's tables are kept: $SCRUBBER_TABLES, else ``tables`` in the user's data folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    return _data_folder() / "scrubber" / "tables"


def _data_folder() -> Path:
    if sys.platform == "linux":  # what platformdirs answers there, without the 6 ms of its import
        told = os.environ.get("XDG_DATA_HOME", "").strip()
        return Path(told or "~/.local/share").expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415

    return user_data_path()
