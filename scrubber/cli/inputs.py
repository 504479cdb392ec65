"""Which files a command reads: those named, and those in folders that look like X12."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scrubber.cli.faults import say

STDIN: Final = "-"
_BEFORE_ISA: Final = b"\xef\xbb\xbf\r\n\t \0"
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read: `path` (None: standard input), and `name` to call it by in what is written."""

    path: Path | None
    name: str

    @property
    def size(self) -> int:
        """Bytes of the file; 0 when nobody can tell."""
        try:
            return self.path.stat().st_size if self.path else 0
        except OSError:
            return 0


def find_inputs(named: Iterable[str], *, quiet: bool = False) -> list[Input]:
    """The files to read, in the order named; folders are searched in sorted order.

    A file named is taken as it is. Of a folder those are taken that begin with an ISA segment,
    whatever they are called; how many others there are is said in one line a folder. Hidden
    files and folders are passed over: they are often half transferred. No file is taken twice.
    A folder that cannot be searched is taken as a file, so that the reason is told when it is read.
    """
    found: list[Input] = []
    for text in named:
        path = Path(text)
        if text == STDIN:
            found.append(Input(None, STDIN))
        elif path.is_dir():
            found += _folder(path, quiet=quiet)
        else:
            found.append(Input(path, path.name))
    return _distinct(found)


def _folder(folder: Path, *, quiet: bool) -> Iterator[Input]:
    others = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix() if path != folder else str(folder)
        if looks_like_x12(path):
            yield Input(path, name)
        else:
            others.append(name)
    if others and not quiet:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        files = "1 file that is" if len(others) == 1 else f"{len(others)} files that are"
        say(f"{folder}: passed over {files} not X12: {', '.join(others[:_SHOWN])}{more}")


def _files(folder: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for where, folders, files in os.walk(folder, onerror=lambda fault: closed.append(Path(fault.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(where, name)
            if not name.startswith(".") and _is_file(path):
                yield path
    yield from closed


def _is_file(path: Path) -> bool:
    """Whether it is a file: a pipe would block, a device never end. Where nobody can tell, it is."""
    try:
        return path.is_file()
    except OSError:
        return True


def looks_like_x12(path: Path) -> bool:
    """Whether a file begins with an ISA segment, after a byte order mark and blanks.

    A file that cannot be opened passes, so that the reason is told when it is read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(4096).lstrip(_BEFORE_ISA).startswith(b"ISA")
    except OSError:
        return True


def _distinct(found: list[Input]) -> list[Input]:
    """Each file once; files of the same name are called by their whole paths."""
    once = {one.path.resolve() if one.path else None: one for one in reversed(found)}
    kept = [one for one in found if once[one.path.resolve() if one.path else None] is one]
    names = Counter(one.name for one in kept)
    return [one if names[one.name] == 1 else Input(one.path, str(one.path or STDIN)) for one in kept]
