"""The call log in the database."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, select

from workstation.adapters.db.day_tables import CALL_LOG
from workstation.adapters.db.statements import upsert
from workstation.adapters.db.worker import Worker
from workstation.domain.call import CallRecord
from workstation.domain.names import AlarmId

_FIELDS: Final = tuple(field.name for field in fields(CallRecord))
_COMPLETED: Final = ("answered_at", "ended_at", "result", "sip_code", "sip_reason")


class SqlCallLog:
    """Every attempt to call, of all desks; `machine` tells this desk's own."""

    def __init__(self, worker: Worker, machine: str) -> None:
        self._worker = worker
        self._machine = machine

    async def begin(self, record: CallRecord) -> None:
        """Write the row of a call that starts; raises RowRefused for an id that is there."""
        row = self._row(record)
        await self._worker.write(lambda connection: connection.execute(insert(CALL_LOG), row))

    async def complete(self, record: CallRecord) -> None:
        """Complete the row of a call; writes it when its start could not be stored.

        A call that has ended is left as it stands.
        """
        row = self._row(record)
        await self._worker.write(lambda connection: _complete(connection, row))

    async def unfinished(self) -> list[CallRecord]:
        """Return calls that this desk started and never ended (it crashed)."""
        query = _log().where(CALL_LOG.c.machine == self._machine, CALL_LOG.c.ended_at.is_(None))
        return await self._read(query)

    async def listed(
        self, *, since: datetime | None = None, alarm: AlarmId | None = None
    ) -> list[CallRecord]:
        """Return the log, oldest first."""
        query = _log()
        if since is not None:
            query = query.where(CALL_LOG.c.started_at >= since)
        if alarm is not None:
            query = query.where(CALL_LOG.c.alarm == alarm)
        return await self._read(query)

    async def _read(self, query: Select[Any]) -> list[CallRecord]:
        return await self._worker.read(
            lambda connection: [_record(row) for row in connection.execute(query)]
        )

    def _row(self, record: CallRecord) -> dict[str, Any]:
        return {name: getattr(record, name) for name in _FIELDS} | {"machine": self._machine}


def _complete(connection: Connection, row: dict[str, Any]) -> None:
    statement = upsert(connection.dialect, CALL_LOG)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[CALL_LOG.c.id],
            set_={name: statement.excluded[name] for name in _COMPLETED},
            where=CALL_LOG.c.ended_at.is_(None),
        ),
        row,
    )


def _log() -> Select[Any]:
    return select(CALL_LOG).order_by(CALL_LOG.c.started_at, CALL_LOG.c.id)


def _record(row: Row[Any]) -> CallRecord:
    return CallRecord(**{name: getattr(row, name) for name in _FIELDS})
