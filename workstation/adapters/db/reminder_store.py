"""Whom operators want to call again, in the database."""

from typing import Any, Final

from sqlalchemy import Column, Connection, Row, String, Table, delete, select

from workstation.adapters.db.columns import Moment, Span
from workstation.adapters.db.statements import put
from workstation.adapters.db.tables import METADATA
from workstation.adapters.db.worker import Worker
from workstation.application.reminders import Reminder

REMINDER: Final = Table(
    "reminder",
    METADATA,
    Column("operator", String, primary_key=True),
    Column("target", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("after", Span, nullable=False),
    Column("whom", String, nullable=False),
    Column("citizen", String),
    Column("alarm", String),
    Column("kommune", String),
)
"""A row goes when its call is made; `kommune` is of the citizen or alarm, NULL where neither is known."""


_FIELDS: Final = tuple(column.name for column in REMINDER.columns)


class SqlReminders:
    """The reminders of all desks; never blocks the loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def put(self, reminder: Reminder) -> None:
        """Store it in the place of an earlier one of the same operator and number."""
        row = _row(reminder)
        await self._worker.write(lambda connection: put(connection, REMINDER, [row]))

    async def forget(self, reminder: Reminder) -> None:
        """Delete it, unless another time has been set meanwhile."""
        await self._worker.write(lambda connection: _forget(connection, reminder))

    async def listed(self) -> list[Reminder]:
        """Return all that may be seen, the first due first."""
        query = select(REMINDER).order_by(*(REMINDER.c[name] for name in ("at", "operator")))
        return await self._worker.read(
            lambda connection: [_reminder(row) for row in connection.execute(query)]
        )


def _row(reminder: Reminder) -> dict[str, Any]:
    row = {name: getattr(reminder, name) for name in _FIELDS if name != "operator"}
    return row | {"operator": reminder.by}


def _reminder(row: Row[Any]) -> Reminder:
    told = row._asdict()
    return Reminder(by=told.pop("operator"), **told)


def _forget(connection: Connection, reminder: Reminder) -> None:
    connection.execute(
        delete(REMINDER).where(
            REMINDER.c.operator == reminder.by,
            REMINDER.c.target == reminder.target,
            REMINDER.c.at == reminder.at,
        )
    )
