"""The tables of the product, those that a site imported, and those that it keeps itself.

They lie over one another in this order: shipped, then imported (`store.Store.over`, the only seam
of the store), then the site's own. A look-up goes through them from the top.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .check import check_rows
from .errors import TableError, TableMissing
from .imported import CATALOG, usual_folder
from .meta import Citation, Meta, read_cite, read_cites, read_index
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

    from .store import Store

_SHIPPED: Final = Path(__file__).with_name("data")


class _Opened(dict[str, Table]):
    """The tables that were opened, by name; it opens one that is asked for and not there."""

    __slots__ = ("_open",)

    def __init__(self, open_: Callable[[str], Table]) -> None:
        super().__init__()
        self._open = open_

    def __missing__(self, name: str) -> Table:
        table = self[name] = self._open(name)
        return table


class Tables:
    """All tables by name. Cheap to make: index, tables and citations are each read when asked for.

    `opened` gives each table too, as `table` does: for who asks for thousands.
    """

    def __init__(self, shipped: Traversable, extra: Path | None = None, store: Store | None = None) -> None:
        self._shipped = shipped
        self._extra = extra
        self._store = store
        self._indexes: tuple[dict[str, Meta], dict[str, Meta]] | None = None
        self._cites: dict[str, Citation] | None = None
        self._cited: dict[str, Citation] = {}
        self.opened = _Opened(self._open)

    def names(self) -> tuple[str, ...]:
        """List the names of all tables, sorted."""
        shipped, own = self._index()
        loaded = self._store.names() if self._store else ()
        return tuple(sorted({*shipped, *own, *loaded}))

    def table(self, name: str) -> Table:
        """Open the table called ``name``. Raises TableMissing, or TableError when a site table is faulty."""
        return self.opened[name]

    def citation(self, ident: str) -> Citation:
        """Look up the authority behind a cite id. Raises TableError when no such id is known."""
        found = self._cited.get(ident)
        if found is None:
            found = self._cited[ident] = self._find_citation(ident)
        return found

    def check(self, name: str) -> None:
        """Validate one table strictly (`check_table`), shipped or site. Raises TableError."""
        shipped, own = self._index()
        if name in own:
            self._check_own(name)
        elif name in shipped:
            raw = _read(self._shipped, f"{name}.csv")
            check_rows(raw, shipped[name], self._citations(), f"{name}.csv")
        else:
            raise TableMissing(f'no table "{name}"; there are {", ".join(self.names())}')

    def _find_citation(self, ident: str) -> Citation:
        found = self._store.citation(ident) if self._store else None
        if found is None and self._extra is None and self._cites is None:
            found = read_cite(_read(self._shipped, "cites.toml"), ident, "cites.toml")
        if found is None:
            found = self._citations().get(ident)
        if found is None:
            raise TableError(f'no citation "{ident}" in cites.toml')
        return found

    def _open(self, name: str) -> Table:
        shipped, own = self._index()
        base = None
        if name in shipped:
            base = Table(shipped[name], partial(_read, self._shipped, f"{name}.csv"))
        if self._store is not None or base is None:
            base = (self._store or _no_store()).over(name, base)
        if name not in own:
            if base is None:
                raise TableMissing(f'no table "{name}"; there are {", ".join(self.names())}')
            return base
        raw = self._check_own(name)
        return Table(own[name], lambda: raw, base if own[name].extends else None)

    def _check_own(self, name: str) -> bytes:
        assert self._extra is not None
        shipped, own = self._index()
        where = str(self._extra / f"{name}.csv")
        if name in shipped and own[name].columns != shipped[name].columns:
            raise TableError(
                f"{self._extra / 'index.toml'}, [{name}]: key and values must be "
                f"{list(shipped[name].key)} and {list(shipped[name].values)}, as in the table shipped"
            )
        raw = _read(self._extra, f"{name}.csv")
        check_rows(raw, own[name], self._citations(), where)
        return raw

    def _index(self) -> tuple[dict[str, Meta], dict[str, Meta]]:
        if self._indexes is None:
            shipped = read_index(_read(self._shipped, "index.toml"), "index.toml")
            own: dict[str, Meta] = {}
            if self._extra is not None:
                own = read_index(_read(self._extra, "index.toml"), str(self._extra / "index.toml"))
                _no_stray(self._extra, own)
            self._indexes = (shipped, own)
        return self._indexes

    def _citations(self) -> dict[str, Citation]:
        if self._cites is None:
            cites = read_cites(_read(self._shipped, "cites.toml"), "cites.toml")
            if self._extra is not None and (self._extra / "cites.toml").is_file():
                cites |= read_cites(_read(self._extra, "cites.toml"), str(self._extra / "cites.toml"))
            self._cites = cites
        return self._cites


def load_tables(extra: Path | None = None, *, store: Path | None = None) -> Tables:
    """Open the shipped tables, what was imported, and a folder of site tables when ``extra`` is given.

    ``store`` is the folder that ``scrubber tables import`` filled; without it that is the usual one
    (`imported.usual_folder`: $SCRUBBER_TABLES, else the user's data folder), if there is one. Where an
    imported file speaks of a key and a date of service its row is the answer, else the shipped one.

    The folder ``extra`` holds NAME.csv files, an ``index.toml`` with an entry for each, and a ``cites.toml``
    for the ids that the shipped one lacks. A site table takes the place of the shipped table of
    that name, or, with ``mode = "extend"``, answers for the keys it holds and leaves the others.
    Nothing is read here; a fault in a file is a TableError when that file is first asked.
    """
    return Tables(_SHIPPED, extra, _store(store))


def shipped_tables() -> Tables:
    """Open the tables of the product alone, without anything that a site imported or keeps."""
    return Tables(_SHIPPED)


def check_table(path_or_name: Path | str) -> None:
    """Validate one table strictly. Raises TableError naming file, row and mend.

    A text is the name of a shipped table; a path is a CSV file beside its ``index.toml``.
    """
    if isinstance(path_or_name, Path):
        load_tables(path_or_name.parent).check(path_or_name.stem)
    else:
        load_tables().check(path_or_name)


def _store(folder: Path | None) -> Store | None:
    """The imported tables; None where nothing was imported, so that SQLite is loaded only for them."""
    if folder is None and not (usual_folder() / CATALOG).is_file():
        return None
    from .store import open_store  # noqa: PLC0415

    return open_store(folder)


def _no_store() -> Store:
    from .store import Store  # noqa: PLC0415 - it tells a table that could be imported from none at all

    return Store(None)


def _no_stray(folder: Path, own: dict[str, Meta]) -> None:
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in own:
            raise TableError(f"{path}: no entry [{path.stem}] in {folder / 'index.toml'}; add one")


def _read(folder: Traversable | Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as fault:
        raise TableError(f"{folder / name}: cannot be read ({fault.strerror})") from fault
