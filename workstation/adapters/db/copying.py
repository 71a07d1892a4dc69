"""Whole rows of numbers into PostgreSQL by its fastest way: binary COPY, where it is allowed."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import BigInteger, Double, Integer, TypeEngine

_TYPES: Final[tuple[tuple[type[TypeEngine[Any]], str], ...]] = (
    (BigInteger, "int8"),
    (Integer, "int4"),
    (Double, "float8"),
)


class Copy:
    """A COPY of whole rows of numbers into one table; a row that stands already refuses them all."""

    def __init__(self, table: Table) -> None:
        """`table` has columns of numbers only, and of times kept as numbers."""
        self._statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
        )
        self._types = [_type_of(column.type) for column in table.columns]
        self._table = table.name
        self._by_arrays = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
            sql.SQL(", ").join(sql.SQL("%b::{}[]").format(sql.SQL(kind)) for kind in self._types),
        )
        self._is_fenced: bool | None = None

    def add(self, connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
        """Insert `rows`, the values in the columns' order; raises IntegrityError as Core would."""
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        try:
            if self._fenced(driver):
                columns = [list(column) for column in zip(*rows, strict=True)]
                if columns:
                    driver.execute(self._by_arrays, columns)
                return
            with driver.cursor() as cursor, cursor.copy(self._statement) as copy:
                copy.set_types(self._types)
                for row in rows:
                    copy.write_row(row)
        except psycopg.IntegrityError as error:
            raise IntegrityError("COPY", None, error) from error

    def _fenced(self, driver: psycopg.Connection[Any]) -> bool:
        """Whether we see a part of the table's rows only: such a one may not COPY into it."""
        if self._is_fenced is None:
            row = driver.execute("SELECT row_security_active(%s)", [self._table]).fetchone()
            self._is_fenced = bool(row and row[0])
        return self._is_fenced


def _type_of(kind: TypeEngine[Any]) -> str:
    stored = getattr(kind, "impl_instance", kind)
    return next(name for known, name in _TYPES if isinstance(stored, known))
