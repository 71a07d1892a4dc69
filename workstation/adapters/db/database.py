"""The database as the rest of the program sees it: opened once, its stores, and its end."""

from __future__ import annotations

from threading import Lock
from typing import Self

from workstation.adapters.db.alarm_store import SqlAlarmStore
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.schema import ensure_schema
from workstation.adapters.db.worker import Worker
from workstation.application.ports import AlarmWriter, Clock


class Database:
    """One open database.

    `clock` dates the round's history; `machine` names this desk (machine and instance) in the call
    log.
    """

    def __init__(self, url: str, *, clock: Clock, machine: str) -> None:
        self._url = url
        self._turn = Lock()
        self._desk = Worker(self._connections(), "database")
        self.alarms = SqlAlarmStore(self._desk)

    @classmethod
    def open(cls, url: str, *, clock: Clock, machine: str) -> Self:
        """Open it, filling an empty SQLite file; raises SchemaMismatch or StoreUnavailable."""
        connections = Connections(url)
        try:
            ensure_schema(connections)
        finally:
            connections.close()
        return cls(url, clock=clock, machine=machine)

    def alarm_writer(self) -> AlarmWriter:
        """Return a writer with a connection of its own, for one thread; whoever asks closes it."""
        return SqlAlarmWriter(self._connections())

    def close(self) -> None:
        """Finish what was begun and close every connection of the stores."""
        self._desk.close()

    def _connections(self) -> Connections:
        return Connections(self._url, turn=self._turn)
