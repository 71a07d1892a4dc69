"""Statements more than one store uses."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from workstation.adapters.db.rows import CHANGING, change_row
from workstation.adapters.db.tables import ALARM
from workstation.domain.alarm import Alarm

Upsert = sqlite.Insert | postgresql.Insert

_CHANGE_ALARM: Final = (
    update(ALARM)
    .where(ALARM.c.id == bindparam("of_id"), ALARM.c.version == bindparam("of_version"))
    .values({name: bindparam(name) for name in CHANGING})
)


def upsert(dialect: Dialect, table: Table) -> Upsert:
    """Return an INSERT into `table` that knows ON CONFLICT, as this database spells it."""
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)


def put(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert `rows`; where the primary key stands already, replace the other columns."""
    values = list(rows)
    if not values:
        return
    statement = upsert(connection.dialect, table)
    others = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=others), values
    )


def complete(
    connection: Connection, table: Table, row: dict[str, Any], columns: Iterable[str]
) -> None:
    """Insert a row, or set these columns of the one that stands; one that has ended stays as it is."""
    statement = upsert(connection.dialect, table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_={name: statement.excluded[name] for name in columns},
            where=table.c.ended_at.is_(None),
        ),
        row,
    )


def change_alarms(connection: Connection, changes: Iterable[tuple[Alarm, int]]) -> bool:
    """Store alarms as they are, each if it still has the version that stands beside it.

    Returns whether all of them did; if not, the caller must not commit.
    """
    values = [
        {**change_row(alarm), "of_id": alarm.id, "of_version": version}
        for alarm, version in changes
    ]
    return not values or connection.execute(_CHANGE_ALARM, values).rowcount == len(values)
