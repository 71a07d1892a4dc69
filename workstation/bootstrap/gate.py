"""The way into the database: shut until its schema has been checked."""

from __future__ import annotations

from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.database import Database
from workstation.adapters.db.reading_writer import SqlReadingWriter
from workstation.application.errors import StoreUnavailable, WorldError


class Gate:
    """Hands out writers once the database is known to be ours, of this version, and there."""

    def __init__(self, database: Database) -> None:
        """Start shut."""
        self._database = database
        self._why: WorldError | None = StoreUnavailable("starting")

    def shut(self, why: WorldError) -> None:
        """Say why nothing can be written."""
        self._why = why

    def open(self) -> None:
        """Let writers through."""
        self._why = None

    def alarm_writer(self) -> SqlAlarmWriter:
        """Return a writer of alarms; raises StoreUnavailable while shut. Any thread."""
        self._require()
        return self._database.alarm_writer()

    def reading_writer(self) -> SqlReadingWriter:
        """Return a writer of readings; raises StoreUnavailable while shut. Any thread."""
        self._require()
        return self._database.reading_writer()

    def _require(self) -> None:
        if self._why is not None:
            raise StoreUnavailable(self._why.reason, **self._why.facts)
