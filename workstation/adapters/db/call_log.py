"""The call log in the database."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select

from workstation.adapters.db.call_words import words_of
from workstation.adapters.db.day_tables import CALL_LOG
from workstation.adapters.db.register_tables import CITIZEN
from workstation.adapters.db.statements import complete
from workstation.adapters.db.tables import ALARM
from workstation.adapters.db.worker import Worker
from workstation.domain.call import CallRecord, Quality, Transferred, TransferState
from workstation.domain.missed_calls import Missed, Talked, is_withheld, to_call_back
from workstation.domain.names import AlarmId

_QUALITY: Final = ("mos", "loss_percent", "jitter_ms", "round_trip_ms")
_FIELDS: Final = tuple(
    field.name for field in fields(CallRecord) if field.name not in ("quality", "transfers")
)
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

    async def missed(self, *, since: datetime) -> list[Missed]:
        """Return who called in vain and was not talked with after, who has waited longest first."""
        return await self._worker.read(lambda connection: _missed(connection, since))

    async def _read(self, query: Select[Any]) -> list[CallRecord]:
        return await self._worker.read(
            lambda connection: [call_record(row) for row in connection.execute(query)]
        )


def call_row(record: CallRecord) -> dict[str, Any]:
    """Return a call as it is stored, without whose desk's it is."""
    row = {name: getattr(record, name) for name in _FIELDS}
    row |= {"waited": record.waited, "talked": record.talked}
    row |= {name: getattr(record.quality, name, None) for name in _QUALITY}
    return row | {"transfers": _written(record.transfers), "words": words_of(row)}


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
    complete(connection, CALL_LOG, _belonging(connection, row), _COMPLETED)


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


def _missed(connection: Connection, since: datetime) -> list[Missed]:
    call = CALL_LOG.c
    of_late, answered = call.started_at >= since, call.answered_at.is_not(None)
    in_vain = _log().where(of_late, call.incoming.is_(True), ~answered, call.ended_at.is_not(None))
    rows = [call_record(row) for row in connection.execute(in_vain)]
    # A call of ours counts while it is tried, and for good once somebody has answered.
    reaches = and_(call.incoming.is_(False), or_(answered, call.ended_at.is_(None)))
    names = ("target", "citizen", "whom", "incoming", "started_at", "answered_at", "dialog")
    talks = select(*(call[name] for name in names)).where(
        of_late, or_(reaches, and_(call.incoming.is_(True), answered))
    )
    talked = map(_talked, connection.execute(talks) if rows else ())
    alarms = {row.alarm for row in rows if row.alarm is not None and is_withheld(row.target)}
    return to_call_back(rows, talked, _closed(connection, alarms))


def _talked(row: Row[Any]) -> Talked:
    return Talked(
        target=row.target,
        citizen=row.citizen,
        whom=row.whom,
        at=row.answered_at if row.incoming else row.started_at,
        dialog=row.dialog,
    )


def _closed(connection: Connection, alarms: set[AlarmId]) -> set[AlarmId]:
    if not alarms:
        return set()
    is_closed = and_(ALARM.c.id.in_(alarms), ALARM.c.resolved_at.is_not(None))
    return set(connection.scalars(select(ALARM.c.id).where(is_closed)))


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
