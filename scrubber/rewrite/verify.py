"""Prove an edit record against the file that came and the file that went, with nothing but those three."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final, cast

from loops.source import open_source
from scrubber.errors import GuardError
from scrubber.rewrite.guard import prove_bytes
from scrubber.rewrite.record import Recorded, of_file, sha256
from scrubber.rewrite.splice import splice, undoing

_SHORT: Final = 12


def verify(record: Path, original: Path, rewritten: Path) -> Recorded:
    """Prove that `record` tells how `original` became `rewritten`; return what it says of the file.

    Its chain is whole, its hashes are those of the two files, the bytes outside the edits are the same
    in both, those inside are as told, and undoing the edits gives the original. Raises GuardError with
    the first of these that fails, OSError as the system does.
    """
    with closing(open_source(original)) as before, closing(open_source(rewritten)) as after:
        recorded = of_file(record, sha256(before), sha256(after))
        prove_bytes(before, after, recorded.edits)
        undone = _Digest()
        splice(after, undoing(recorded.edits), cast("BinaryIO", undone))
        if undone.digest.hexdigest() != recorded.before:
            raise GuardError(f"undoing the edits does not give the original {recorded.before[:_SHORT]}")
        return recorded


class _Digest:
    """A file that keeps nothing but the hash of what is written."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Take in `data`."""
        self.digest.update(data)
        return len(data)
