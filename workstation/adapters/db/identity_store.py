"""Who somebody is at the identity provider, in the database."""

from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, text, update

from workstation.adapters.db.user_store import add_user
from workstation.adapters.db.user_tables import IDENTITY
from workstation.adapters.db.worker import Worker
from workstation.application.errors import NotFound
from workstation.application.identity_ports import Identity
from workstation.domain.names import Operator
from workstation.domain.user import User, UserRefused

_COLUMNS: Final = ("issuer", "subject", "name", "bound_at", "seen_at", "offline_hash")

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('user_identity', 0))")
"""Two desks may see somebody for the first time at once."""


class SqlIdentities:
    """The bindings of the database; never blocks the loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def of(self, issuer: str, subject: str) -> Identity | None:
        """Return who somebody at a provider is here, None for nobody yet."""
        here = (IDENTITY.c.issuer == issuer) & (IDENTITY.c.subject == subject)
        query = select(IDENTITY).where(here)
        return await self._worker.read(
            lambda connection: _identity(connection.execute(query).one_or_none())
        )

    async def named(self, name: str) -> Identity | None:
        """Return who somebody here is at a provider, None for nobody there."""
        query = select(IDENTITY).where(IDENTITY.c.name == name)
        return await self._worker.read(
            lambda connection: _identity(connection.execute(query).one_or_none())
        )

    async def bind(self, identity: Identity, new: User | None, password_hash: str = "") -> None:
        """Store the binding, and with `new` the user, in one; raises UserRefused (`exists`)."""
        await self._worker.write(lambda connection: _bind(connection, identity, new, password_hash))

    async def seen(self, identity: Identity) -> None:
        """Store when somebody was seen last, and what proves them offline; raises NotFound."""
        await self._worker.write(lambda connection: _seen(connection, identity))


def _identity(row: Row[Any] | None) -> Identity | None:
    if row is None:
        return None
    return Identity(
        issuer=row.issuer,
        subject=row.subject,
        name=Operator(row.name),
        bound_at=row.bound_at,
        seen_at=row.seen_at,
        offline_hash=row.offline_hash,
    )


def _bind(connection: Connection, identity: Identity, new: User | None, password_hash: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    taken = (IDENTITY.c.name == identity.name) | (
        (IDENTITY.c.issuer == identity.issuer) & (IDENTITY.c.subject == identity.subject)
    )
    if connection.scalar(select(func.count()).select_from(IDENTITY).where(taken)):
        raise UserRefused("exists", name=identity.name)
    if new is not None:
        add_user(connection, new, password_hash)
    connection.execute(insert(IDENTITY), {column: getattr(identity, column) for column in _COLUMNS})


def _seen(connection: Connection, identity: Identity) -> None:
    same = (IDENTITY.c.issuer == identity.issuer) & (IDENTITY.c.subject == identity.subject)
    values = {"seen_at": identity.seen_at, "offline_hash": identity.offline_hash}
    if connection.execute(update(IDENTITY).where(same).values(values)).rowcount != 1:
        raise NotFound(identity.name)
