"""Alarms and their steps for the screen and the use cases."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Select, func, insert, or_, select

from workstation.adapters.db.rows import alarm_of
from workstation.adapters.db.statements import change_alarms
from workstation.adapters.db.steps import step_of, step_row
from workstation.adapters.db.tables import ALARM, ALARM_STEP, IS_OPEN
from workstation.adapters.db.worker import Worker
from workstation.application.errors import Changed, NotFound
from workstation.application.ports import KnownVersion, StoredStep
from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId
from workstation.domain.steps import AnyStep

_CHUNK: Final = 500
REPEATS_SHOWN: Final = 200
"""How many repeats of one alarm its history shows, the latest."""


class SqlAlarmStore:
    """The alarms of the database; never blocks the loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def open_alarms(self) -> list[Alarm]:
        """Return every alarm that is not resolved, oldest first."""
        query = _listed(open_only=True)
        return await self._worker.ask(lambda connection: _alarms(connection, query)[::-1])

    async def find(self, alarm: AlarmId) -> Alarm:
        """Return one alarm; raises NotFound."""
        return await self._worker.ask(lambda connection: _find(connection, alarm))

    async def save(self, alarm: Alarm, step: AnyStep, *, expected_version: int) -> None:
        """Store the alarm as it is after `step`, and the step; raises Changed with what stands."""
        await self.save_all(alarm, [step], expected_version=expected_version)

    async def save_all(
        self, alarm: Alarm, steps: Sequence[AnyStep], *, expected_version: int
    ) -> None:
        """Store the alarm as it is after `steps`, and all of these; raises Changed."""
        await self._worker.write(
            lambda connection: _save(connection, alarm, steps, expected_version),
            steps=True,
            check=lambda connection: _check(connection, alarm.id, expected_version),
        )

    async def steps(self, alarm: AlarmId) -> list[StoredStep]:
        """Return the alarm's history, oldest first; of its repeats the latest 200."""
        return await self._worker.ask(lambda connection: _steps(connection, alarm))

    async def changed_since(
        self, seq: int, known: KnownVersion = lambda _alarm: None
    ) -> tuple[int, list[Alarm]]:
        """Return the newest sequence number and each alarm with a step after `seq`, as it stands.

        Those whose version is `known` are left out.
        """
        return await self._worker.read(lambda connection: _changed_since(connection, seq, known))

    async def similar(self, alarm: Alarm, since: datetime) -> list[Alarm]:
        """Return the same citizen's (or device's) other alarms of the same kind, newest first."""
        return await self._worker.ask(
            lambda connection: _alarms(connection, _similar(alarm, since))
        )

    async def listed(
        self, *, everything: bool, since: datetime | None, limit: int | None = None
    ) -> list[Alarm]:
        """Return open alarms, or all of them, the latest `limit`; newest last."""
        query = _listed(open_only=not everything, since=since, limit=limit)
        return await self._worker.ask(lambda connection: _alarms(connection, query)[::-1])


def _alarms(connection: Connection, query: Select[Any]) -> list[Alarm]:
    return [alarm_of(row) for row in connection.execute(query)]


def _find(connection: Connection, alarm: AlarmId) -> Alarm:
    row = connection.execute(select(ALARM).where(ALARM.c.id == alarm)).one_or_none()
    if row is None:
        raise NotFound(alarm)
    return alarm_of(row)


def _check(connection: Connection, alarm: AlarmId, expected_version: int) -> None:
    current = _find(connection, alarm)
    if current.version != expected_version:
        raise Changed(current)


def _save(
    connection: Connection, alarm: Alarm, steps: Sequence[AnyStep], expected_version: int
) -> None:
    if not change_alarms(connection, [(alarm, expected_version)]):
        raise Changed(_find(connection, alarm.id))
    for step in steps:
        connection.execute(insert(ALARM_STEP), step_row(alarm.id, step))


def _steps(connection: Connection, alarm: AlarmId) -> list[StoredStep]:
    of_it = select(ALARM_STEP).where(ALARM_STEP.c.alarm_id == alarm)
    is_repeat = ALARM_STEP.c.kind == "repeated"
    latest = (
        of_it.with_only_columns(ALARM_STEP.c.seq)
        .where(is_repeat)
        .order_by(ALARM_STEP.c.seq.desc())
        .limit(REPEATS_SHOWN)
    )
    shown = of_it.where(or_(~is_repeat, ALARM_STEP.c.seq.in_(latest))).order_by(ALARM_STEP.c.seq)
    return [step_of(row) for row in connection.execute(shown)]


def _latest(connection: Connection) -> int:
    return connection.scalar(select(func.max(ALARM_STEP.c.seq))) or 0


def _changed_since(
    connection: Connection, seq: int, known: KnownVersion
) -> tuple[int, list[Alarm]]:
    touched = select(ALARM_STEP.c.alarm_id).where(ALARM_STEP.c.seq > seq)
    standing = select(ALARM.c.id, ALARM.c.version).where(ALARM.c.id.in_(touched))
    # A whole alarm costs thirty times its id and version, and in a storm nearly all are known.
    news = iter([row.id for row in connection.execute(standing) if known(row.id) != row.version])
    changed: list[Alarm] = []
    while chunk := list(islice(news, _CHUNK)):
        changed += _alarms(connection, select(ALARM).where(ALARM.c.id.in_(chunk)))
    return _latest(connection), changed


def _similar(alarm: Alarm, since: datetime) -> Select[Any]:
    same = (
        (ALARM.c.kommune == alarm.kommune) & (ALARM.c.device == alarm.device)
        if alarm.citizen is None
        else ALARM.c.citizen == alarm.citizen
    )
    return _newest_first().where(
        same, ALARM.c.kind == alarm.kind, ALARM.c.received_at >= since, ALARM.c.id != alarm.id
    )


def _listed(
    *, open_only: bool, since: datetime | None = None, limit: int | None = None
) -> Select[Any]:
    query = _newest_first().limit(limit)
    if open_only:
        query = query.where(IS_OPEN)
    return query if since is None else query.where(ALARM.c.received_at >= since)


def _newest_first() -> Select[Any]:
    return select(ALARM).order_by(ALARM.c.received_at.desc(), ALARM.c.id.desc())
