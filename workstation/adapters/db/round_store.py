"""The day's round in the database, with the history of each visit."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from workstation.adapters.db.day_tables import VISIT, VISIT_STEP
from workstation.adapters.db.statements import upsert
from workstation.adapters.db.worker import Worker
from workstation.application.errors import Changed, NotFound
from workstation.application.ports import Clock
from workstation.domain.names import VisitId
from workstation.domain.round import Visit

_FIELDS: Final = tuple(field.name for field in fields(Visit))
_OF_STEP: Final = tuple(name for name in _FIELDS if name in VISIT_STEP.columns)


class SqlRoundStore:
    """The visits of the database; never blocks the loop."""

    def __init__(self, worker: Worker, clock: Clock) -> None:
        self._worker = worker
        self._clock = clock

    async def visits(self, start: datetime, end: datetime) -> list[Visit]:
        """Return visits with `start <= at < end`, in time order."""
        query = (
            select(VISIT)
            .where(VISIT.c.at >= start, VISIT.c.at < end)
            .order_by(VISIT.c.at, VISIT.c.id)
        )
        return await self._worker.read(
            lambda connection: [_visit_of(row) for row in connection.execute(query)]
        )

    async def visit(self, visit: VisitId) -> Visit:
        """Return one; raises NotFound."""
        return await self._worker.read(lambda connection: _find(connection, visit))

    async def save(self, visit: Visit, *, expected_version: int) -> None:
        """Store a changed visit, and the change; raises Changed with the current one, or NotFound."""
        at = self._clock.now()
        await self._worker.write(lambda connection: _save(connection, visit, expected_version, at))

    async def put(self, visits: Sequence[Visit]) -> None:
        """Insert all (an existing id is left as it stands) in one transaction."""
        rows = [visit_row(visit) for visit in visits]
        if rows:
            await self._worker.write(lambda connection: _put(connection, rows))


def visit_row(visit: Visit) -> dict[str, Any]:
    """Return the whole row of a visit."""
    return {name: getattr(visit, name) for name in _FIELDS}


def _visit_of(row: Row[Any]) -> Visit:
    return Visit(**{name: getattr(row, name) for name in _FIELDS})


def _find(connection: Connection, visit: VisitId) -> Visit:
    row = connection.execute(select(VISIT).where(VISIT.c.id == visit)).one_or_none()
    if row is None:
        raise NotFound(visit)
    return _visit_of(row)


def _save(connection: Connection, visit: Visit, expected_version: int, at: datetime) -> None:
    changed = connection.execute(
        update(VISIT)
        .where(VISIT.c.id == visit.id, VISIT.c.version == expected_version)
        .values(visit_row(visit))
    )
    if changed.rowcount == 0:
        raise Changed(_find(connection, visit.id))
    step = {name: getattr(visit, name) for name in _OF_STEP}
    connection.execute(insert(VISIT_STEP), {**step, "visit": visit.id, "saved_at": at})


def _put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    statement = upsert(connection.dialect, VISIT)
    connection.execute(statement.on_conflict_do_nothing(index_elements=[VISIT.c.id]), rows)
