"""Connections to one database: how they are opened, begun, and taken in turn."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Lock
from typing import Final, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError

from workstation.adapters.db import postgres
from workstation.adapters.db.address import address, is_server, shown
from workstation.adapters.db.failures import translated
from workstation.application.errors import StoreUnavailable

Answer = TypeVar("Answer")

PATIENCE: Final = timedelta(milliseconds=800)
"""How long a writer waits for its turn: less than the second after which an alarm is *unsaved*."""

_CACHE_KIB: Final = 16_000


def open_engine(
    url: str | URL,
    *,
    patience: timedelta = PATIENCE,
    limit: timedelta = postgres.NO_ANSWER,
    given_up: Event | None = None,
) -> Engine:
    """Return an engine for `url`; connects to nothing yet. `limit` is how long a server may be silent.

    Once `given_up` is set, no server is waited for any longer.

    Raises StoreUnavailable (`unsupported`) for a URL that names no database this program knows, or
    one that lives in memory: its connections would not see each other's rows.
    """
    target = address(url)
    if is_server(target):
        return postgres.open_engine(target, patience=patience, limit=limit, given_up=given_up)
    try:
        engine = create_engine(
            target,
            # A driver's error must not carry names or a CPR number into a log.
            hide_parameters=True,
            connect_args={"timeout": patience.total_seconds()} if _is_sqlite(target) else {},
        )
    except (ArgumentError, ImportError) as error:
        raise StoreUnavailable("unsupported") from error
    if _is_sqlite(target):
        if target.database in (None, "", ":memory:"):
            raise StoreUnavailable("unsupported")
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


class Connections:
    """One engine with the two ways of using it; one thread writes with it, any may read.

    SQLite lets one write at a time and has the others poll; a lock of our own, the `turn` that the
    writers of one process share, hands over at once.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        turn: Lock | None = None,
        patience: timedelta = PATIENCE,
        limit: timedelta = postgres.NO_ANSWER,
        given_up: Event | None = None,
    ) -> None:
        """`given_up` is set by whoever waits no longer: see `Database.give_up`."""
        self._given_up = given_up or Event()
        self.engine = open_engine(url, patience=patience, limit=limit, given_up=self._given_up)
        self.url = self.engine.url
        self._patience = patience
        self._turn = turn or Lock()
        self._writer: Connection | None = None
        """Kept open between batches: opening one costs as much as storing an alarm."""

    @property
    def is_shared(self) -> bool:
        """Whether many programs wait for each other here."""
        return is_server(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database throughout."""
        self._require()
        begun = postgres.reading if is_server(self.url) else Engine.connect
        with translated(self.url), begun(self.engine) as connection:
            yield connection

    def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Return the answer to one question of one statement, for which no state has to last.

        A server is asked in one round trip, and again where it had forgotten the connection.
        """
        if not is_server(self.url):
            with self.reading() as connection:
                return question(connection)
        self._require()
        with translated(self.url):
            return postgres.ask(self.engine, question)

    @contextmanager
    def writing(
        self, *, steps: bool = False, patience: timedelta | None = None
    ) -> Iterator[Connection]:
        """Give a connection in a transaction; commits at the end, or stores nothing.

        On SQLite it holds the write lock; on a server that many programs write to it does so where it
        adds `steps` of alarms. Raises StoreUnavailable (`locked`) when its turn does not come within
        the patience: of a server its own, or `patience`.
        """
        self._require()
        if is_server(self.url):
            begun = postgres.writing(self.engine, steps=steps, patience=patience)
            with translated(self.url), begun as connection:
                yield connection
            return
        with self._my_turn(), translated(self.url):
            if self._writer is None:
                self._writer = self.engine.connect()
            try:
                with _transaction(self._writer):
                    yield self._writer
            except BaseException:
                # Whatever was the matter with it, the next batch begins on a new one.
                self._close_writer()
                raise

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that may change the schema, and take its time."""
        begun = postgres.changing(self.engine) if is_server(self.url) else self.writing()
        with translated(self.url), begun as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._close_writer()
        self.engine.dispose()

    def _require(self) -> None:
        if self._given_up.is_set():
            raise StoreUnavailable("closed")

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._patience.total_seconds()):
            raise StoreUnavailable("locked", url=shown(self.url))
        try:
            yield
        finally:
            self._turn.release()


def driver_of(connection: Connection) -> sqlite3.Connection | None:
    """Return the driver's own connection, in the same transaction; None where it is not SQLite's."""
    if connection.dialect.name != "sqlite":
        return None
    return cast("sqlite3.Connection", connection.connection.driver_connection)


@contextmanager
def _transaction(writer: Connection) -> Iterator[None]:
    """Commit what is done inside, without Core, whose own work costs as much as an insert.

    A transaction that reads first and writes later can be refused half-way; IMMEDIATE waits for the
    write lock before it reads, so that two processes never decide on the same facts.
    """
    driver = cast("sqlite3.Connection", driver_of(writer))
    driver.execute("BEGIN IMMEDIATE")
    yield
    if writer.in_transaction():
        # A statement of Core's has joined, see _begin_sqlite.
        writer.commit()
    else:
        driver.commit()


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions by itself, and too late: see _begin_sqlite.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # NORMAL may lose committed rows when the power goes, and what is committed is acknowledged.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _begin_sqlite(connection: Connection) -> None:
    driver = driver_of(connection)
    if driver is not None and not driver.in_transaction:
        driver.execute("BEGIN")
