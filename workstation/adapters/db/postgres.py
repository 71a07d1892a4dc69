"""PostgreSQL by psycopg: how a connection is made, begun, and given up when nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

if TYPE_CHECKING:
    from psycopg.abc import RV, PQGen

Answer = TypeVar("Answer")

STEPS: Final = 0x657465616D
"""The advisory lock under which steps of alarms are stored, one program at a time.

Their numbers become visible in their order then, so that nobody who reads "after 17" misses 16; and
no two programs ever decide on the same facts.
"""
NO_ANSWER: Final = timedelta(seconds=5)
"""How long anything may take: a server that is stuck must not keep a desk waiting for ever."""

_TURN: Final = f"SELECT pg_advisory_xact_lock({STEPS})"
_HELD: Final = timedelta(seconds=2)
"""How long a desk may be silent while it has its turn: everybody else waits for it."""
_CONNECT_S: Final = 2
_LONG: Final = timedelta(minutes=10)
_FIXED: Final = {
    "connect_timeout": _CONNECT_S,
    # The other way in, Kerberos, is asked for by the URL where it is wanted.
    "gssencmode": "disable",
    "fallback_application_name": "eteam-workstation",
    # A cable that was pulled is noticed although nobody says anything.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": int(NO_ANSWER.total_seconds() * 1000),
}


class NoAnswer(psycopg.OperationalError):
    """The server is there, or seemed to be, and says nothing."""


class _GivenUp(Exception):
    """Nobody waits for the answer any longer."""


class Patient(psycopg.Connection[Any]):
    """A connection that waits for its server so long and no longer; then it is closed."""

    patience = NO_ANSWER
    given_up: Event | None = None

    @override
    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            heeded = _heeded(gen, self.given_up) if self.given_up else gen
            return super().wait(heeded, interval, self.patience.total_seconds())
        except _GivenUp as error:
            self.pgconn.finish()
            raise NoAnswer from error
        except psycopg.errors._WaitTimeout as error:  # noqa: SLF001 - it has no public name
            # What it was doing is unknown now, and nothing can be asked any more.
            self.pgconn.finish()
            raise NoAnswer from error


def open_engine(
    url: URL, *, patience: timedelta, limit: timedelta = NO_ANSWER, given_up: Event | None = None
) -> Engine:
    """Return an engine for `url`, with one connection most of the time; connects to nothing yet.

    `patience` is for locks, `limit` for any one statement; whoever sets `given_up` waits for none.
    """
    engine = create_engine(
        url, hide_parameters=True, pool_size=1, max_overflow=2, use_native_hstore=False
    )

    def make(_dialect: object, _record: object, _args: object, how: dict[str, Any]) -> Patient:
        return _connected(how, patience, limit, given_up)

    event.listen(engine, "do_connect", make)
    return engine


def connect(url: URL, *, limit: timedelta = NO_ANSWER, given_up: Event | None = None) -> Patient:
    """Return a connection past Core, for what Core has no words for; raises psycopg.Error."""
    dialect: Any = PGDialect_psycopg
    _args, how = dialect().create_connect_args(url)
    return _connected(how, limit, limit, given_up)


def _connected(
    how: dict[str, Any], patience: timedelta, limit: timedelta, given_up: Event | None
) -> Patient:
    connection = Patient.connect(**parameters(how, patience, limit), autocommit=True)
    # A server that is there says itself that it took too long.
    connection.patience = limit * 1.2
    connection.given_up = given_up
    return connection


def _heeded(gen: PQGen[RV], given_up: Event) -> PQGen[RV]:
    """Go on with `gen`, which is asked every now and then while the server says nothing."""
    try:
        state = next(gen)
        while True:
            ready = yield state
            if not ready and given_up.is_set():
                raise _GivenUp
            state = gen.send(ready)
    except StopIteration as end:
        answer: RV = end.value
        return answer


def parameters(how: dict[str, Any], patience: timedelta, limit: timedelta) -> dict[str, Any]:
    """Return how to connect: what the URL says, and what it leaves open."""
    asked = {
        "timezone": "UTC",
        "lock_timeout": _ms(patience),
        "statement_timeout": _ms(limit),
        # A program that was stopped in the middle must not keep the others from their turn.
        "idle_in_transaction_session_timeout": _ms(max(limit, NO_ANSWER) * 2),
    }
    options = " ".join(f"-c {name}={value}" for name, value in asked.items())
    return {**_FIXED, **how, "options": f"{how.get('options', '')} {options}".strip()}


def ask(engine: Engine, question: Callable[[Connection], Answer]) -> Answer:
    """Return the answer to one question, outside of any transaction."""
    try:
        with engine.connect() as connection:
            return question(connection)
    except DBAPIError as error:
        if not error.connection_invalidated or isinstance(error.orig, NoAnswer):
            raise
    with engine.connect() as connection:
        return question(connection)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one state of the database throughout."""
    with _begun(engine, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as connection:
        yield connection


@contextmanager
def writing(
    engine: Engine, *, steps: bool, patience: timedelta | None = None
) -> Iterator[Connection]:
    """Give a connection in a transaction, alone where it adds `steps` of alarms; commits at the end.

    `patience` is how long it waits to be alone, where that is not as long as for other locks.
    """
    # Whoever froze or lost the network in its turn must not keep the whole hub from storing.
    wait = "" if patience is None else f"SET LOCAL lock_timeout = {_ms(patience)}; "
    turn = f"BEGIN; SET LOCAL idle_in_transaction_session_timeout = {_ms(_HELD)}; {wait}{_TURN}"
    with _begun(engine, turn if steps else "BEGIN") as connection:
        yield connection
        driver_of(connection).commit()


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """Give a connection that may take its time: it changes the schema, alone; commits at the end."""
    wait = f"SET LOCAL lock_timeout = {_ms(NO_ANSWER)}; SET LOCAL statement_timeout = {_ms(_LONG)}"
    with _begun(engine, f"BEGIN; {wait}; {_TURN}") as connection:
        driver_of(connection).patience = _LONG
        yield connection
        driver_of(connection).commit()
        # The next one waits no longer than others.
        connection.invalidate()


def driver_of(connection: Connection) -> Patient:
    """Return the driver's own connection, in the same transaction."""
    return cast("Patient", connection.connection.driver_connection)


@contextmanager
def _begun(engine: Engine, how: str) -> Iterator[Connection]:
    """Give a connection on which `how` was said; what is not committed on it is undone."""
    with engine.connect() as connection:
        _say_first(connection, how)
        driver = driver_of(connection)
        try:
            yield connection
        except BaseException:
            if driver.closed and not connection.invalidated:
                connection.invalidate()
            raise


def _say_first(connection: Connection, how: str) -> None:
    """Say the first words; they show whether a connection that has rested is still there.

    A server that was started anew has forgotten it: then a new one is made, once.
    """
    driver = driver_of(connection)
    try:
        driver.execute(how)
    except psycopg.OperationalError as error:
        if not driver.closed:
            raise
        connection.invalidate()
        if isinstance(error, NoAnswer):
            raise
        driver_of(connection).execute(how)


def _ms(duration: timedelta) -> int:
    return round(duration / timedelta(milliseconds=1))
