"""Users in the database: who may sign in, what was done to them, and every attempt."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, text, update

from workstation.adapters.db.user_tables import SIGN_IN_ATTEMPT, USER, USER_STEP
from workstation.adapters.db.worker import Worker
from workstation.application.errors import Changed, NotFound
from workstation.application.user_ports import Account
from workstation.domain.names import Kommune, Operator
from workstation.domain.tries import COUNTED, Attempt, Standing, Throttle, Tried, standing
from workstation.domain.user import User, UserDid, UserRefused, UserStep

_ATTEMPT: Final = ("at", "name", "source", "result", "offline")
_SHOWN: Final = tuple(column for column in USER.columns if column is not USER.c.password_hash)
_HASH: Final = {
    "sqlite": text("SELECT password_hash FROM user_account WHERE name = :name"),
    # A desk's login may not read the column: one user's at a time, and the server notes it.
    "postgresql": text("SELECT password_hash_of(:name)"),
}
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:whose, 0))")
"""SQLite lets one write at a time anyway; on PostgreSQL one attempt of a user at a desk does."""


class SqlUserStore:
    """The users of the database; never blocks the loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def users(self) -> list[User]:
        """Return everybody by name, also the disabled."""
        return await self._worker.read(_users)

    async def any(self) -> bool:
        """Whether there is any user."""
        query = select(USER.c.name).limit(1)
        return await self._worker.read(lambda connection: connection.scalar(query) is not None)

    async def account(self, name: str) -> Account | None:
        """Return one user, None for a name that nobody has."""
        return await self._worker.read(lambda connection: _account(connection, name))

    async def add(self, user: User, password_hash: str) -> None:
        """Store a new user and the step; raises UserRefused (`exists`)."""
        await self._worker.write(lambda connection: add_user(connection, user, password_hash))

    async def change(
        self, user: User, did: UserDid, *, expected_version: int, password_hash: str | None = None
    ) -> None:
        """Store a user as changed, and the step; raises Changed with what stands, or NotFound."""
        row = _user_row(user)
        if password_hash is not None:
            row["password_hash"] = password_hash
        await self._worker.write(
            lambda connection: _change(connection, user, row, did, expected_version)
        )

    async def steps(self, name: str) -> list[UserStep]:
        """Return what was done to a user, oldest first."""
        query = select(USER_STEP).where(USER_STEP.c.name == name).order_by(USER_STEP.c.seq)
        return await self._worker.read(
            lambda connection: [_step_of(row) for row in connection.execute(query)]
        )

    async def admit(self, attempt: Attempt, throttle: Throttle) -> Standing:
        """Return how the user stood at that desk before, and store the attempt, in one transaction."""
        return await self._worker.write(lambda connection: _admit(connection, attempt, throttle))

    async def log(self, attempts: Sequence[Attempt]) -> None:
        """Store what became of attempts."""
        rows = [_attempt_row(attempt) for attempt in attempts]
        if rows:
            await self._worker.write(
                lambda connection: connection.execute(insert(SIGN_IN_ATTEMPT), rows)
            )

    async def attempts(self, since: datetime) -> list[Attempt]:
        """Return every attempt since then, oldest first."""
        query = select(SIGN_IN_ATTEMPT).where(SIGN_IN_ATTEMPT.c.at >= since)
        ordered = query.order_by(SIGN_IN_ATTEMPT.c.seq)
        return await self._worker.read(
            lambda connection: [_attempt_of(row) for row in connection.execute(ordered)]
        )


def _users(connection: Connection) -> list[User]:
    return [_user_of(row) for row in connection.execute(select(*_SHOWN).order_by(USER.c.name))]


def _account(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(*_SHOWN).where(USER.c.name == name)).one_or_none()
    if row is None:
        return None
    password_hash = connection.scalar(_HASH[connection.dialect.name], {"name": name})
    return Account(user=_user_of(row), password_hash=str(password_hash))


def add_user(connection: Connection, user: User, password_hash: str) -> None:
    """Store a new user and the step; raises UserRefused (`exists`)."""
    if connection.scalar(select(func.count()).where(USER.c.name == user.name)):
        raise UserRefused("exists", name=user.name)
    connection.execute(insert(USER), {**_user_row(user), "password_hash": password_hash})
    connection.execute(insert(USER_STEP), _step_row(user, UserDid.ADDED))


def _change(
    connection: Connection, user: User, row: dict[str, Any], did: UserDid, expected_version: int
) -> None:
    same = (USER.c.name == user.name) & (USER.c.version == expected_version)
    if connection.execute(update(USER).where(same).values(row)).rowcount != 1:
        stands = _account(connection, user.name)
        if stands is None:
            raise NotFound(user.name)
        raise Changed(stands.user)
    connection.execute(insert(USER_STEP), _step_row(user, did))


def _admit(connection: Connection, attempt: Attempt, throttle: Throttle) -> Standing:
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"whose": f"{attempt.name}@{attempt.source}"})
    # Each failure has two lines, and they are forgotten after a lock: what is older changes nothing.
    latest = (
        select(SIGN_IN_ATTEMPT)
        .where(
            SIGN_IN_ATTEMPT.c.name == attempt.name,
            SIGN_IN_ATTEMPT.c.source == attempt.source,
            SIGN_IN_ATTEMPT.c.result.in_(COUNTED),
        )
        .order_by(SIGN_IN_ATTEMPT.c.seq.desc())
        .limit(4 * throttle.tries + 10)
    )
    before = [_attempt_of(row) for row in connection.execute(latest)][::-1]
    stood = standing(before, throttle, attempt.at)
    if stood.refusal is not None or not stood.busy:
        row = {**_attempt_row(attempt), "result": stood.refusal or Tried.TRIED}
        connection.execute(insert(SIGN_IN_ATTEMPT), row)
    return stood


def _user_row(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "display": user.display,
        "role": user.role,
        "kommuner": ",".join(sorted(user.kommuner)),
        "disabled_at": user.disabled_at,
        "created_at": user.created_at,
        "created_by": user.created_by,
        "changed_at": user.changed_at,
        "changed_by": user.changed_by,
        "version": user.version,
    }


def _user_of(row: Row[Any]) -> User:
    return User(
        name=Operator(row.name),
        display=row.display,
        role=row.role,
        kommuner=_kommuner(row),
        disabled_at=row.disabled_at,
        created_at=row.created_at,
        created_by=Operator(row.created_by),
        changed_at=row.changed_at,
        changed_by=Operator(row.changed_by),
        version=row.version,
    )


def _kommuner(row: Row[Any]) -> frozenset[Kommune]:
    return frozenset(Kommune(code) for code in row.kommuner.split(",") if code)


def _step_row(user: User, did: UserDid) -> dict[str, Any]:
    return {
        "at": user.changed_at,
        "by": user.changed_by,
        "name": user.name,
        "did": did,
        "display": user.display,
        "role": user.role,
        "kommuner": ",".join(sorted(user.kommuner)),
    }


def _step_of(row: Row[Any]) -> UserStep:
    return UserStep(
        at=row.at,
        by=Operator(row.by),
        name=Operator(row.name),
        did=row.did,
        display=row.display,
        role=row.role,
        kommuner=_kommuner(row),
    )


def _attempt_row(attempt: Attempt) -> dict[str, Any]:
    return {name: getattr(attempt, name) for name in _ATTEMPT}


def _attempt_of(row: Row[Any]) -> Attempt:
    return Attempt(**{name: getattr(row, name) for name in _ATTEMPT})
