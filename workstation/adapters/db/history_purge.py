"""Removing history whose time is over: announced in the purge log, in the same transaction.

The database refuses to remove what was not announced there, what is not closed, and what is younger
than thirty days: see `migrations/purging.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    insert,
    select,
    text,
)

from workstation.adapters.db.access_tables import PURGE_LOG
from workstation.adapters.db.day_tables import (
    CALL_ADDITION,
    CALL_DRAW,
    CALL_LOG,
    VISIT,
    VISIT_STEP,
)
from workstation.adapters.db.recording_store import RECORDING
from workstation.adapters.db.tables import ALARM, ALARM_STEP, MESSAGE
from workstation.adapters.db.user_tables import SIGN_IN_ATTEMPT
from workstation.application.ports import NOTHING, HistoryKind, Removed
from workstation.domain.alarm import State

PURGER: Final = "workstation_purge"
"""On PostgreSQL the role that may delete, and whose members take it on for that alone."""
_PORTION: Final = 500
# The owner needs no role; the server may have one by that name because of another database of ours.
_MAY_PURGE: Final = text(
    "SELECT row_security_active('alarm') AND pg_has_role(current_user, oid, 'MEMBER')"
    " FROM pg_roles WHERE rolname = :role"
)


class Purge(Protocol):
    """Removes one portion of one kind from before a time, and says what it was."""

    def __call__(
        self, connection: Connection, *, before: datetime, at: datetime, by: str
    ) -> Removed:
        """Announce and remove it."""
        ...


def as_purger(connection: Connection) -> None:
    """Take on the right to delete for the rest of this transaction, where it is a role of its own."""
    if connection.dialect.name == "postgresql" and connection.scalar(_MAY_PURGE, {"role": PURGER}):
        connection.execute(text(f"SET LOCAL ROLE {PURGER}"))


def _alarms(connection: Connection, *, before: datetime, at: datetime, by: str) -> Removed:
    newest = select(ALARM_STEP.c.alarm_id).order_by(ALARM_STEP.c.seq.desc()).limit(1)
    over = (
        select(ALARM.c.id, ALARM.c.resolved_at)
        .where(
            ALARM.c.received_at < before,  # has an index
            ALARM.c.state == State.RESOLVED,
            ALARM.c.resolved_at < before,
            # What happened to it behind that stays as long as if it had been closed then.
            ~_has_later(ALARM_STEP.c.alarm_id == ALARM.c.id, ALARM_STEP.c.at, before),
            # What a message still leads to stays with it.
            ALARM.c.id.not_in(select(MESSAGE.c.alarm_id)),
            # The last number stays: the next step is numbered by it.
            ALARM.c.id.not_in(newest.scalar_subquery()),
        )
        .order_by(ALARM.c.received_at)
        .limit(_PORTION)
    )
    rows = connection.execute(over).all()
    removed = _announced(connection, HistoryKind.ALARMS, rows, before=before, at=at, by=by)
    _delete(connection, ALARM_STEP, ALARM_STEP.c.alarm_id, rows)
    _delete(connection, ALARM, ALARM.c.id, rows)
    return removed


def _calls(connection: Connection, *, before: datetime, at: datetime, by: str) -> Removed:
    of_a_kept_one = select(ALARM.c.id).where(ALARM.c.id == CALL_LOG.c.alarm).exists()
    # A file that could not be removed yet is found by its row.
    has_sound = (RECORDING.c.call == CALL_LOG.c.id) & RECORDING.c.deleted_at.is_(None)
    is_heard = select(RECORDING.c.id).where(has_sound).exists()
    over = _oldest(CALL_LOG.c.id, CALL_LOG.c.started_at, before).where(~of_a_kept_one, ~is_heard)
    rows = connection.execute(over).all()
    removed = _announced(connection, HistoryKind.CALLS, rows, before=before, at=at, by=by)
    for table in (CALL_ADDITION, CALL_DRAW, RECORDING):
        _delete(connection, table, table.c.call, rows)
    _delete(connection, CALL_LOG, CALL_LOG.c.id, rows)
    return removed


def _visits(connection: Connection, *, before: datetime, at: datetime, by: str) -> Removed:
    later = _has_later(VISIT_STEP.c.visit == VISIT.c.id, VISIT_STEP.c.saved_at, before)
    rows = connection.execute(_oldest(VISIT.c.id, VISIT.c.at, before).where(~later)).all()
    removed = _announced(connection, HistoryKind.VISITS, rows, before=before, at=at, by=by)
    _delete(connection, VISIT_STEP, VISIT_STEP.c.visit, rows)
    _delete(connection, VISIT, VISIT.c.id, rows)
    return removed


def _attempts(connection: Connection, *, before: datetime, at: datetime, by: str) -> Removed:
    over = _oldest(SIGN_IN_ATTEMPT.c.seq, SIGN_IN_ATTEMPT.c.at, before)
    rows = connection.execute(over).all()
    removed = _announced(connection, HistoryKind.ATTEMPTS, rows, before=before, at=at, by=by)
    _delete(connection, SIGN_IN_ATTEMPT, SIGN_IN_ATTEMPT.c.seq, rows)
    return removed


PURGES: Final[dict[HistoryKind, Purge]] = {
    HistoryKind.ALARMS: _alarms,
    HistoryKind.CALLS: _calls,
    HistoryKind.VISITS: _visits,
    HistoryKind.ATTEMPTS: _attempts,
}


def _has_later(
    of_it: ColumnElement[bool], when: Column[datetime], before: datetime
) -> ColumnElement[bool]:
    """Return whether something of its history is younger, and would not be let go."""
    return select(when).where(of_it, when >= before).exists()


def _oldest(key: Column[Any], when: Column[datetime], before: datetime) -> Select[Any]:
    return select(key, when).where(when < before).order_by(when).limit(_PORTION)


def _announced(
    connection: Connection,
    kind: HistoryKind,
    rows: Sequence[Any],
    *,
    before: datetime,
    at: datetime,
    by: str,
) -> Removed:
    if not rows:
        return NOTHING
    times = [row[1] for row in rows]
    removed = Removed(count=len(rows), earliest=min(times), latest=max(times))
    connection.execute(
        insert(PURGE_LOG),
        {
            "at": at,
            "kind": kind.value,
            "before": before,
            "count": removed.count,
            "earliest": removed.earliest,
            "latest": removed.latest,
            "by": by,
        },
    )
    return removed


def _delete(connection: Connection, table: Table, key: Column[Any], rows: Sequence[Any]) -> None:
    if rows:
        connection.execute(delete(table).where(key.in_([row[0] for row in rows])))
