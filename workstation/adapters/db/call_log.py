"""The call log in the database."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select

from workstation.adapters.db.day_tables import CALL_LOG
from workstation.adapters.db.register_tables import CITIZEN
from workstation.adapters.db.statements import upsert
from workstation.adapters.db.tables import ALARM
from workstation.adapters.db.worker import Worker
from workstation.domain.call import CallRecord, Quality, Transferred, TransferState
from workstation.domain.names import AlarmId

_QUALITY: Final = ("mos", "loss_percent", "jitter_ms", "round_trip_ms")
_FIELDS: Final = tuple(
    field.name for field in fields(CallRecord) if field.name not in ("quality", "transfers")
)
_CITIZEN: Final = "citizen"  # `whom`, where it is no relative
_COMPLETED: Final = (
    *("answered_at", "ended_at", "result", "sip_code", "sip_reason", "waited", "talked"),
    *("transfers", *_QUALITY),
)


class SqlCallLog:
    """Every attempt to call, of all desks; `machine` tells this desk's own."""

    def __init__(self, worker: Worker, machine: str) -> None:
        self._worker = worker
        self._machine = machine

    async def begin(self, record: CallRecord) -> None:
        """Write the row of a call that starts; raises RowRefused for an id that is there."""
        row = call_row(record) | {"machine": self._machine}
        await self._worker.write(lambda connection: _begin(connection, row))

    async def complete(self, record: CallRecord) -> None:
        """Complete the row of a call; writes it when its start could not be stored.

        A call that has ended is left as it stands.
        """
        row = call_row(record) | {"machine": self._machine}
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

    async def missed(self, *, since: datetime) -> list[CallRecord]:
        """Return calls in that nobody answered, or called back or talked with since, oldest first.

        A call that rang at several desks, and one who called several times, is there once: the
        latest.
        """
        latest = {record.target: record for record in await self._read(_missed(since))}
        return sorted(latest.values(), key=lambda record: (record.started_at, record.id))

    async def _read(self, query: Select[Any]) -> list[CallRecord]:
        return await self._worker.read(
            lambda connection: [call_record(row) for row in connection.execute(query)]
        )


def call_row(record: CallRecord) -> dict[str, Any]:
    """Return a call as it is stored, without whose desk's it is."""
    row = {name: getattr(record, name) for name in _FIELDS}
    row |= {"waited": record.waited, "talked": record.talked}
    row |= {name: getattr(record.quality, name, None) for name in _QUALITY}
    return row | {"transfers": _written(record.transfers)}


def call_record(row: Row[Any]) -> CallRecord:
    """Return a stored call."""
    quality = None
    if row.mos is not None:
        quality = Quality(**{name: getattr(row, name) or 0.0 for name in _QUALITY})
    told = {name: getattr(row, name) for name in _FIELDS}
    return CallRecord(**told, quality=quality, transfers=_transfers(row.transfers))


def _begin(connection: Connection, row: dict[str, Any]) -> None:
    connection.execute(insert(CALL_LOG), _belonging(connection, row))


def _complete(connection: Connection, row: dict[str, Any]) -> None:
    statement = upsert(connection.dialect, CALL_LOG)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[CALL_LOG.c.id],
            set_={name: statement.excluded[name] for name in _COMPLETED},
            where=CALL_LOG.c.ended_at.is_(None),
        ),
        _belonging(connection, row),
    )


def _belonging(connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with whose it is, as its alarm or its citizen says now.

    It is kept with the call: a citizen who moves takes no history along.
    """
    found: dict[str, Any] = {"kommune": row["kommune"], "kind": row["kind"]}
    if row["alarm"] is not None and None in found.values():
        whose = select(ALARM.c.kommune, ALARM.c.kind).where(ALARM.c.id == row["alarm"])
        alarm = connection.execute(whose).one_or_none()
        if alarm is not None:
            found = {name: found[name] or getattr(alarm, name) for name in found}
    if found["kommune"] is None and row["citizen"] is not None:
        of_citizen = select(CITIZEN.c.kommune).where(CITIZEN.c.id == row["citizen"])
        found["kommune"] = connection.scalar(of_citizen)
    return row | found


def _log() -> Select[Any]:
    return select(CALL_LOG).order_by(CALL_LOG.c.started_at, CALL_LOG.c.id)


def _missed(since: datetime) -> Select[Any]:
    call, later = CALL_LOG.c, CALL_LOG.alias("later").c
    is_theirs = and_(call.whom == _CITIZEN, later.whom == _CITIZEN, later.citizen == call.citizen)
    called = and_(later.incoming.is_(False), later.started_at >= call.started_at)
    # One desk's row tells of an answer that another's, of the same call, does not.
    talked = and_(later.incoming.is_(True), later.answered_at >= call.started_at)
    dealt_with = (
        select(later.id)
        .where(
            later.started_at >= since,
            or_(later.target == call.target, is_theirs),
            or_(called, talked),
        )
        .exists()
    )
    return _log().where(
        call.started_at >= since,
        call.incoming.is_(True),
        call.answered_at.is_(None),
        call.ended_at.is_not(None),
        ~dealt_with,
    )


def _written(transfers: tuple[Transferred, ...]) -> str:
    if not transfers:
        return ""
    told = [[one.target, one.at.isoformat(), one.state.value, one.sip_code] for one in transfers]
    return json.dumps(told)


def _transfers(written: str) -> tuple[Transferred, ...]:
    if not written:
        return ()
    return tuple(
        Transferred(
            target=target,
            at=datetime.fromisoformat(at),
            state=TransferState(state),
            sip_code=sip_code,
        )
        for target, at, state, sip_code in json.loads(written)
    )
