"""Findings kept on the disk until the walk comes by their place, so that memory does not grow with them."""

from __future__ import annotations

import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from scrubber.finding import Finding


class Spool:
    """Takes findings in any order and gives them back by offset, as `Finding.as_dict` tells them.

    The file has no name, and findings hold no data of persons.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        offsets, places = array("Q"), array("Q")
        for finding in findings:
            offsets.append(finding.byte_start)
            places.append(self._file.tell())
            self._file.write(json.dumps(finding.as_dict()).encode("ascii") + b"\n")
        self._offsets, self._places = offsets, places
        self._order = array("Q", sorted(range(len(offsets)), key=offsets.__getitem__))
        self._next = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def before(self, offset: int | None) -> Iterator[dict[str, Any]]:
        """The findings not yet given whose span begins before `offset` (None: all)."""
        while self._next < len(self._order):
            at = self._order[self._next]
            if offset is not None and self._offsets[at] >= offset:
                return
            self._next += 1
            self._file.seek(self._places[at])
            yield json.loads(self._file.readline())
