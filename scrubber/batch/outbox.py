"""The outbox: its folders, the lock against a second run, and outputs that appear complete or not at all.

The outputs of an input are parts beside their places, brought to the disk. A lot of such inputs appears so:

1. it is written down which parts take which names (``.scrubber/lot-TOKEN-N.json``);
2. the ledger takes the inputs in, each in one transaction: from there on an input is done;
3. the parts of those take their names, manifests last;
4. the lot file is removed.

Killed before the ledger has an input, the next run removes its parts: the input is untouched. Killed
after, the next run gives the parts their names. The ledger alone decides which of the two it is.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

from scrubber.batch.files import Disk, leftovers, part_of, write_file
from scrubber.errors import ConfigError, ScrubberError

RELEASED: Final = "released"
HELD: Final = "held"
ACK: Final = "ack"
REPORTS: Final = "reports"
BAD: Final = "bad"
FOLDERS: Final = (RELEASED, HELD, ACK, REPORTS, BAD)
MANIFEST: Final = ".run.json"
OWN: Final = ".scrubber"
_LOT: Final = "scrubber.lot/1"

Recorded: TypeAlias = Callable[[str], bool]
"""Whether the ledger has the input with a SHA-256 (hex)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The outputs of one input: names in the outbox (``released/NAME``), the manifest apart from `files`.

    `sha256` (hex) is that of the input; empty when a run before has entered it in the ledger.
    """

    sha256: str
    files: tuple[str, ...]
    manifest: str

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the manifest last."""
        return (*self.files, self.manifest)


