"""Bring files into a store: all that were named, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath
from typing import Final

from scrubber.tables.errors import TableError
from scrubber.tables.store import KINDS, Kind, Load, Quarter, Source
from scrubber.tables.store.writer import Draft

from .archive import items
from .bundle import bundled, is_bundle
from .layout import LayoutError
from .recognise import Recognised, recognise
from .vintage import part_of, program_of, quarter_of

_OTHER_SERVICES: Final = re.compile(r"ccioph|hospital|(?<![a-z])(?:oph|dme)(?![a-z])")
_LARGE: Final = 1_000  # below this number of rows half of them missing proves nothing


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said: the quarter and the program when the files do not tell, and to insist."""

    quarter: Quarter | None = None
    program: str | None = None
    force: bool = False


@dataclass(slots=True)
class Outcome:
    """What an import did.

    The loads that are new in force, those they took the place of, those that were there already,
    and what was left out: members of archives that are no tables, and rows, each with the reason.
    """

    loaded: tuple[Load, ...] = ()
    displaced: tuple[Load, ...] = ()
    unchanged: list[Load] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def import_files(
    paths: Iterable[Path], folder: Path, now: datetime, options: Options | None = None
) -> Outcome:
    """Load files, archives and bundles into the store in `folder`; `now` is recorded (UTC).

    All come into force in one step at the end. Raises TableError in one line, file and place first,
    and then nothing was changed.
    """
    with Draft(folder, now) as draft:
        run = _Run(draft, options or Options())
        for path in paths:
            if is_bundle(path):
                run.bundle(path)
            else:
                run.file(path)
        if draft.new:
            run.outcome.loaded, run.outcome.displaced = draft.new, draft.displaced()
            draft.publish()
        return run.outcome


class _Run:
    def __init__(self, draft: Draft, options: Options) -> None:
        self.draft = draft
        self.options = options
        self.outcome = Outcome()

    def bundle(self, path: Path) -> None:
        for load, records in bundled(path):
            if self._known(load):
                continue
            self._add(load, records, str(path))

    def file(self, path: Path) -> None:
        with items(path) as found:
            # A CMS archive often holds the same table as text and as a spreadsheet: the text is faster.
            done: set[tuple[str, str]] = set()
            faults: list[str] = []
            for item in sorted(found, key=lambda one: one.sheet):
                try:
                    known = recognise(item)
                except LayoutError as fault:
                    if not item.member:
                        raise TableError(f"{path}: {fault}") from fault
                    faults.append(f"{item.where}: {fault}")
                    continue
                same = known.layout.name, PurePath(item.member).stem.lower()
                if same not in done:
                    self._load(known)
                done.add(same)
            if not done:
                raise TableError(f"{path}: no table in the archive: {', '.join(faults[:3]) or 'it is empty'}")
            self.outcome.passed_over += faults

    def _load(self, known: Recognised) -> None:
        item, where = known.item, known.item.where
        if known.layout.tables == ("ptp",) and any(_OTHER_SERVICES.search(n.lower()) for n in item.names):
            raise TableError(f"{where}: PTP edits of other providers; load the file of practitioner services")
        rows = 0
        for table in known.layout.tables:
            kind = KINDS[table]
            load = Load(
                table=table,
                program=self._program(known) if kind.programmed else "",
                quarter=self._quarter(known, table),
                part=next((part for part in map(part_of, item.names) if part), 0),
                whole=False,
                low=(),
                high=(),
                rows=0,
                source=Source(item.file.name, item.member, item.sha256),
            )
            if self._known(load):
                return
            rows += self._add(load, known.records(table, self.outcome.passed_over), where)
        if not rows:
            raise TableError(f"{where}: no rows below the header; get the file again")

    def _quarter(self, known: Recognised, table: str) -> Quarter:
        found = self.options.quarter or quarter_of(known.title, known.item.names, table)
        if found is None:
            raise TableError(f"{known.item.where}: does not tell its quarter; add it, as in --quarter 2026Q3")
        return found

    def _program(self, known: Recognised) -> str:
        told = program_of(known.title, known.item.names) or known.layout.program(known.found)
        program = self.options.program or told
        if program is None:
            raise TableError(f"{known.item.where}: Medicare or Medicaid? add --program medicare or medicaid")
        return program

    def _known(self, load: Load) -> bool:
        """Whether this very file is in force already as this very load."""
        for old in self.draft.old:
            same = (old.table, old.program, old.quarter) == (load.table, load.program, load.quarter)
            if same and old.source == load.source and not self.options.force:
                self.outcome.unchanged.append(old)
                return True
        return False

    def _add(self, load: Load, records: Iterator[tuple[str | int, ...]], where: str) -> int:
        kind = load.kind
        built = self.draft.build(kind, records)
        if not built.count:
            self.draft.drop(built)
            return 0
        if not kind.dated and (doubles := built.doubles()):
            raise TableError(
                f"{where}: {' '.join(doubles[0])} stands twice with different values; get it again"
            )
        load = bounded(load, kind, built.bounds(), built.count)
        self._check_size(load, where)
        for other in self.draft.new:
            if load.displaces(other):
                if built.same(self.draft.data(other)):
                    self.draft.drop(built)
                    return built.count
                raise TableError(
                    f"{where}: other rows of {load.named} than {other.source.file}; import one of them"
                )
        self.draft.add(load, built)
        return built.count

    def _check_size(self, load: Load, where: str) -> None:
        """Refuse a load that would take the place of far more rows, or count for all with half of them."""
        for old in self.draft.old:
            same = (old.table, old.program, old.whole) == (load.table, load.program, load.whole)
            counts = load.displaces(old) or (same and load.whole)
            if counts and not self.options.force and old.rows >= max(_LARGE, 2 * load.rows + 1):
                raise TableError(
                    f"{where}: {load.rows:,} rows where {old.named} has {old.rows:,}: is it cut? "
                    "get it again, or add --force"
                )


def bounded(load: Load, kind: Kind, bounds: tuple[tuple[str, ...], tuple[str, ...]], rows: int) -> Load:
    """A load with its lowest and highest key, and whether that makes it whole."""
    low, high = bounds
    whole = kind.span is None or (low[0] < kind.span[0] and high[0] >= kind.span[1])
    return Load(
        table=load.table,
        program=load.program,
        quarter=load.quarter,
        part=load.part,
        whole=whole,
        low=low,
        high=high,
        rows=rows,
        source=load.source,
    )


__all__ = ["Options", "Outcome", "import_files"]
