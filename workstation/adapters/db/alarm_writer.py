"""The durable path's end: a batch of reports becomes rows in one commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from workstation.adapters.db.bulk import BulkInsert
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.filing import Filing, Kept
from workstation.adapters.db.readers import Reader
from workstation.adapters.db.rows import alarm_row
from workstation.adapters.db.statements import change_alarms, put
from workstation.adapters.db.steps import step_row
from workstation.adapters.db.stored import Stored, known_alarms
from workstation.adapters.db.tables import ALARM, ALARM_STEP, LEVEL, MESSAGE
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.ports import Filed, Report

_ATTEMPTS: Final = 3
_LOOKS: Final = 8
_LOOK_AGAIN: Final = timedelta(milliseconds=100)
"""How long a turn is waited for before it is looked whether somebody else has stored it all."""
_JOURNAL_WAITS: Final = timedelta(seconds=4)
"""How long a turn is waited for with what a journal kept."""


class SqlAlarmWriter:
    """Files alarms on a connection of its own; one thread at a time."""

    def __init__(self, connections: Connections, reader: str = "") -> None:
        """`reader` names whose deliveries these are, among several on one database."""
        self._connections = connections
        dialect = connections.engine.dialect
        self._reader = Reader(reader, dialect)
        self._alarms = BulkInsert(ALARM, dialect)
        self._steps = BulkInsert(ALARM_STEP, dialect)
        self._messages = BulkInsert(MESSAGE, dialect)

    def file(self, reports: Sequence[Report]) -> list[Filed]:
        """Store all of `reports` in one commit, or none; see `AlarmWriter.file`.

        Another hub's writer may raise the same alarm between our look and our insert (not on
        SQLite, where one transaction excludes the other): then the batch is decided anew.
        """
        if not self._connections.is_shared:
            return self._decided(reports, None)
        if any(report.kept_at is not None for report in reports):
            return self._from_journal(reports)
        # All of a hub's readers bring the same messages at the same moment, and one stores them: the
        # others look, and only take turns for what nobody has stored. Else they would wait for
        # each other more than for the disk.
        for left in reversed(range(_LOOKS)):
            known = self._known(reports)
            if known is not None:
                return known
            try:
                return self._decided(reports, _LOOK_AGAIN)
            except StoreUnavailable as error:
                if error.reason != "locked" or not left:
                    raise
        raise StoreUnavailable("locked")

    def join(self, at: datetime) -> None:
        """Take a place behind what others received before a time, see `AlarmWriter.join`."""
        with self._connections.reading() as connection:
            known = self._reader.is_known(connection)
        if not known:
            self.begin(at)

    def begin(self, at: datetime) -> None:
        """Start behind what others received before a time, see `AlarmWriter.begin`."""
        with self._connections.reading() as connection:
            behind = self._reader.is_behind(connection, at)
        if not behind:
            return
        with self._connections.writing(steps=True) as connection:
            self._reader.begin(connection, at)

    def levels(self) -> frozenset[str]:
        """Return the lasting states that hold, as stored."""
        with self._connections.reading() as connection:
            return frozenset(connection.scalars(select(LEVEL.c.name).where(LEVEL.c.active)))

    def close(self) -> None:
        """Give the connection back."""
        self._connections.close()

    def _known(self, reports: Sequence[Report]) -> list[Filed] | None:
        """Return what became of the batch if every message of it was stored before; takes no turn."""
        if any(one.key is None or one.also for one in reports):
            return None
        known, left = self._found(reports)
        return None if left else known

    def _from_journal(self, reports: Sequence[Report]) -> list[Filed]:
        """File what a journal kept: most of it other desks have stored meanwhile."""
        known, left = self._found(reports)
        # A journal that steps out of the queue each time is never stored where all desks' are.
        return known + (self._decided(left, _JOURNAL_WAITS) if left else [])

    def _found(self, reports: Sequence[Report]) -> tuple[list[Filed], list[Report]]:
        """Return what became of those that are stored, and the others."""
        keys = {one.key for one in reports if one.key is not None}
        found = (
            self._connections.ask(lambda connection: known_alarms(connection, keys)) if keys else {}
        )
        known, left = [], []
        for one in reports:
            alarm = found.get((one.key or "", one.body_hash))
            if alarm is None:
                left.append(one)
            else:
                known.append(Filed(report=one, alarm=alarm, known=True))
        return known, left

    def _decided(self, reports: Sequence[Report], patience: timedelta | None) -> list[Filed]:
        for _ in range(_ATTEMPTS):
            try:
                return self._file(reports, patience)
            except _Overtaken:
                continue
        raise RowRefused("constraint")

    def _file(self, reports: Sequence[Report], patience: timedelta | None) -> list[Filed]:
        with self._connections.writing(steps=True, patience=patience) as connection:
            stored = Stored(connection, reports, self._reader)
            filing = Filing(stored)
            filed = [one for report in reports for one in filing.file(report)]
            try:
                self._write(connection, filing)
                stored.replayed.write(connection)
                self._reader.write(connection, stored.place)
            except IntegrityError as error:
                raise _Overtaken from error
        return filed

    def _write(self, connection: Connection, filing: Filing) -> None:
        alarms = ((filing.alarm(alarm), fold_key) for alarm, fold_key in filing.fold_keys.items())
        self._alarms.add(connection, (alarm_row(alarm, fold_key) for alarm, fold_key in alarms))
        changed = ((filing.alarm(alarm), version) for alarm, version in filing.versions.items())
        if not change_alarms(connection, changed):
            raise _Overtaken
        self._steps.add(connection, (step_row(alarm, step) for alarm, step in filing.steps))
        self._messages.add(connection, (self._message_row(kept) for kept in filing.kept))
        put(connection, LEVEL, map(_level_row, filing.levels.values()))

    def _message_row(self, kept: Kept) -> dict[str, object]:
        report = kept.report
        return {
            "key": kept.key,
            "body_hash": report.body_hash,
            "alarm_id": kept.alarm,
            "topic": report.topic,
            "received_at": report.alarm.received_at,
            "retained": report.retained,
            # What came to one reader only is nobody else's, and never looked for.
            "reader": self._reader.name if self._reader.name and not report.shared else None,
        }


class _Overtaken(Exception):
    """Somebody else stored what this batch was about to store."""


def _level_row(report: Report) -> dict[str, object]:
    return {"name": report.level, "active": report.active, "since": report.alarm.received_at}
