"""Removing what has been kept for its time, a little at a time, and noting what was removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from workstation.adapters.db.access_tables import PURGE_LOG
from workstation.adapters.db.columns import Ticks, ticks
from workstation.adapters.db.history_purge import PURGES, as_purger
from workstation.adapters.db.reading_days import drop_reading_days
from workstation.adapters.db.reading_tables import READING, READING_HOUR, READING_MINUTE, SERIES
from workstation.adapters.db.roll_ups import HOUR, MINUTE, start_of
from workstation.adapters.db.tables import MESSAGE
from workstation.adapters.db.turns import finish_turn, take_turn
from workstation.adapters.db.worker import Worker
from workstation.application.ports import NOTHING, HistoryKind, Removed, Turn

_CHUNK: Final = 5000
"""Rows in one transaction: alarms are stored in between."""
_DAY: Final = timedelta(days=1)

# What a device with a wrong clock dated far away has no day of its own.
_REST: Final = text(
    "WITH gone AS (DELETE FROM reading_rest WHERE (series, at) IN"
    " (SELECT series, at FROM reading_rest WHERE at < :before LIMIT :most) RETURNING at)"
    " SELECT count(*) AS count, min(at) AS earliest, max(at) AS latest FROM gone"
).columns(earliest=Ticks, latest=Ticks)


class SqlRetention:
    """Removes on the worker's thread."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def take(self, turn: Turn) -> bool:
        """Return whether it is this process's turn: nobody else has it, and it is not done yet.

        Taken again by the one who has it, it lasts longer.
        """
        return await self._worker.write(lambda connection: take_turn(connection, turn))

    async def finish(self, turn: Turn) -> None:
        """Say that it is done, if it still is this process's turn."""
        await self._worker.write(lambda connection: finish_turn(connection, turn))

    async def forget_readings(self, before: datetime) -> Removed:
        """Remove raw readings from before the minute of `before`; their roll-ups stay.

        PostgreSQL drops whole days, and keeps the one that `before` falls into.
        """
        if await self._worker.read(lambda connection: connection.dialect.name == "postgresql"):
            return await self._drop_days(before)
        return await self._of_every_series(READING, start_of(before, MINUTE))

    async def forget_minutes(self, before: datetime) -> Removed:
        """Remove roll-ups by minute from before the hour of `before`; those by hour stay."""
        return await self._of_every_series(READING_MINUTE, start_of(before, HOUR))

    async def forget_hours(self, before: datetime) -> Removed:
        """Remove roll-ups by hour from before the hour of `before`."""
        return await self._of_every_series(READING_HOUR, start_of(before, HOUR))

    async def forget_messages(self, before: datetime) -> Removed:
        """Forget which messages were received before a time.

        Later ones with the same id would count as new. Retained ones are kept: their broker
        repeats them at every start.
        """
        return await self._repeated(lambda connection: _forget_messages(connection, before))

    async def forget_history(
        self, kind: HistoryKind, before: datetime, *, at: datetime, by: str
    ) -> Removed:
        """Remove closed alarms, calls, visits or attempts to sign in from before a time.

        Each portion is noted in the transaction that removes it, and could not be removed otherwise.
        Raises RowRefused for a time that is less than thirty days ago.
        """
        purge = PURGES[kind]
        return await self._repeated(
            lambda connection: purge(connection, before=before, at=at, by=by)
        )

    async def note(
        self, kind: str, removed: Removed, *, before: datetime, at: datetime, by: str
    ) -> None:
        """Write into the purge log what was removed of another kind."""
        row = {
            "at": at,
            "kind": kind,
            "before": before,
            "count": removed.count,
            "earliest": removed.earliest,
            "latest": removed.latest,
            "by": by,
        }
        await self._worker.write(lambda connection: connection.execute(insert(PURGE_LOG), row))

    async def _drop_days(self, before: datetime) -> Removed:
        day = start_of(before, _DAY)
        dropped = await self._worker.write(lambda connection: _drop_days(connection, day))
        rest = await self._repeated(lambda connection: _forget_rest(connection, day))
        return dropped + rest

    async def _of_every_series(self, table: Table, before: datetime) -> Removed:
        numbers = await self._worker.read(
            lambda connection: list(connection.scalars(select(SERIES.c.id)))
        )
        removed = NOTHING
        for series in numbers:
            removed += await self._of_series(table, series, before)
        return removed

    async def _of_series(self, table: Table, series: int, before: datetime) -> Removed:
        return await self._repeated(
            lambda connection: _forget_oldest(connection, table, series, before)
        )

    async def _repeated(self, forget: Callable[[Connection], Removed]) -> Removed:
        removed = NOTHING
        while (some := await self._worker.write(lambda one: _purging(one, forget))).count:
            removed += some
        return removed


def _purging(connection: Connection, forget: Callable[[Connection], Removed]) -> Removed:
    as_purger(connection)
    return forget(connection)


def _forget_oldest(connection: Connection, table: Table, series: int, before: datetime) -> Removed:
    old = (table.c.series == series) & (table.c.at < before)
    oldest = select(table.c.at).where(old).order_by(table.c.at).limit(_CHUNK).subquery()
    first, last = connection.execute(select(func.min(oldest.c.at), func.max(oldest.c.at))).one()
    if last is None:
        return NOTHING
    chunk = (table.c.series == series) & (table.c.at <= last)
    count = connection.execute(delete(table).where(chunk)).rowcount
    return Removed(count=count, earliest=first, latest=last)


def _drop_days(connection: Connection, day: datetime) -> Removed:
    as_purger(connection)
    return drop_reading_days(connection, day)


def _forget_rest(connection: Connection, before: datetime) -> Removed:
    asked = {"before": ticks(before), "most": _CHUNK}
    return Removed(**connection.execute(_REST, asked).one()._asdict())


def _forget_messages(connection: Connection, before: datetime) -> Removed:
    old = (
        select(MESSAGE.c.seq, MESSAGE.c.received_at)
        .where(MESSAGE.c.received_at < before, ~MESSAGE.c.retained)
        .order_by(MESSAGE.c.seq)
        .limit(_CHUNK)
    )
    rows = connection.execute(old).all()
    if not rows:
        return NOTHING
    chunk = MESSAGE.c.seq.in_([row.seq for row in rows])
    count = connection.execute(delete(MESSAGE).where(chunk)).rowcount
    times = [row.received_at for row in rows]
    return Removed(count=count, earliest=min(times), latest=max(times))
