"""Whole rows of numbers as the driver wants them: inserted, or merged into those that stand."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, func, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from workstation.adapters.db.connections import driver_of
from workstation.adapters.db.statements import Upsert


class PlainInsert:
    """An INSERT of rows whose values are numbers as SQLite has them."""

    def __init__(self, table: Table) -> None:
        """`table` has columns of numbers only, and of times kept as numbers."""
        self._statement = str(insert(table).compile(dialect=sqlite.dialect()))

    def add(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Insert `rows`, the values in the columns' order; raises IntegrityError as Core would."""
        driver = driver_of(connection)
        try:
            if driver is not None:
                driver.executemany(self._statement, rows)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(self._statement, None, error) from error


class Merge:
    """An INSERT … ON CONFLICT DO UPDATE of rows whose values are numbers as the driver has them.

    SQLite runs it row by row without leaving the process. To PostgreSQL the columns go as arrays:
    one statement, where one for each row would wait for the server as often.
    """

    def __init__(self, table: Table, dialect: Dialect, statement: Upsert) -> None:
        """`statement` says what becomes of a row that stands already."""
        names = [column.name for column in table.columns]
        self._arrays = None
        if dialect.name == "postgresql":
            arrays = [
                func.unnest(bindparam(column.name, type_=ARRAY(_stored(column.type))))
                for column in table.columns
            ]
            self._arrays = statement.from_select(names, select(*arrays))
        self._names = names
        self._by_row = str(statement.compile(dialect=dialect, column_keys=names))

    def add(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Merge `rows`, the values in the columns' order; no two of the same key."""
        if not rows:
            return
        driver = driver_of(connection)
        if driver is not None:
            driver.executemany(self._by_row, rows)
        elif self._arrays is not None:
            columns = zip(self._names, map(list, zip(*rows, strict=True)), strict=True)
            connection.execute(self._arrays, dict(columns))


def _stored(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type that a column's values have in the database."""
    return getattr(kind, "impl_instance", kind)
