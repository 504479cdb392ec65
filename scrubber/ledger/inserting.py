"""Inserting many rows past SQLAlchemy, which would look at each value for longer than the database takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table


def insert_rows(
    connection: Connection, table: Table, columns: Sequence[str], values: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows in their order, the values of `columns` in the form that the driver takes."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(columns))
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names only
    connection.exec_driver_sql(statement, list(values))


def driver_form(connection: Connection, column: Column[Any]) -> Callable[[Any], Any]:
    """What makes of a value of `column` the form that the driver takes."""
    dialect = connection.dialect
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
