"""The tables that a site imported, as the rules see them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from scrubber.tables.errors import TableError
from scrubber.tables.imported import CATALOG, usual_folder
from scrubber.tables.meta import Citation, Meta
from scrubber.tables.table import Table

from .catalog import Load, read_catalog
from .editions import Part
from .kinds import KINDS, Kind
from .loaded import CITED, LoadedTable, citation_id
from .rows import Rows

_TRIES: Final = 5


class Store:
    """A folder of loads, open for reading; without one, no loads. Nothing is read before the first question.

    It is the seam between imports and rules: `Tables` lays ``over(name, shipped)`` between the
    shipped table and the site's own, so a rule that asks ``Tables.table(name).lookup(key, on)``
    gets a row of a load where one speaks of that key and day, else the shipped one.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._loads: tuple[Load, ...] | None = None

    @property
    def folder(self) -> Path:
        """The folder, which a store with loads has."""
        assert self._folder is not None
        return self._folder

    @property
    def loads(self) -> tuple[Load, ...]:
        """The loads in force, sorted. Raises TableError when the catalogue is damaged."""
        if self._loads is None:
            self._loads = read_catalog(self._folder) if self._folder else ()
        return self._loads

    def names(self) -> frozenset[str]:
        """The tables of which there is a load."""
        return frozenset(load.table for load in self.loads)

    def over(self, name: str, shipped: Table | None) -> Table | None:
        """The table of that name with what was loaded laid over the shipped one.

        Without a load it is the shipped table itself; a table that is neither shipped nor loaded,
        but could be, answers NoData; any other name gives None. Raises TableError.
        """
        kind = KINDS.get(name)
        if kind is None:
            return shipped
        parts = self._parts(name)
        if not parts and shipped is not None:
            return shipped
        return LoadedTable(shipped.meta if shipped else _meta(kind, parts), kind, parts, shipped)

    def citation(self, ident: str) -> Citation | None:
        """The authority behind the cite id of a loaded row; None when it is no such id."""
        for load in self.loads if ident.startswith(CITED) else ():
            if citation_id(load.kind, load.program, load.quarter) == ident:
                kind = load.kind
                words = [kind.title, load.program.capitalize(), str(load.quarter)]
                title = ", ".join(word for word in words if word)
                return Citation(title, kind.section, kind.url, load.loaded.date())
        return None

    def _parts(self, name: str) -> list[Part]:
        # An import may exchange the files between the reading of the catalogue and their opening.
        for _ in range(_TRIES):
            try:
                loads = [load for load in self.loads if load.table == name]
                return [Part(load, Rows(self.folder / load.data, load.kind)) for load in loads]
            except FileNotFoundError:
                self._loads = None
        raise TableError(f"{self.folder / CATALOG}: names files that are not there; import the tables again")


def open_store(folder: Path | None = None) -> Store:
    """Open the store in `folder`, or the usual one.

    The usual folder may be empty or absent: then nothing was imported. Raises TableError when
    `folder` was named and holds no tables, which is more likely a slip than a wish.
    """
    if folder is not None and not (folder / CATALOG).is_file():
        raise TableError(f"{folder}: no imported tables there; name another folder, or import some first")
    return Store(folder or usual_folder())


def _meta(kind: Kind, parts: list[Part]) -> Meta:
    days = [part.load.loaded.date() for part in parts]
    return Meta(
        name=kind.name,
        about=kind.about,
        key=kind.key,
        values=kind.values,
        vintage="loaded" if parts else "none",
        covers_from=min((part.load.quarter.first_day for part in parts), default=date.max),
        covers_thru=None,
        checked_on=max(days, default=date.min),
        complete=False,
        scope=frozenset(),
        partial=(),
        extends=False,
    )
