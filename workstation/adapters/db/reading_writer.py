"""The readings' own path: a batch of values becomes rows and roll-ups in one commit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from math import isfinite
from typing import Any, Final, Protocol

from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    bindparam,
    case,
    func,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError

from workstation.adapters.db.bulk import BulkInsert
from workstation.adapters.db.columns import ticks
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.merging import PlainInsert
from workstation.adapters.db.reading_days import ReadingDays
from workstation.adapters.db.reading_tables import DEVICE_HEALTH, READING, SERIES
from workstation.adapters.db.roll_ups import RollUps, Spot
from workstation.adapters.db.statements import Upsert, upsert
from workstation.application.errors import RowRefused
from workstation.application.ports import DeviceHealth
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Sample

_CHUNK: Final = 500
"""Spots in one IN list: two values each."""

_RECENT: Final = 500

_HEALTH: Final = tuple(column.name for column in DEVICE_HEALTH.columns)
_AT: Final = type_coerce(READING.c.at, BigInteger)
"""The times here are the numbers that are stored: each reading passes this way."""
_STORED: Final = select(READING.c.series, _AT.label("at"), READING.c.value).where(
    tuple_(READING.c.series, _AT).in_(bindparam("spots", expanding=True))
)
_REPLACE: Final = (
    update(READING)
    .where(READING.c.series == bindparam("of_series"), bindparam("of_at") == _AT)
    .values(value=bindparam("to"))
)

_Name = tuple[str, str, str]


class SqlReadingWriter:
    """Stores readings on a connection of its own; one thread at a time."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        dialect = connections.engine.dialect
        self._readings = _way_in(dialect)
        self._days = ReadingDays() if dialect.name == "postgresql" else None
        self._roll_ups = RollUps(dialect)
        self._health = BulkInsert(DEVICE_HEALTH, dialect, _latest(dialect))
        self._series: dict[_Name, int] = {}
        """Numbers that are committed."""

    def write(self, samples: Sequence[Sample], health: Sequence[DeviceHealth]) -> None:
        """Store all in one commit and keep the roll-ups right; see `ReadingWriter.write`."""
        if not all(isfinite(sample.value) for sample in samples):
            # One database refuses it as missing, another would spoil its roll-ups with it.
            raise RowRefused("not_finite")
        with self._connections.writing() as connection:
            series = self._numbers(connection, {_name(sample) for sample in samples})
            values = {(series[_name(one)], ticks(one.at)): float(one.value) for one in samples}
            if self._days is not None:
                self._days.make(connection, values)
            if values:
                self._store(connection, values)
            self._health.add(connection, sorted(map(_health_row, health), key=_device))
        self._series.update(series)

    def recent(
        self, kommune: Kommune, device: DeviceName, channel: str, since: datetime
    ) -> list[tuple[datetime, float]]:
        """Return the latest 500 values since a time, in time order; raises StoreUnavailable."""
        of_it = {"kommune": kommune, "device": device, "channel": channel}
        query = (
            select(READING.c.at, READING.c.value)
            .where(
                READING.c.series == select(SERIES.c.id).filter_by(**of_it).scalar_subquery(),
                READING.c.at >= since,
            )
            .order_by(READING.c.at.desc())
            .limit(_RECENT)
        )
        with self._connections.reading() as connection:
            return [(row.at, row.value) for row in connection.execute(query)][::-1]

    def close(self) -> None:
        """Give the connection back."""
        self._connections.close()

    def _numbers(self, connection: Connection, names: set[_Name]) -> dict[_Name, int]:
        """Return the series' numbers, giving new ones to series never heard of."""
        numbers = {name: self._series[name] for name in names if name in self._series}
        for name in names - numbers.keys():
            row = dict(zip(("kommune", "device", "channel"), name, strict=True))
            connection.execute(upsert(connection.dialect, SERIES).on_conflict_do_nothing(), row)
            numbers[name] = connection.execute(select(SERIES.c.id).filter_by(**row)).scalar_one()
        return numbers

    def _store(self, connection: Connection, values: dict[Spot, float]) -> None:
        try:
            # Nearly always all are new, and looking for each would cost more than all the rest.
            with connection.begin_nested():
                self._insert(connection, values)
        except IntegrityError:
            self._replace(connection, values)

    def _replace(self, connection: Connection, values: dict[Spot, float]) -> None:
        """Store values some of which stand already."""
        stored = _stored(connection, values)
        self._insert(connection, {spot: values[spot] for spot in values if spot not in stored})
        changed = {spot: (old, values[spot]) for spot, old in stored.items() if old != values[spot]}
        if changed:
            replaced = [
                {"of_series": series, "of_at": at, "to": to}
                for (series, at), (_old, to) in changed.items()
            ]
            connection.execute(_REPLACE, replaced)
            self._roll_ups.correct(connection, changed)

    def _insert(self, connection: Connection, values: Mapping[Spot, float]) -> None:
        self._readings.add(connection, [(*spot, value) for spot, value in values.items()])
        self._roll_ups.add(connection, values)


class _WayIn(Protocol):
    def add(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None: ...


def _way_in(dialect: Dialect) -> _WayIn:
    if dialect.name != "postgresql":
        return PlainInsert(READING)
    from workstation.adapters.db.copying import Copy  # noqa: PLC0415 - a desk without it loads no psycopg

    return Copy(READING)


def _name(sample: Sample) -> _Name:
    return sample.kommune, sample.device, sample.channel


def _device(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return what rows are sorted by: writers that take them in one order never wait in a circle."""
    return row["kommune"], row["device"]


def _health_row(health: DeviceHealth) -> dict[str, Any]:
    return {name: getattr(health, name) for name in _HEALTH}


def _stored(connection: Connection, spots: Iterable[Spot]) -> dict[Spot, float]:
    """Return the values that stand at `spots` already."""
    found: dict[Spot, float] = {}
    rest = iter(spots)
    while chunk := list(islice(rest, _CHUNK)):
        for row in connection.execute(_STORED, {"spots": chunk}):
            found[row.series, row.at] = row.value
    return found


def _latest(dialect: Dialect) -> Upsert:
    """Return the statement that keeps the latest of a device's health."""
    statement = upsert(dialect, DEVICE_HEALTH)
    new, old = statement.excluded, DEVICE_HEALTH.columns
    told = {name: func.coalesce(new[name], old[name]) for name in ("battery", "link", "online")}
    # An old message that comes late does not make a device silent again.
    heard_at = case((new.heard_at < old.heard_at, old.heard_at), else_=new.heard_at)
    return statement.on_conflict_do_update(
        index_elements=list(DEVICE_HEALTH.primary_key),
        set_={**told, "heard_at": func.coalesce(heard_at, old.heard_at)},
    )
