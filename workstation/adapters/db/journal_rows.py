"""What is read from and written to the journal's tables."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from workstation.adapters.db import journal_records as records
from workstation.domain.names import AlarmId


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that is done inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a file that is only read."""
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def insert(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> list[int]:
    """Add entries in one commit; returns their places."""
    with writing(connection):
        return add(connection, rows)


def add(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> list[int]:
    """Add entries within a transaction; returns their places."""
    insert_one = "INSERT INTO entry (word, version, text, sum) VALUES (?, ?, ?, ?)"
    return [int(connection.execute(insert_one, row).lastrowid or 0) for row in rows]


def rescue(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Add entries that were read from another file, whose places begin each."""
    insert(connection, [row[1:] for row in rows])


def note(connection: sqlite3.Connection, alarms: Mapping[AlarmId, AlarmId]) -> None:
    """Note which alarm the database made of each."""
    connection.executemany("INSERT OR REPLACE INTO became VALUES (?, ?)", list(alarms.items()))


def log(connection: sqlite3.Connection, seq: int, why: str, at: str) -> None:
    """Move an entry into the log."""
    move = (
        "INSERT INTO log (seq, word, version, text, why, at) SELECT seq, word, version, text, ?, ?"
    )
    connection.execute(f"{move} FROM entry WHERE seq = ?", (why, at, seq))
    connection.execute("DELETE FROM entry WHERE seq = ?", (seq,))


def pending(connection: sqlite3.Connection) -> int:
    """Return how many reports and own steps there are."""
    query = "SELECT count(*) FROM entry WHERE word IN (?, ?)"
    return int(connection.execute(query, (records.REPORT, records.STEP)).fetchone()[0])


def name(connection: sqlite3.Connection) -> str:
    """Return the journal's own name; a new file gets one."""
    found = connection.execute("SELECT name FROM journal").fetchone()
    if found is not None:
        return str(found[0])
    name = secrets.token_hex(8)
    with writing(connection):
        connection.execute("INSERT INTO journal VALUES (?)", (name,))
    return name
