"""Looking up texts by a set of values: compiled once, and handed to the driver where it is SQLite's."""

import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    String,
    TextClause,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import sqlite

from workstation.adapters.db.connections import driver_of

_CHUNK: Final = 1000
"""Values in one IN list: below what any of the databases allows."""

_VALUES: Final[BindParameter[str]] = bindparam("values", expanding=True)
_VALUE: Final[BindParameter[str]] = bindparam("value", None, String)
_ABOVE: Final[BindParameter[int]] = bindparam("above", None, BigInteger)
_EACH: Final = func.json_each(bindparam("values", None)).table_valued("value")
_NUL: Final = "\\u0000"


class Lookup:
    """Text columns of the rows whose `by` is one of some values.

    Core compiles an IN list anew for each number of values, which for a single alarm costs more
    than the look itself; SQLite takes all values as one JSON text, and a single one as it is.
    """

    def __init__(
        self,
        *columns: ColumnElement[Any],
        by: ColumnElement[Any],
        where: TextClause | None = None,
        above: ColumnElement[Any] | None = None,
    ) -> None:
        """`where` narrows the rows further; of `above` only higher numbers than one asked for."""
        wanted = select(*columns) if where is None else select(*columns).where(where)
        self._is_above = above is not None
        if above is not None:
            wanted = wanted.where(above > _ABOVE)
        self._select: Select[Any] = wanted.where(by.in_(_VALUES))
        self._of_many = _driver_sql(wanted.where(by.in_(select(_EACH.c.value))))
        self._of_one = _driver_sql(wanted.where(by == _VALUE))

    def rows(
        self, connection: Connection, values: AbstractSet[str], *, above: int = 0
    ) -> Sequence[tuple[Any, ...]]:
        """Return the columns of each row found."""
        if not values:
            return ()
        driver = driver_of(connection)
        if driver is None:
            return self._by_core(connection, values, above)
        higher = (above,) if self._is_above else ()
        if len(values) == 1:
            return driver.execute(self._of_one, (*higher, *values)).fetchall()
        listed = json.dumps(list(values))
        # SQLite ends a text of JSON's at a NUL.
        if _NUL in listed:
            return self._by_core(connection, values, above)
        return driver.execute(self._of_many, (*higher, listed)).fetchall()

    def _by_core(
        self, connection: Connection, values: AbstractSet[str], above: int
    ) -> Sequence[tuple[Any, ...]]:
        higher = {"above": above} if self._is_above else {}
        found: list[tuple[Any, ...]] = []
        rest = iter(values)
        while chunk := list(islice(rest, _CHUNK)):
            found += map(tuple, connection.execute(self._select, {"values": chunk, **higher}))
        return found


def _driver_sql(query: Select[Any]) -> str:
    return str(query.compile(dialect=sqlite.dialect()))
