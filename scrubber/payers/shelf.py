"""A folder of profiles: look one up by what a claim says of its payer, and read it when it is needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.payers.index import FILE, Entry, Index, fits, from_json, payer_id, payer_name

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from scrubber.payers.profile import Profile
    from scrubber.payers.reading import Document

# Reading TOML is imported where it is done: a run whose payers are all unknown never does it.


class Shelf:
    """The profiles of one folder. Those that they extend may lie on the shelf `below` too."""

    def __init__(self, folder: Path | Traversable, index: Index, below: Shelf | None) -> None:
        self.index = index
        self._folder = folder
        self._below = below
        self._loaded: dict[str, Document] = {}

    def by_id(self, text: str) -> list[Entry]:
        """Those whose `ids` hold a payer id, else those whose `aliases` do."""
        id_ = payer_id(text)
        return self._entries(self.index.ids.get(id_) or self.index.aliases.get(id_, []))

    def by_name(self, text: str) -> list[Entry]:
        """Those of the longest pattern that a payer's name fits."""
        name = payer_name(text)
        found = [pattern for pattern in self.index.names if name and fits(name, pattern)]
        return self._entries(self.index.names[max(found, key=len)]) if found else []

    def medicare(self, state: str) -> Entry | None:
        """The contractor for Part B in the billing provider's state."""
        return next(iter(self._entries(self.index.medicare_states.get(state.upper(), []))), None)

    def load(self, name: str) -> Profile:
        """The profile of that name, with what it takes over of another. Raises ConfigError, KeyError."""
        return self.document(name).profile

    def document(self, name: str) -> Document:
        """What the file of a profile says, with what it takes over. Raises ConfigError, KeyError."""
        from scrubber.payers.extend import extended  # noqa: PLC0415

        if name not in self._loaded:
            self._loaded[name] = extended(self._read(name), self.find, self.names())
        return self._loaded[name]

    def find(self, name: str) -> Document | None:
        """What the file of a profile here or below says itself; None when there is none."""
        if name in self.index.entries:
            return self._read(name)
        return self._below.find(name) if self._below else None

    def names(self) -> tuple[str, ...]:
        """Names of the profiles here and below."""
        return tuple(sorted({*self.index.entries, *(self._below.names() if self._below else ())}))

    def _read(self, name: str) -> Document:
        from scrubber.payers.reading import read_document  # noqa: PLC0415

        return read_document(self._folder / self.index.entries[name].file)

    def _entries(self, names: list[str]) -> list[Entry]:
        return [self.index.entries[name] for name in names]


@cache
def bundled() -> Shelf:
    """The profiles that come with the product. Only their index is read."""
    folder = Path(__file__).with_name("data")
    return Shelf(folder, from_json((folder / FILE).read_text(encoding="utf-8")), None)


def read_folder(folder: Path, below: Shelf | None) -> Shelf:
    """The profiles of a folder (``*.toml``), all read. Raises ConfigError that names file and line."""
    from scrubber.payers.extend import extended  # noqa: PLC0415
    from scrubber.payers.gather import make_index  # noqa: PLC0415
    from scrubber.payers.reading import read_document  # noqa: PLC0415

    documents = [read_document(path) for path in sorted(folder.glob("*.toml"))]
    named = {one.profile.name: one for one in documents}
    names = (*named, *(below.names() if below else ()))

    def find(name: str) -> Document | None:
        return named.get(name) or (below.find(name) if below else None)

    return Shelf(folder, make_index(extended(one, find, names) for one in documents), below)


def read_file(path: Path) -> Document:
    """One profile; what it extends lies beside it or is bundled. Raises ConfigError with file and line."""
    from scrubber.payers.extend import extended  # noqa: PLC0415
    from scrubber.payers.reading import read_document  # noqa: PLC0415

    def find(name: str) -> Document | None:
        beside = path.with_name(f"{name}.toml")
        return read_document(beside) if beside.is_file() else bundled().find(name)

    names = (*bundled().names(), *(one.stem for one in path.parent.glob("*.toml")))
    return extended(read_document(path), find, names)
