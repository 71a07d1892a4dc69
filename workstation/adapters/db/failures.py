"""Drivers' errors in the application's words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from workstation.adapters.db.address import shown
from workstation.adapters.db.server_failures import of_server
from workstation.application.errors import RowRefused, StoreUnavailable, WorldError

_UNAVAILABLE: Final = {
    # https://sqlite.org/rescode.html; an extended code first, then its primary one.
    sqlite3.SQLITE_IOERR_SHMSIZE: "full",  # the write-ahead log's index could not grow
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
}
_REFUSED: Final = {
    sqlite3.SQLITE_CONSTRAINT: "constraint",
    sqlite3.SQLITE_TOOBIG: "too_big",
    sqlite3.SQLITE_MISMATCH: "unstorable",
}
_PRIMARY: Final = 0xFF


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Raise StoreUnavailable or RowRefused for whatever a driver raises inside."""
    try:
        yield
    except DBAPIError as error:
        raise _meaning(error, url) from error
    except sqlite3.Error as error:
        raise _of_sqlite(error, url) from error
    except psycopg.Error as error:
        raise of_server(error, url) from error
    except (UnicodeError, OverflowError) as error:
        raise RowRefused("unstorable", why=type(error).__name__) from error


def _meaning(error: DBAPIError, url: URL) -> WorldError:
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig, url)
    if isinstance(error.orig, psycopg.Error):
        return of_server(error.orig, url)
    return StoreUnavailable("unreachable", url=shown(url))


def _of_sqlite(error: sqlite3.Error, url: URL) -> WorldError:
    # Errors that Python's own layer raises (a value it cannot bind) carry no code.
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        if isinstance(error, sqlite3.InterfaceError | sqlite3.ProgrammingError):
            return RowRefused("unstorable", why=type(error).__name__)
        return StoreUnavailable("unreachable", url=shown(url))
    primary = code & _PRIMARY
    if primary in _REFUSED:
        return RowRefused(_REFUSED[primary], why=error.sqlite_errorname)
    reason = _UNAVAILABLE.get(code) or _UNAVAILABLE.get(primary, "unreachable")
    if primary == sqlite3.SQLITE_CANTOPEN and _is_closed_folder(url):
        reason = "read_only"
    return StoreUnavailable(reason, url=shown(url), why=error.sqlite_errorname)


def _is_closed_folder(url: URL) -> bool:
    """Whether the database's folder is there and lets us create nothing in it."""
    folder = Path(url.database or "").absolute().parent
    ours = os.access in os.supports_effective_ids
    return folder.is_dir() and not os.access(folder, os.W_OK, effective_ids=ours)
