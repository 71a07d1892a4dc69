"""The journal: a small SQLite file of this desk's own, for while the shared database is away."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from workstation.adapters.db import journal_records as records
from workstation.adapters.db import journal_rows as rows
from workstation.adapters.db.journal_file import (
    Damaged,
    is_damage,
    meaning,
    moved_aside,
    open_file,
    readable,
)
from workstation.application.errors import JournalFailed
from workstation.application.journal import Entry, Record, Trouble
from workstation.application.ports import Clock
from workstation.domain.names import AlarmId

KEPT_LOG: Final = timedelta(days=90)
"""How long what no longer fitted stays in the journal's log."""
_MOST_UNDERSTOOD: Final = 5_000

Answer = TypeVar("Answer")


class LocalJournal:
    """Keeps records in one file that no second process can open; any thread, one at a time."""

    def __init__(self, file: Path, clock: Clock) -> None:
        """Open nothing yet: the first use does, and again after a failure."""
        self.file = file
        self._clock = clock
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._name = ""
        self._troubles: list[Trouble] = []
        self._understood: dict[int, tuple[bytes, Entry]] = {}
        """What was read before: a journal is read again and again until the database has it."""

    @property
    def name(self) -> str:
        """The journal's own random name; raises JournalFailed while it cannot be opened."""
        return self._do(lambda _connection: self._name)

    def keep(self, kept: Sequence[Record]) -> list[int]:
        """Write all of `kept` or none, and wait for the disk."""
        written = _written(kept)
        return self._do(lambda connection: rows.insert(connection, written))

    def kept(self, *, after: int = 0, limit: int = 500) -> list[Entry]:
        """Return what is kept, oldest first; what cannot be read goes to the log and is told."""
        return self._do(lambda connection: self._read(connection, after, limit))

    def pending(self) -> int:
        """Return how many reports and own steps are kept."""
        return self._do(rows.pending)

    def forget(self, seqs: Sequence[int], became: Mapping[AlarmId, AlarmId] | None = None) -> None:
        """Drop entries, and note what became of alarms, in one commit."""

        def act(connection: sqlite3.Connection) -> None:
            with rows.writing(connection):
                rows.note(connection, became or {})
                connection.executemany("DELETE FROM entry WHERE seq = ?", [(seq,) for seq in seqs])
                for seq in seqs:
                    self._understood.pop(seq, None)
                if not rows.pending(connection):
                    # Nothing waits that could still mean an alarm by the id it had here.
                    connection.execute("DELETE FROM became")

        self._do(act)

    def became(self, alarm: AlarmId) -> AlarmId | None:
        """Return which alarm the database made of one of ours."""

        def act(connection: sqlite3.Connection) -> AlarmId | None:
            found = connection.execute("SELECT became FROM became WHERE alarm = ?", (alarm,))
            row = found.fetchone()
            return AlarmId(row[0]) if row else None

        return self._do(act)

    def note(self, alarms: Mapping[AlarmId, AlarmId]) -> None:
        """Note which alarm the database made of each."""

        def act(connection: sqlite3.Connection) -> None:
            with rows.writing(connection):
                rows.note(connection, alarms)

        self._do(act)

    def set_aside(self, seqs: Sequence[int], why: str, instead: Sequence[Record] = ()) -> None:
        """Move entries into the log and keep others in their place; those of long ago leave it."""
        now = self._clock.now()
        written = _written(instead)

        def act(connection: sqlite3.Connection) -> None:
            with rows.writing(connection):
                for seq in seqs:
                    rows.log(connection, seq, why, now.isoformat())
                rows.add(connection, written)
                past = (now - KEPT_LOG).isoformat()
                connection.execute("DELETE FROM log WHERE at < ?", (past,))

        self._do(act)

    def troubles(self) -> list[Trouble]:
        """Return what was wrong since the last call."""
        with self._lock:
            told, self._troubles = self._troubles, []
            return told

    def close(self) -> None:
        """Close the file; another process may open it then."""
        with self._lock:
            self._close()

    def _do(self, act: Callable[[sqlite3.Connection], Answer]) -> Answer:
        with self._lock:
            try:
                return act(self._open())
            except (sqlite3.Error, OSError) as error:
                damaged = is_damage(error)
                failed = meaning(error, self.file)
                if failed.reason != "full":
                    self._close()
            except Damaged:
                damaged, failed = True, JournalFailed("unreachable")
            if not damaged:
                raise failed
            try:
                self._set_file_aside()
                return act(self._open())
            except (sqlite3.Error, OSError) as error:
                self._close()
                raise meaning(error, self.file) from error

    def _open(self) -> sqlite3.Connection:
        connection = self._connection
        if connection is not None and self.file.exists():
            return connection
        rescued = []
        if connection is not None:
            # Somebody removed the file under us; what it held is still readable through this.
            rescued = list(readable(connection))
            self._close()
        connection = self._connection = open_file(self.file)
        self._name = rows.name(connection)
        if rescued:
            rows.rescue(connection, rescued)
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _set_file_aside(self) -> None:
        """Move a damaged file out of the way, and keep on what can be read of it."""
        rescued = list(readable(self._connection)) if self._connection is not None else []
        self._close()
        aside = moved_aside(self.file, self._clock.now())
        if not rescued:
            with suppress(sqlite3.Error, OSError), rows.reading(aside) as old:
                rescued = list(readable(old))
        connection = self._connection = open_file(self.file)
        self._name = rows.name(connection)
        rows.rescue(connection, rescued)
        # What could not be read may have been alarms: nobody can say.
        saved = len(rescued)
        self._troubles.append(Trouble(what="damaged", file=str(aside), saved=saved, alarm=True))

    def _read(self, connection: sqlite3.Connection, after: int, limit: int) -> list[Entry]:
        query = "SELECT seq, word, version, text, sum FROM entry WHERE seq > ? ORDER BY seq LIMIT ?"
        entries: list[Entry] = []
        for seq, word, version, text, check in connection.execute(query, (after, limit)).fetchall():
            known = self._understood.get(seq)
            if known is not None and known[0] == text:
                entries.append(known[1])
                continue
            try:
                record = records.decode(word, version, text, check)
            except records.Unreadable as error:
                self._unreadable(connection, seq, word, text, str(error))
            else:
                entries.append(Entry(seq=seq, record=record))
                self._remember(text, entries[-1])
        return entries

    def _remember(self, text: bytes, entry: Entry) -> None:
        self._understood[entry.seq] = (text, entry)
        if len(self._understood) > _MOST_UNDERSTOOD:
            del self._understood[next(iter(self._understood))]

    def _unreadable(
        self, connection: sqlite3.Connection, seq: int, word: str, text: object, why: str
    ) -> None:
        with rows.writing(connection):
            rows.log(connection, seq, f"unreadable: {why}", self._clock.now().isoformat())
        raw = text if isinstance(text, bytes) else repr(text).encode()
        is_alarm = word not in (records.LOOK, records.HEARD, records.STEP)
        self._troubles.append(Trouble(what="unreadable", raw=raw, alarm=is_alarm, seq=seq))


def _written(kept: Sequence[Record]) -> list[tuple[object, ...]]:
    return [
        (word, records.VERSION, text, records.sum_of(text))
        for word, text in map(records.encode, kept)
    ]
