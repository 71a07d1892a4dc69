"""Who looked at whom, in the database: one chain per writer, its ends, heads and checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, text

from workstation.adapters.db.access_tables import ACCESS_CHECKPOINT, ACCESS_HEAD, ACCESS_LOG
from workstation.adapters.db.history_purge import as_purger
from workstation.adapters.db.register_tables import CITIZEN
from workstation.adapters.db.statements import upsert
from workstation.adapters.db.worker import Worker
from workstation.domain.access import Look
from workstation.domain.chain import START, Checkpoint, Entry, Head, Link, linked
from workstation.domain.names import CitizenId

_LOOK: Final = ("at", "operator", "citizen", "what", "alarm", "why")
_ENTRY: Final = tuple(field.name for field in fields(Entry))
_HEAD: Final = tuple(field.name for field in fields(Head))
_CHECKPOINT: Final = tuple(field.name for field in fields(Checkpoint))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HIGHEST: Final = 2**63 - 1
"""Behind every number there is: where SQLite sorts what is none."""
_TURNS: Final = 0x6C6F6F6B
"""The advisory lock under which one writer's entries are numbered, with the writer's own hash."""

# Past the column types: a word or a time that somebody wrote in must be found, not raise.
_PORTION: Final = text(
    "SELECT writer, number, prev, hash, at, operator, citizen, kommune, what, alarm, why"
    " FROM access_log WHERE writer = :writer AND number > :after ORDER BY number LIMIT :most"
)
_TAIL: Final = {
    "sqlite": text(
        "SELECT number, hash FROM ("
        " SELECT * FROM (SELECT number, hash FROM access_log WHERE writer = :writer"
        "  ORDER BY number DESC LIMIT 1)"
        " UNION ALL SELECT * FROM (SELECT number, hash FROM access_checkpoint"
        "  WHERE writer = :writer ORDER BY number DESC LIMIT 1)"
        ") ORDER BY number DESC LIMIT 1"
    ),
    # A desk does not see every look, but must know where its chain ends.
    "postgresql": text("SELECT number, hash FROM access_tail(:writer)"),
}
_HASH: Final = {
    "sqlite": text("SELECT hash FROM access_log WHERE writer = :writer AND number = :number"),
    "postgresql": text("SELECT access_hash(:writer, :number)"),
}

_SEES_ALL: Final = text(
    "SELECT NOT row_security_active('access_log')"
    " OR access_count() = (SELECT count(*) FROM access_log)"
)


class SqlAccessLog:
    """The access log of the database; never blocks the loop."""

    def __init__(self, worker: Worker, writer: str) -> None:
        """`writer` is the name of this process's chain: role, machine and instance."""
        self.writer = writer
        self._worker = worker

    async def log(self, look: Look) -> None:
        """Write one entry at the end of this process's chain."""
        await self._worker.write(lambda connection: append(connection, self.writer, look))

    async def looks(self, citizen: CitizenId) -> list[Look]:
        """Return who looked at a citizen, oldest first."""
        return await self._worker.read(
            lambda connection: [_look_of(row) for row in _of_citizen(connection, citizen)]
        )

    async def of_citizen(self, citizen: CitizenId) -> list[Entry]:
        """Return the entries about a citizen, oldest first."""
        return await self._worker.read(
            lambda connection: [_entry(row) for row in _of_citizen(connection, citizen)]
        )

    async def tails(self) -> dict[str, Link]:
        """Return where each chain ends now, also one of which all was purged."""
        return await self._worker.read(_tails)

    async def sees_all(self) -> bool:
        """Whether this login may see every entry; one that sees some kommuner's sees gaps."""
        return await self._worker.read(_sees_all)

    async def entries(self, writer: str, *, after: int, most: int) -> list[Entry]:
        """Return a chain's entries behind the number `after`, `most` at a time.

        What cannot be read as an entry has the hash "", which nothing has.
        """
        asked = {"writer": writer, "after": after, "most": most}
        return await self._worker.read(
            lambda connection: [_raw_entry(row) for row in connection.execute(_PORTION, asked)]
        )

    async def hash_at(self, writer: str, number: int) -> str | None:
        """Return the hash of one entry, None where there is none of that number."""
        asked = {"writer": writer, "number": number}
        return await self._worker.read(
            lambda connection: connection.scalar(_HASH[connection.dialect.name], asked)
        )

    async def heads(self) -> list[Head]:
        """Return every head that was ever recorded."""
        query = select(ACCESS_HEAD).order_by(*ACCESS_HEAD.primary_key)
        return await self._worker.read(
            lambda connection: [
                Head(**{name: getattr(row, name) for name in _HEAD})
                for row in connection.execute(query)
            ]
        )

    async def record_heads(self, heads: Sequence[Head]) -> None:
        """Keep heads for ever; one that stands already is left as it is."""
        rows = [{name: getattr(head, name) for name in _HEAD} for head in heads]
        if rows:
            await self._worker.write(lambda connection: _record(connection, rows))

    async def checkpoints(self) -> list[Checkpoint]:
        """Return what every purge left behind."""
        query = select(ACCESS_CHECKPOINT).order_by(*ACCESS_CHECKPOINT.primary_key)
        return await self._worker.read(
            lambda connection: [
                Checkpoint(**{name: getattr(row, name) for name in _CHECKPOINT})
                for row in connection.execute(query)
            ]
        )

    async def first_since(self, writer: str, moment: datetime) -> int | None:
        """Return the number of a chain's first entry from `moment` on, None where there is none."""
        query = select(func.min(ACCESS_LOG.c.number)).where(
            ACCESS_LOG.c.writer == writer, ACCESS_LOG.c.at >= moment
        )
        return await self._worker.read(lambda connection: connection.scalar(query))

    async def sign_off(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint for ever; from now on what it covers may be removed."""
        row = {name: getattr(checkpoint, name) for name in _CHECKPOINT}
        await self._worker.write(
            lambda connection: connection.execute(insert(ACCESS_CHECKPOINT), row)
        )

    async def remove(self, writer: str, *, up_to: int, most: int) -> int:
        """Delete a chain's oldest entries up to a checkpoint's number, `most` of them; returns how many."""
        return await self._worker.write(lambda connection: _remove(connection, writer, up_to, most))


def append(connection: Connection, writer: str, look: Look) -> None:
    """Write `look` at the end of `writer`'s chain, in the transaction that is open.

    Two programs of one name wait for each other, so that no number is given twice.
    """
    if connection.dialect.name == "postgresql":
        turn = {"key": _TURNS, "writer": writer}
        connection.execute(text("SELECT pg_advisory_xact_lock(:key, hashtext(:writer))"), turn)
    row = connection.execute(_TAIL[connection.dialect.name], {"writer": writer}).one_or_none()
    tail = START if row is None else Link(number=row.number, hash=row.hash)
    kommune = connection.scalar(select(CITIZEN.c.kommune).where(CITIZEN.c.id == look.citizen))
    told = {name: getattr(look, name) for name in _LOOK}
    entry = linked(Entry(writer=writer, number=0, prev="", hash="", kommune=kommune, **told), tail)
    connection.execute(insert(ACCESS_LOG), {name: getattr(entry, name) for name in _ENTRY})


def _of_citizen(connection: Connection, citizen: CitizenId) -> Sequence[Row[Any]]:
    order = (ACCESS_LOG.c.at, ACCESS_LOG.c.writer, ACCESS_LOG.c.number)
    query = select(ACCESS_LOG).where(ACCESS_LOG.c.citizen == citizen).order_by(*order)
    return connection.execute(query).all()


def _look_of(row: Row[Any]) -> Look:
    return Look(**{name: getattr(row, name) for name in _LOOK})


def _entry(row: Row[Any]) -> Entry:
    return Entry(**{name: getattr(row, name) for name in _ENTRY})


def _raw_entry(row: Row[Any]) -> Entry:
    told = dict(row._mapping)  # noqa: SLF001 - its public name
    match told["at"]:
        case datetime() as at:
            told["at"] = at
        case int() as ticks if abs(ticks) < 2**56:
            told["at"] = _EPOCH + timedelta(microseconds=ticks)
        case _:
            told |= {"at": _EPOCH, "hash": ""}
    texts = (told[name] for name in _ENTRY if name not in ("at", "number"))
    if not all(value is None or isinstance(value, str) for value in texts):
        told["hash"] = ""
    if not isinstance(told["number"], int):
        is_real = isinstance(told["number"], float)
        told |= {"number": ceil(told["number"]) if is_real else _HIGHEST, "hash": ""}
    return Entry(**told)


def _tails(connection: Connection) -> dict[str, Link]:
    if connection.dialect.name == "postgresql":
        rows = connection.execute(text("SELECT writer, number, hash FROM access_tails()"))
        return {row.writer: Link(number=row.number, hash=row.hash) for row in rows}
    found: dict[str, Link] = {}
    for table in (ACCESS_LOG, ACCESS_CHECKPOINT):
        for writer in connection.scalars(select(table.c.writer).distinct()):
            row = connection.execute(_TAIL["sqlite"], {"writer": writer}).one()
            found[writer] = Link(number=row.number, hash=row.hash)
    return found


def _sees_all(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite" or bool(connection.scalar(_SEES_ALL))


def _record(connection: Connection, rows: list[dict[str, Any]]) -> None:
    statement = upsert(connection.dialect, ACCESS_HEAD)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["writer", "number"]), rows)


def _remove(connection: Connection, writer: str, up_to: int, most: int) -> int:
    as_purger(connection)
    of_writer = ACCESS_LOG.c.writer == writer
    first = connection.scalar(select(func.min(ACCESS_LOG.c.number)).where(of_writer))
    if first is None:
        return 0
    portion = of_writer & (ACCESS_LOG.c.number <= min(up_to, first + most - 1))
    return connection.execute(delete(ACCESS_LOG).where(portion)).rowcount
