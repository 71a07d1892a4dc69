"""The journal's file: made private, locked, checked, and moved aside when it is damaged."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from workstation.application.errors import JournalFailed

_FORMAT: Final = 1
_WAL: Final = ("-wal", "-shm", "-journal")
_TABLES: Final = (
    "CREATE TABLE journal (name TEXT NOT NULL)",
    # Numbers are never used twice: the database remembers how far this journal was filed.
    """CREATE TABLE entry (seq INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT NOT NULL,
       version INTEGER NOT NULL, text BLOB NOT NULL, sum BLOB NOT NULL)""",
    "CREATE TABLE became (alarm TEXT PRIMARY KEY, became TEXT NOT NULL)",
    """CREATE TABLE log (seq INTEGER NOT NULL, word TEXT NOT NULL, version INTEGER NOT NULL,
       text BLOB NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL)""",
    f"PRAGMA user_version = {_FORMAT}",
)


_REASONS: Final = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR_SHMSIZE: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
}
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_PRIMARY: Final = 0xFF
_ROOM: Final = 64 * 1024
"""Bytes that must be free for anything at all to be written."""


class Damaged(Exception):
    """What stands there is no journal that can be trusted."""


def open_file(file: Path) -> sqlite3.Connection:
    """Open a journal, made when it is missing; raises Damaged, sqlite3.Error or OSError.

    The lock that SQLite takes here is given back when the process ends, however it ends.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = sqlite3.connect(file, timeout=0.2, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def moved_aside(file: Path, now: datetime) -> Path:
    """Give a damaged file, and what belongs to it, another name; returns that."""
    stem = f"{file.stem}-damaged-{now:%Y%m%dT%H%M%S}"
    aside = next(
        name
        for count in range(1000)
        if not (name := file.with_name(f"{stem}-{count}{file.suffix}")).exists()
    )
    file.replace(aside)
    for ending in _WAL:
        with suppress(FileNotFoundError):
            Path(f"{file}{ending}").replace(f"{aside}{ending}")
    return aside


def readable(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Yield the entries that can be read, one by one: a damaged page takes no others with it."""
    try:
        last = connection.execute("SELECT max(seq) FROM entry").fetchone()[0] or 0
        first = connection.execute("SELECT min(seq) FROM entry").fetchone()[0] or 0
    except (sqlite3.Error, TypeError):
        first, last = 1, _most(connection)
    row = "SELECT seq, word, version, text, sum FROM entry WHERE seq = ?"
    for seq in range(first, last + 1):
        with suppress(sqlite3.Error):
            yield from connection.execute(row, (seq,)).fetchall()


def is_damage(error: sqlite3.Error | OSError) -> bool:
    """Whether the file itself is broken."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def meaning(error: sqlite3.Error | OSError, file: Path) -> JournalFailed:
    """Return the error in the application's words."""
    if isinstance(error, OSError):
        refused = "read_only" if isinstance(error, PermissionError) else "unreachable"
        reason = "full" if error.errno in _NO_ROOM else refused
    else:
        code = getattr(error, "sqlite_errorcode", 0)
        reason = _REASONS.get(code) or _REASONS.get(code & _PRIMARY, "unreachable")
    # A log beside the file that can be neither made nor grow is told as anything but that.
    return JournalFailed("full" if reason == "unreachable" and _is_full(file) else reason)


def _is_full(file: Path) -> bool:
    try:
        return shutil.disk_usage(file.parent).free < _ROOM
    except OSError:
        return False


def _most(connection: sqlite3.Connection) -> int:
    with suppress(sqlite3.Error, TypeError):
        query = "SELECT seq FROM sqlite_sequence WHERE name = 'entry'"
        return int(connection.execute(query).fetchone()[0])
    return 0


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA auto_vacuum = FULL")
    # With WAL an exclusive lock needs no shared memory beside the file, and a commit one sync.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    # What is kept is acknowledged: it must outlive a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    # Notes and names of what the database has now are overwritten.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _make_or_check(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _make_or_check(connection: sqlite3.Connection) -> None:
    format_ = int(connection.execute("PRAGMA user_version").fetchone()[0])
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not tables and not format_:
        for statement in _TABLES:
            connection.execute(statement)
        return
    checked = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if format_ != _FORMAT or checked != "ok":
        raise Damaged(checked)
