"""The database as the rest of the program sees it: opened once, its stores, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Lock
from typing import Self

from workstation.adapters.db import schema
from workstation.adapters.db.access_log import SqlAccessLog
from workstation.adapters.db.address import Address, address, is_server
from workstation.adapters.db.alarm_store import SqlAlarmStore
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.call_log import SqlCallLog
from workstation.adapters.db.call_log_history import SqlCallHistory
from workstation.adapters.db.change_feed import ChangeFeed
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.identity_store import SqlIdentities
from workstation.adapters.db.presence_store import SqlPresenceStore
from workstation.adapters.db.reading_store import SqlReadingStore
from workstation.adapters.db.reading_writer import SqlReadingWriter
from workstation.adapters.db.recording_store import SqlRecordings
from workstation.adapters.db.register import SqlRegister
from workstation.adapters.db.reminder_store import SqlReminders
from workstation.adapters.db.retention import SqlRetention
from workstation.adapters.db.roles import Fenced, Rights
from workstation.adapters.db.roles import fence as put_up_fences
from workstation.adapters.db.roles import rights as rights_of
from workstation.adapters.db.round_store import SqlRoundStore
from workstation.adapters.db.user_store import SqlUserStore
from workstation.adapters.db.worker import Worker
from workstation.application.ports import Clock


class Database:
    """One open database.

    Two threads serve the loop: the desk's short questions never wait behind a month of readings.
    """

    def __init__(
        self, url: str | Address, *, clock: Clock, machine: str, role: str = "command"
    ) -> None:
        """`clock` dates the round's history; `machine` names this desk in the call log.

        `role` and `machine` together name whose chain looks are written into, and which reader of
        the broker's messages this is.
        """
        self._url = url
        self._reader = f"{role}-{machine}"
        self._turn = Lock()
        self._given_up = Event()
        self._desk = Worker(self._connections(), "database")
        self._telemetry = Worker(self._connections(), "database-readings")
        self.alarms = SqlAlarmStore(self._desk)
        self.access = SqlAccessLog(self._desk, f"{role}-{machine}")
        self.register = SqlRegister(self._desk, self.access)
        self.calls = SqlCallLog(self._desk, machine)
        self.reminders = SqlReminders(self._desk)
        self.recordings = SqlRecordings(self._desk)
        self.round = SqlRoundStore(self._desk, clock)
        self.presence = SqlPresenceStore(self._desk, clock)
        self.users = SqlUserStore(self._desk)
        self.identities = SqlIdentities(self._desk)
        self.readings = SqlReadingStore(self._telemetry)
        self.call_history = SqlCallHistory(self._telemetry)
        self.retention = SqlRetention(self._telemetry)

    @classmethod
    def open(cls, url: str | Address, *, clock: Clock, machine: str) -> Self:
        """Open it, filling an empty SQLite file; raises SchemaMismatch or StoreUnavailable."""
        connections = Connections(url)
        try:
            schema.ensure_schema(connections)
        finally:
            connections.close()
        return cls(url, clock=clock, machine=machine)

    def alarm_writer(self) -> SqlAlarmWriter:
        """Return a writer with a connection of its own, for one thread; whoever asks closes it."""
        return SqlAlarmWriter(self._connections(), self._reader)

    def reading_writer(self) -> SqlReadingWriter:
        """Return a writer with a connection of its own, for one thread; whoever asks closes it."""
        return SqlReadingWriter(self._connections())

    def change_feed(self) -> ChangeFeed | None:
        """Return word of what others do, not started; None where the database does not tell."""
        url = address(self._url)
        return ChangeFeed(url) if is_server(url) else None

    def give_up(self) -> None:
        """Wait for it no longer: what still asks is answered StoreUnavailable. Any thread."""
        self._given_up.set()

    def close(self) -> None:
        """Finish what was begun and close every connection of the stores."""
        self._desk.close()
        self._telemetry.close()

    def _connections(self) -> Connections:
        return Connections(self._url, turn=self._turn, given_up=self._given_up)


def migrate(url: str | Address) -> tuple[str, str]:
    """Bring a database to this version; returns the version before ("" for none) and after.

    Raises SchemaMismatch (`newer`, `foreign`) or StoreUnavailable; then nothing was changed.
    """
    connections = Connections(url)
    try:
        return schema.migrate(connections)
    finally:
        connections.close()


def rights(url: str | Address) -> Rights | None:
    """Return what the login sees of a server's database; None on SQLite. Raises StoreUnavailable."""
    if not is_server(address(url)):
        return None
    connections = Connections(url)
    try:
        with connections.reading() as connection:
            return rights_of(connection)
    finally:
        connections.close()


def fence(url: str | Address, kommuner: Sequence[str]) -> Fenced | None:
    """Put up PostgreSQL's roles, rights and row-level security, and a role that serves `kommuner`.

    None on SQLite, whose file has one owner. Raises StoreUnavailable.
    """
    if not is_server(address(url)):
        return None
    connections = Connections(url)
    try:
        with connections.changing() as connection:
            return put_up_fences(connection, kommuner)
    finally:
        connections.close()
