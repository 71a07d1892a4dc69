"""Inserting many rows: compiled once, and handed to the driver as it wants them."""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Insert, Table, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeDecorator

from workstation.adapters.db.connections import driver_of


class BulkInsert:
    """An INSERT with a value for every column but the one that the database numbers by itself.

    Core's own work per row and value would cost more than the row. `statement` says what happens
    to a row that is there already; without it that row is refused, and to PostgreSQL the columns go
    as arrays: one statement, whose trigger speaks once, where each row would wait for the server.
    """

    def __init__(self, table: Table, dialect: Dialect, statement: Insert | None = None) -> None:
        columns = [column for column in table.columns if column is not table.autoincrement_column]
        compiled = (insert(table) if statement is None else statement).compile(
            dialect=dialect, column_keys=[column.name for column in columns]
        )
        self._statement = str(compiled)
        self._positional = compiled.positional
        self._as_arrays = statement is None and dialect.name == "postgresql"
        if self._as_arrays:
            self._statement = _of_arrays(table, columns, dialect)
        self._plan = [(column.name, _converter(column, dialect)) for column in columns]

    def add(self, connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
        """Insert `rows`; each has a value for every column."""
        plan = self._plan
        values: list[Any] = [
            [
                row[name] if convert is None or row[name] is None else convert(row[name])
                for name, convert in plan
            ]
            for row in rows
        ]
        if not values:
            return
        driver = driver_of(connection)
        if driver is not None:
            self._insert(driver, values)
            return
        names = [name for name, _convert in plan]
        if self._as_arrays:
            columns = [list(column) for column in zip(*values, strict=True)]
            values = [dict(zip(names, columns, strict=True))]
        elif self._positional:
            values = [tuple(row) for row in values]
        else:
            values = [dict(zip(names, row, strict=True)) for row in values]
        connection.exec_driver_sql(self._statement, values if len(values) > 1 else values[0])

    def _insert(self, driver: sqlite3.Connection, values: list[Any]) -> None:
        try:
            driver.executemany(self._statement, values)
        except sqlite3.IntegrityError as error:
            # As Core would have said it: our callers decide anew then.
            raise IntegrityError(self._statement, None, error) from error


def _of_arrays(table: Table, columns: list[Column[Any]], dialect: Dialect) -> str:
    """Return PostgreSQL's INSERT of many rows at once, a parameter for each column."""
    quoted = dialect.identifier_preparer.quote
    names = ", ".join(quoted(column.name) for column in columns)
    arrays = ", ".join(
        f"CAST(%({column.name})s AS {column.type.compile(dialect=dialect)}[])" for column in columns
    )
    return f"INSERT INTO {quoted(table.name)} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608 - names of ours


def _converter(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what makes a value that is there one of the driver's; None where it is one already."""
    kind = column.type.dialect_impl(dialect)
    convert = kind.bind_processor(dialect)
    if isinstance(kind, TypeDecorator) and not _is_converted(kind, dialect):
        # Without the wrapper that asks at each value whether the type below wants something, too.
        return partial(kind.process_bind_param, dialect=dialect)
    return convert


def _is_converted(kind: TypeDecorator[Any], dialect: Dialect) -> bool:
    """Whether the type that `kind` is stored as converts values itself."""
    return kind.impl_instance.dialect_impl(dialect).bind_processor(dialect) is not None
