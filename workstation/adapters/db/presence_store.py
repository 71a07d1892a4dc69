"""Who is there: each heartbeat is one statement, and its answer the database's time."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Dialect, Row, delete, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from workstation.adapters.db.columns import Moment
from workstation.adapters.db.presence_tables import PRESENCE
from workstation.adapters.db.worker import Worker
from workstation.application.hub_clock import RoundTrip
from workstation.application.others import Roll
from workstation.application.ports import Clock
from workstation.domain.names import AlarmId, Kommune, Operator
from workstation.domain.presence import DeskName, Presence

_SHOWN: Final = timedelta(days=1)
_SQLITE_NOW: Final = (
    "CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000"  # milliseconds
)
_NOW: Final[dict[str, ColumnElement[Any]]] = {
    "sqlite": literal_column(_SQLITE_NOW, Moment()),
    # The transaction began before this was asked.
    "postgresql": literal_column("statement_timestamp()", Moment()),
}
_KEY: Final = ("desk", "operator")


class SqlPresenceStore:
    """Who is there, as all processes of a hub see it; never blocks the loop."""

    def __init__(self, worker: Worker, clock: Clock) -> None:
        """`clock` measures how long the database takes to say its time."""
        self._worker = worker
        self._clock = clock

    async def call(self, me: Presence) -> Roll:
        """Store `me` with the database's time as `seen_at`; return everybody of the last day."""
        return await self._worker.write(lambda connection: self._call(connection, me))

    async def time(self) -> RoundTrip:
        """Ask the database for its time, and tell nobody that this process is there."""
        return await self._worker.read(self._time)

    async def forget(self, older_than: timedelta) -> int:
        """Delete what was seen last longer ago; returns how many."""
        return await self._worker.write(lambda connection: _forget(connection, older_than))

    def _time(self, connection: Connection) -> RoundTrip:
        # What is sent with the first statement (BEGIN) is no part of the trip.
        now = select(_NOW[connection.dialect.name])
        connection.execute(now)
        asked = self._clock.monotonic()
        told = connection.execute(now).scalar_one()
        return RoundTrip(told=told, asked=asked, answered=self._clock.monotonic())

    def _call(self, connection: Connection, me: Presence) -> Roll:
        asked = self._clock.monotonic()
        told = connection.scalar(_upsert(me, connection.dialect))
        trip = RoundTrip(told=told, asked=asked, answered=self._clock.monotonic())
        of_late = select(PRESENCE).where(PRESENCE.c.seen_at > told - _SHOWN)
        rows = connection.execute(of_late.order_by(*(PRESENCE.c[name] for name in _KEY)))
        return Roll(trip=trip, presences=tuple(map(_presence, rows)))


def _upsert(me: Presence, dialect: Dialect) -> Any:  # noqa: ANN401 - each dialect's own Insert
    own = postgresql if dialect.name == "postgresql" else sqlite
    now = _NOW[dialect.name]
    row = _row(me)
    row |= {"seen_at": now, "ended_at": None if me.ended_at is None else now}
    insert = own.insert(PRESENCE).values(row)
    changed = {name: insert.excluded[name] for name in row if name not in _KEY}
    return insert.on_conflict_do_update(index_elements=_KEY, set_=changed).returning(
        PRESENCE.c.seen_at
    )


def _row(me: Presence) -> dict[str, Any]:
    return {
        "desk": me.desk,
        "operator": me.operator or "",
        "kind": me.kind,
        "machine": me.machine,
        "name": me.name,
        "role": me.role,
        "kommuner": ",".join(sorted(me.kommuner)),
        "signed_in_since": me.signed_in_since,
        "started_at": me.started_at,
        "sound": me.sound,
        "alarms": me.alarms,
        "database": me.database,
        "version": me.version,
        "clock_offset": me.clock_offset,
        "calling": me.calling,
    }


def _presence(row: Row[Any]) -> Presence:
    told = row._asdict()
    kommuner = told.pop("kommuner")
    operator, calling = told.pop("operator"), told.pop("calling")
    return Presence(
        **{**told, "desk": DeskName(row.desk)},
        operator=Operator(operator) if operator else None,
        kommuner=frozenset(map(Kommune, filter(None, kommuner.split(",")))),
        calling=AlarmId(calling) if calling else None,
    )


def _forget(connection: Connection, older_than: timedelta) -> int:
    now = connection.execute(select(_NOW[connection.dialect.name])).scalar_one()
    return connection.execute(
        delete(PRESENCE).where(PRESENCE.c.seen_at < now - older_than)
    ).rowcount
