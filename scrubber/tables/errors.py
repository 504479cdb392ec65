"""What can go wrong with a table. A fault in a claim is never one of these."""

from __future__ import annotations


class TableError(Exception):
    """A table cannot be used as it stands.

    The message names the file, the row (counted from 1, the header being row 1) and the mend,
    so that a person who keeps a site table can put it right without reading this code.
    """


class TableMissing(TableError):  # noqa: N818 - a name of the contract
    """No table of that name is shipped, and none was supplied."""
