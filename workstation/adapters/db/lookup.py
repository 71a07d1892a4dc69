"""Looking up texts by a set of values: compiled once, and handed to the driver where it is SQLite's."""

import json
import sqlite3
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    TextClause,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import sqlite

_CHUNK: Final = 1000
"""Values in one IN list: below what any of the databases allows."""

_VALUES: Final[BindParameter[str]] = bindparam("values", expanding=True)
_EACH: Final = func.json_each(bindparam("values", None)).table_valued("value")
_NUL: Final = "\\u0000"


def driver_of(connection: Connection) -> sqlite3.Connection | None:
    """Return the driver's own connection, in the same transaction; None where it is not SQLite's."""
    if connection.dialect.name != "sqlite":
        return None
    return cast("sqlite3.Connection", connection.connection.driver_connection)


class Lookup:
    """Text columns of the rows whose `by` is one of some values.

    Core compiles an IN list anew for each number of values, which for a single alarm costs more
    than the look itself; SQLite takes all values as one JSON text.
    """

    def __init__(
        self, *columns: ColumnElement[Any], by: ColumnElement[Any], where: TextClause | None = None
    ) -> None:
        """`where` narrows the rows further."""
        wanted = select(*columns) if where is None else select(*columns).where(where)
        self._select: Select[Any] = wanted.where(by.in_(_VALUES))
        inner = wanted.where(by.in_(select(_EACH.c.value)))
        self._driver_sql = str(inner.compile(dialect=sqlite.dialect()))

    def rows(self, connection: Connection, values: AbstractSet[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the columns of each row found."""
        if not values:
            return
        driver = driver_of(connection)
        listed = json.dumps(list(values))
        # SQLite ends a text of JSON's at a NUL.
        if driver is not None and _NUL not in listed:
            yield from driver.execute(self._driver_sql, (listed,)).fetchall()
            return
        rest = iter(values)
        while chunk := list(islice(rest, _CHUNK)):
            yield from map(tuple, connection.execute(self._select, {"values": chunk}))
