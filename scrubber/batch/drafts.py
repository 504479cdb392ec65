"""The outputs of one input in the making: all of them, or none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from loops.source import Readable
from scrubber.batch.files import IN_MEMORY, Disk, Part
from scrubber.ledger.records import Artefact


class Drafts:
    """Parts by name in the outbox. Use it in a ``with``: left by an exception, it removes all of them."""

    def __init__(self, disk: Disk, root: Path, token: str, mode: int) -> None:
        self._disk = disk
        self._root = root
        self._token = token
        self._mode = mode
        self._parts: dict[str, Part] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for name in list(self._parts):
                self.drop(name)

    def open(self, name: str) -> Part:
        """A new part for `name` (``released/NAME``), in place of one opened before."""
        self.drop(name)
        target = self._root / name
        if not target.parent.is_dir():
            self._disk.make_folder(target.parent)
        part = self._parts[name] = Part(self._disk, target, self._token, self._mode)
        return part

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a part of pieces, whole."""
        part = self.open(name)
        for piece in pieces:
            part.write(piece)
        part.finish()

    def secure(self) -> None:
        """Bring all parts to the disk. Raises OSError as the disk does."""
        for part in self._parts.values():
            part.secure()

    def drop(self, name: str) -> None:
        """Remove a part, if it is there."""
        part = self._parts.pop(name, None)
        if part is not None:
            part.discard()

    def back(self, name: str) -> Readable | None:
        """What was written, to be read back from the disk; None when there is no such part."""
        part = self._parts.get(name)
        if part is None:
            return None
        return part.path if part.size > IN_MEMORY else part.path.read_bytes()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts in the order in which they were opened."""
        return tuple(self._parts)

    @property
    def artefacts(self) -> tuple[Artefact, ...]:
        """Names and hashes of the parts."""
        return tuple(Artefact(name, part.sha256) for name, part in self._parts.items())

    def told(self) -> list[dict[str, Any]]:
        """Names, sizes and hashes of the parts as JSON data."""
        return [
            {"name": name, "bytes": part.size, "sha256": part.sha256} for name, part in self._parts.items()
        ]


def as_json(data: dict[str, Any]) -> bytes:
    """A JSON document, in ASCII, a line for each key."""
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in data.items())
    return f"{{\n{lines}\n}}\n".encode("ascii")
