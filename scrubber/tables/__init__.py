"""The dated, cited tables: what a code meant on a date of service, and who says so.

One table is ``data/NAME.csv``; ``data/index.toml`` says what it holds and which dates it covers,
``data/cites.toml`` whom its rows cite. Codes and our own words only: no licensed descriptions.
"""

from .check import CONFIDENCES
from .errors import TableError, TableMissing
from .loader import Tables, check_table, load_tables, shipped_tables
from .meta import Citation, Meta
from .table import Key, NoData, Row, Table

__all__ = [
    "CONFIDENCES",
    "Citation",
    "Key",
    "Meta",
    "NoData",
    "Row",
    "Table",
    "TableError",
    "TableMissing",
    "Tables",
    "check_table",
    "load_tables",
    "shipped_tables",
]
