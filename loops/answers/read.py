"""Read what comes back for a batch: TA1, 999, 277CA and 835, whatever a file holds of them."""

from __future__ import annotations

from collections.abc import Iterator

from loops.answers.kinds import Answer
from loops.source import Readable


def read(source: Readable, name: str | None = None) -> Iterator[Answer]:
    """The answers of `source` (a path, bytes or a binary stream) in file order, one at a time.

    `name` is what their `Origin` calls it (the file name by default). A head
    (`BatchStatus`, `Remittance`) comes before its claims, a `GroupAck` after
    its transactions. Faults are `loops.problem.Problem` among the answers:
    wrong counts, cut files, and for each kind of transaction that is no
    answer, one line that says what it is. Raises NotX12Error, one line for the
    user, when nothing in the source is X12, OSError as the system does.
    """
    raise NotImplementedError(source, name)
    yield
