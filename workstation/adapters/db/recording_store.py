"""What is kept of each recorded call, in the database; the sound lies in a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Row, Select, String, Table, select

from workstation.adapters.db.columns import Moment, Span
from workstation.adapters.db.statements import complete
from workstation.adapters.db.tables import METADATA
from workstation.adapters.db.worker import Worker
from workstation.application.errors import NotFound
from workstation.domain.names import CallId
from workstation.domain.recording import Recording, RecordingId

RECORDING: Final = Table(
    "recording",
    METADATA,
    Column("id", String, primary_key=True),
    Column("call", String, nullable=False),
    Column("kommune", String, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("key", String, nullable=False),
    Column("citizen", String),
    Column("alarm", String),
    Column("ended_at", Moment),
    Column("length", Span, nullable=False, server_default="0"),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("sha256", String, nullable=False, server_default=""),
    Column("reason", String, nullable=False, server_default=""),
    Column("deleted_at", Moment),
    Index("recording_of_call", "call"),
    Index("recording_started", "started_at"),
)
"""`call` is no reference: a call's own row may still wait for a database that was busy."""

_FIELDS: Final = tuple(column.name for column in RECORDING.columns)
_COMPLETED: Final = ("ended_at", "length", "size", "sha256", "reason")


class SqlRecordings:
    """The recordings of all desks; never blocks the loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def keep(self, recording: Recording) -> None:
        """Write the row of a recording, or complete it; one that has ended is left as it stands."""
        row = {name: getattr(recording, name) for name in _FIELDS}
        await self._worker.write(
            lambda connection: complete(connection, RECORDING, row, _COMPLETED)
        )

    async def of_call(self, call: CallId) -> list[Recording]:
        """Return a call's recordings, the earliest first."""
        return await self._read(_all().where(RECORDING.c.call == call))

    async def find(self, recording: RecordingId) -> Recording:
        """Return one; raises NotFound."""
        found = await self._read(_all().where(RECORDING.c.id == recording))
        if not found:
            raise NotFound(recording)
        return found[0]

    async def listed(self, *, since: datetime | None = None) -> list[Recording]:
        """Return the recordings, the earliest first."""
        query = _all()
        return await self._read(
            query if since is None else query.where(RECORDING.c.started_at >= since)
        )

    async def over(self, before: datetime, *, most: int) -> list[Recording]:
        """Return recordings of before a time whose file has not been removed."""
        old = (RECORDING.c.started_at < before) & RECORDING.c.deleted_at.is_(None)
        return await self._read(_all().where(old).limit(most))

    async def removed(self, recording: RecordingId, at: datetime) -> None:
        """Note that a file was removed; the row stays as long as its call's."""
        change = RECORDING.update().where(RECORDING.c.id == recording).values(deleted_at=at)
        await self._worker.write(lambda connection: connection.execute(change))

    async def _read(self, query: Select[Any]) -> list[Recording]:
        return await self._worker.read(
            lambda connection: [_recording(row) for row in connection.execute(query)]
        )


def _all() -> Select[Any]:
    return select(RECORDING).order_by(RECORDING.c.started_at, RECORDING.c.id)


def _recording(row: Row[Any]) -> Recording:
    return Recording(**row._asdict())