class Outbox:
    """The outbox at `root`, held by this run alone. Use it in a ``with``.

    Raises ConfigError when another run holds it, ScrubberError when it cannot be written to.
    """

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self.root = root
        self.disk = disk or Disk()
        self.token = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._own = root / OWN
        self._lock: int | None = None
        self._lots = 0

    def __enter__(self) -> Self:
        try:
            for name in (OWN, *FOLDERS):
                if not (self.root / name).is_dir():
                    self.disk.make_folder(self.root / name)
            self._take_lock()
        except OSError as fault:
            self.close()
            raise unwritable(self.root, fault) from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)  # the kernel lets go of the lock when a process dies, too
            self._lock = None

    def place(self, name: str) -> Path:
        """Where a name of the outbox (``released/NAME``) stands on the disk."""
        return self.root / name

    def part(self, name: str) -> Path:
        """Where the part of a name stands that this run makes."""
        return part_of(self.place(name), self.token)

    def begin(self, recorded: Recorded, warn: Callable[[str], None]) -> None:
        """Finish or undo what dead runs left, and mark this run as at work.

        `recorded` says whether the ledger has an input. Raises ScrubberError when the disk fails.
        """
        try:
            for mark in sorted(self._own.glob("run-*")):
                token = mark.name.removeprefix("run-")
                for path in sorted(self._own.glob(f"lot-{token}-*.json")):
                    self._recover(path, token, recorded, warn)
                self._sweep(token)
                self.disk.remove(mark)
            self.disk.create(self._own / f"run-{self.token}", 0o666).close()
            self.disk.sync_folder(self._own)
        except OSError as fault:
            raise unwritable(self.root, fault) from fault
        self.disk.step("begun")

    def end(self, kind: type[BaseException] | None, *_fault: object) -> None:
        """Take the mark of this run away, once no process is at work; after a fault, its parts before it."""
        with suppress(OSError):  # the next run does it
            if not list(self._own.glob(f"lot-{self.token}-*")):
                if kind is not None:
                    self._sweep(self.token)
                self.disk.remove(self._own / f"run-{self.token}")

    def publish(self, lot: Sequence[Entry], record: Callable[[Entry], None], recorded: Recorded) -> None:
        """Let the outputs of a lot appear; `record` enters an input in the ledger, in one transaction.

        Raises what `record` raises, when the inputs before have appeared: it and those after have not, unless
        the ledger has it after all. Raises ScrubberError when the disk fails: the next run finishes the rest.
        """
        self._lots += 1
        path = self._own / f"lot-{self.token}-{self._lots}.json"
        try:
            self._sync_folders(lot)
            self.disk.step("proved")
            self._write_down(path, lot)
            self.disk.step("written down")
        except OSError as fault:
            self._undo(path, (), lot)
            raise unwritable(self.root, fault) from fault
        known: list[Entry] = []
        try:
            for entry in lot:
                if entry.sha256:
                    _record(entry, record, recorded)
                    self.disk.step("in the ledger")
                known.append(entry)
        except _Refused as refused:
            self._undo(path, known, lot[len(known) :])
            self._name_all(path, known)
            raise refused.fault from None
        self._name_all(path, known)

    def _name_all(self, path: Path, lot: Sequence[Entry]) -> None:
        try:
            self._name(path, lot, self.token)
        except OSError as fault:
            text = "the disk failed while outputs were given their names: run again to finish"
            raise ScrubberError(f"{self.root}: {text} ({_reason(fault)})") from fault

    def _name(self, path: Path, lot: Sequence[Entry], token: str) -> None:
        """Give the parts their names; one that is not there any more has it, and perhaps went on already."""
        files = [name for entry in lot for name in entry.files]
        for names in (files, [entry.manifest for entry in lot]):
            for name in names:
                with suppress(FileNotFoundError):
                    self.disk.rename(part_of(self.place(name), token), self.place(name))
                self.disk.step("named")
            for folder in sorted({self.place(name).parent for name in names}):
                self.disk.sync_folder(folder)
        self.disk.step("complete")
        self.disk.remove(path)
        self.disk.step("forgotten")

    def _write_down(self, path: Path, lot: Sequence[Entry]) -> None:
        data = {"schema": _LOT, "entries": [[entry.sha256, entry.files, entry.manifest] for entry in lot]}
        write_file(self.disk, path, json.dumps(data).encode("ascii") + b"\n", self.token)

    def _undo(self, path: Path, known: Sequence[Entry], rest: Sequence[Entry]) -> None:
        """Take back what the ledger has not: first the word, so that a part that is missing has its name."""
        with suppress(OSError):  # the next run does it
            if known:
                self._write_down(path, known)
            else:
                self.disk.remove(path)
                self.disk.sync_folder(path.parent)
            for entry in rest:
                for name in entry.names:
                    self.disk.remove(self.part(name))

    def _sync_folders(self, lot: Sequence[Entry]) -> None:
        """Bring the names of parts to the disk, and those of folders that were made for them."""
        within = {PurePosixPath(name).parent for entry in lot for name in entry.names}
        for folder in sorted(within.union(*(one.parents for one in within))):
            self.disk.sync_folder(self.root / folder)

    def _recover(self, path: Path, token: str, recorded: Recorded, warn: Callable[[str], None]) -> None:
        known = []
        for entry in _read_lot(path):
            named = not all(part_of(self.place(name), token).exists() for name in entry.names)
            if not entry.sha256 or recorded(entry.sha256):
                known.append(entry)
            elif named:
                warn(f"{path}: this ledger does not know what a run before published: is it another ledger?")
                known.append(entry)
        self._name(path, known, token)  # the parts of the others are swept up after

    def _sweep(self, token: str) -> None:
        for folder in (OWN, *FOLDERS):
            for path in leftovers(self.root / folder, token):
                self.disk.remove(path)

    def _take_lock(self) -> None:
        handle = os.open(self._own / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 32).decode("ascii", "replace").strip()
            os.close(handle)
            who = f" (process {holder})" if holder.isdigit() else ""
            raise ConfigError(f"{self.root}: another run works on this outbox{who}: let it finish") from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._lock = handle


def unwritable(root: Path, fault: OSError) -> ScrubberError:
    """The line for an output that cannot be written, named by its own path where the system tells it."""
    path = Path(os.fsdecode(fault.filename)) if fault.filename else root
    return ScrubberError(f"{path}: cannot be written: {_reason(fault)}")


def _reason(fault: OSError) -> str:
    return (fault.strerror or type(fault).__name__).lower()


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """The ledger has not taken an input in, for this reason."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault


def _record(entry: Entry, record: Callable[[Entry], None], recorded: Recorded) -> None:
    """Record an entry. Raises _Refused when the ledger has it not; where nobody knows, the fault itself."""
    try:
        record(entry)
    except Exception as fault:
        if not recorded(entry.sha256):  # asked anew: the fault may have come after the deed
            raise _Refused(fault) from fault
        raise


def _read_lot(path: Path) -> list[Entry]:
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
        lot = [Entry(sha256, tuple(files), manifest) for sha256, files, manifest in data["entries"]]
        if data["schema"] != _LOT or any(_strays(name) for entry in lot for name in entry.names):
            raise ValueError  # noqa: TRY301 - one answer to all that is wrong with it
    except (ValueError, KeyError, TypeError) as fault:
        raise ScrubberError(
            f"{path}: is not what a run writes there: look at it before you remove it"
        ) from fault
    return lot


def _strays(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return parts[:1] not in [(folder,) for folder in FOLDERS] or ".." in parts
