"""The inbox: which files are there, whole, and ours to read; any other is told in one line and left alone."""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from loops.source import Buffer, Readable, Source
from loops.walker import LEADING
from scrubber.batch.files import IN_MEMORY
from scrubber.errors import ConfigError

UNFINISHED: Final = (".part", ".tmp", ".filepart")
_BLOCK: Final = 1 << 20
_GROUP: Final = re.compile(rb"GS[^0-9A-Za-z\s]")
_AFTER: Final = 2  # bytes of it that may stand in the next block

Say = Callable[[str], None]


class Gone(Exception):  # noqa: N818 - a fact, not a fault
    """An input that cannot be read, changed or vanished; the text is one line without its name."""


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """A file of the inbox.

    `name` is its path below the inbox, parts joined by ``/``; `changed` is in nanoseconds, `number` that of
    the file, `mode` its permissions to read and write; `touched` is when anything about it changed last.
    """

    name: str
    path: Path
    size: int
    changed: int
    number: int
    mode: int
    touched: int

    @property
    def closed(self) -> bool:
        """Whether it could not even be looked at."""
        return not self.number

    @property
    def stamp(self) -> tuple[int, int, int]:
        """What is the same as long as nobody writes to the file or puts another in its place."""
        return self.size, self.changed, self.number


@dataclass(frozen=True, slots=True)
class Intake:
    """How files are taken out of `inbox`.

    They have not changed for `settle` seconds, and NAME + `sentinel` stands beside (empty: need not).
    """

    inbox: Path
    settle: float = 5.0
    sentinel: str = ""

    def arrivals(self, say: Say, seen: Callable[[Arrival], bool] = lambda _one: False) -> list[Arrival]:
        """The files that are whole, by name, but those `seen`; `say` hears of each that is not taken.

        Waits, at most the settle time, when some were written just now. Raises OSError when the inbox
        cannot be read.
        """
        first = [one for one in self._look(say) if not seen(one)]
        now = time.time()
        youngest = max((one.changed / 1e9 for one in first), default=0.0)
        # The clock of a file server may go ahead of ours: what comes from the future waits the whole time.
        wait = min(self.settle, self.settle - (now - youngest)) if first else 0.0
        if wait <= 0:
            return first
        time.sleep(wait)
        return list(self._still(first, now, say))

    def _still(self, first: list[Arrival], then: float, say: Say) -> Iterator[Arrival]:
        for one in first:
            if 0 <= self.settle <= then - one.changed / 1e9:
                yield one
                continue
            try:
                again = _arrival(one.name, one.path)
            except OSError:
                continue  # taken back by who put it there
            if again is not None and again.stamp == one.stamp:
                yield one
            else:
                say(f"{one.name}: is still being written: left for the next run")

    def _look(self, say: Say) -> list[Arrival]:
        found = {one.name: one for one in _walk(self.inbox, self.inbox, say)}
        if self.sentinel:
            waiting = [one for name, one in found.items() if not name.endswith(self.sentinel)]
            return sorted(one for one in waiting if one.closed or one.name + self.sentinel in found)
        return sorted(found.values())


def check_folders(inbox: Path, outbox: Path) -> None:
    """Raise ConfigError unless `inbox` is a folder and neither stands in the other."""
    if not inbox.is_dir():
        raise ConfigError(f"{inbox}: is no folder: name the folder in which batches arrive")
    if outbox.exists() and not outbox.is_dir():
        raise ConfigError(f"{outbox}: is no folder: name a folder to write to")
    one, other = inbox.resolve(), outbox.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise ConfigError(f"{outbox}: inbox and outbox must not stand one in the other: name another")


