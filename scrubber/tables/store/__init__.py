"""The tables that a site imported: kept in a folder, looked up by date of service.

The folder holds ``loads.json``, the catalogue, and one SQLite file a load. See `Store` for the
way to the rules and `writer.Draft`, which a run of the rules does not import, for the way in.
"""

from .catalog import Load, Source
from .kinds import KINDS, PROGRAMS, Kind
from .quarter import Quarter
from .store import Store, open_store

__all__ = [
    "KINDS",
    "PROGRAMS",
    "Kind",
    "Load",
    "Quarter",
    "Source",
    "Store",
    "open_store",
]
