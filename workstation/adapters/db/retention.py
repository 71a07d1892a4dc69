"""Forgetting what has been kept for its time: raw readings, and how messages are told apart."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Table, delete, func, select

from workstation.adapters.db.reading_tables import READING, READING_MINUTE, SERIES
from workstation.adapters.db.roll_ups import HOUR, MINUTE, start_of
from workstation.adapters.db.tables import MESSAGE
from workstation.adapters.db.worker import Worker

_CHUNK: Final = 5000
"""Rows in one transaction: alarms are stored in between."""


class SqlRetention:
    """Forgets on the worker's thread, a little at a time; alarms, calls and looks are kept."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def forget_readings(self, before: datetime) -> int:
        """Delete raw readings from before the minute of `before`; their roll-ups stay.

        Returns how many.
        """
        return await self._of_every_series(READING, start_of(before, MINUTE))

    async def forget_minutes(self, before: datetime) -> int:
        """Delete roll-ups by minute from before the hour of `before`; those by hour stay."""
        return await self._of_every_series(READING_MINUTE, start_of(before, HOUR))

    async def forget_messages(self, before: datetime) -> int:
        """Forget which messages were received before a time; returns how many.

        Later ones with the same id would count as new. Retained ones are kept: their broker
        repeats them at every start.
        """
        return await self._repeated(lambda connection: _forget_messages(connection, before))

    async def _of_every_series(self, table: Table, before: datetime) -> int:
        numbers = await self._worker.read(
            lambda connection: list(connection.scalars(select(SERIES.c.id)))
        )
        return sum([await self._of_series(table, series, before) for series in numbers])

    async def _of_series(self, table: Table, series: int, before: datetime) -> int:
        return await self._repeated(
            lambda connection: _forget_oldest(connection, table, series, before)
        )

    async def _repeated(self, forget: Callable[[Connection], int]) -> int:
        forgotten = 0
        while some := await self._worker.write(forget):
            forgotten += some
        return forgotten


def _forget_oldest(connection: Connection, table: Table, series: int, before: datetime) -> int:
    old = (table.c.series == series) & (table.c.at < before)
    oldest = select(table.c.at).where(old).order_by(table.c.at).limit(_CHUNK).subquery()
    last = connection.scalar(select(func.max(oldest.c.at)))
    if last is None:
        return 0
    chunk = (table.c.series == series) & (table.c.at <= last)
    return connection.execute(delete(table).where(chunk)).rowcount


def _forget_messages(connection: Connection, before: datetime) -> int:
    old = (
        select(MESSAGE.c.seq)
        .where(MESSAGE.c.received_at < before, ~MESSAGE.c.retained)
        .order_by(MESSAGE.c.seq)
        .limit(_CHUNK)
    )
    return connection.execute(delete(MESSAGE).where(MESSAGE.c.seq.in_(old))).rowcount