def _walk(folder: Path, inbox: Path, say: Say) -> Iterator[Arrival]:
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = Path(entry.path).relative_to(inbox).as_posix()
            if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif (one := _arrival(name, Path(entry.path))) is not None:
                    yield one
                else:
                    say(f"{name}: is {_kind(Path(entry.path))}: not read")
            except FileNotFoundError:
                continue  # a file that was there a moment ago: its sender moved it
            except OSError:
                yield _closed(name, Path(entry.path))
    for path in sorted(folders):
        try:
            yield from _walk(path, inbox, say)
        except OSError:
            yield _closed(path.relative_to(inbox).as_posix(), path)


def _closed(name: str, path: Path) -> Arrival:
    """A file or folder that cannot be looked at: it fails as it is opened, and so is told and counted."""
    return Arrival(name, path, 0, 0, 0, 0, 0)


def _arrival(name: str, path: Path) -> Arrival | None:
    """The plain file at `path`; None when it is something else."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return None
    mode = stat.S_IMODE(found.st_mode) & 0o666
    return Arrival(name, path, found.st_size, found.st_mtime_ns, found.st_ino, mode, found.st_ctime_ns)


def _kind(path: Path) -> str:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link, and links are not followed"
    return "a pipe" if stat.S_ISFIFO(mode) else "no plain file"


class Opened:
    """An arrival opened: its bytes as a `source`, and their SHA-256 (hex). Use it in a ``with``.

    `groups` is how many GS segments stand in it at most, and so how many answers there will be.

    Raises Gone when it cannot be read, or is not the file any more that arrived.
    """

    def __init__(self, one: Arrival) -> None:
        self._arrival = one
        # A link or pipe put in its place since is not followed, nor waited for.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            self._handle = os.open(one.path, flags)
        except FileNotFoundError:
            raise Gone("vanished before it was read") from None
        except OSError as fault:
            raise Gone(_reason(fault)) from fault
        try:
            self.check()
            self.source = Source(one.name, self._bytes())
            self.groups = _groups(self.source)
            self.sha256 = _sha256(self.source)
            self.check()
        except OSError as fault:
            os.close(self._handle)
            raise Gone(_reason(fault)) from fault
        except BaseException:
            os.close(self._handle)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.source.close()
        os.close(self._handle)

    @property
    def data(self) -> Readable:
        """The bytes for code that closes what it reads."""
        data = self.source.data
        return data if isinstance(data, bytes) else self._arrival.path

    def check(self) -> None:
        """Raise Gone unless the file is as it was when it arrived."""
        found = os.fstat(self._handle)  # what took its place meanwhile is another file, for the next run
        if (found.st_size, found.st_mtime_ns, found.st_ino) != self._arrival.stamp:
            raise Gone("changed while it was read: left for the next run")

    def blocks(self) -> Iterator[bytes]:
        """All bytes, anew, also when the source was closed."""
        for position in range(0, self._arrival.size, _BLOCK):
            yield os.pread(self._handle, _BLOCK, position)

    def _bytes(self) -> Buffer:
        if self._arrival.size > IN_MEMORY:  # below it a sender cannot pull the bytes from under us
            return mmap.mmap(self._handle, 0, access=mmap.ACCESS_READ)
        with open(self._handle, "rb", closefd=False) as stream:
            return stream.read()


def _groups(source: Source) -> int:
    """GS segments; an element that ends in GS is none."""
    count = 0
    for position in range(0, len(source), _BLOCK):
        for match in _GROUP.finditer(source.data, position, position + _BLOCK + _AFTER):
            if match.start() < position + _BLOCK:  # another that begins behind it is the next block's
                before = bytes(source.data[max(match.start() - 4, 0) : match.start()]).rstrip(LEADING)
                count += not before[-1:].isalnum()
        source.release(position, position + _BLOCK)  # memory must not grow with the file
    return count


def _sha256(source: Source) -> str:
    digest = hashlib.sha256()
    for position in range(0, len(source), _BLOCK):
        digest.update(source.data[position : position + _BLOCK])
        source.release(position, position + _BLOCK)
    return digest.hexdigest()


def _reason(fault: OSError) -> str:
    return (fault.strerror or type(fault).__name__).lower()
