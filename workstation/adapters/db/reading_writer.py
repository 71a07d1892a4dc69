"""The readings' own path: a batch of values becomes rows and roll-ups in one commit."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from math import isfinite
from typing import Any, Final

from sqlalchemy import Connection, Dialect, bindparam, case, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from workstation.adapters.db.bulk import BulkInsert
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.reading_tables import DEVICE_HEALTH, READING, SERIES
from workstation.adapters.db.roll_ups import RollUps, Spot
from workstation.adapters.db.statements import Upsert, upsert
from workstation.application.errors import RowRefused
from workstation.application.ports import DeviceHealth
from workstation.domain.telemetry import Sample

_CHUNK: Final = 500
"""Spots in one IN list: two values each."""

_HEALTH: Final = tuple(column.name for column in DEVICE_HEALTH.columns)
_STORED: Final = select(READING).where(
    tuple_(READING.c.series, READING.c.at).in_(bindparam("spots", expanding=True))
)
_REPLACE: Final = (
    update(READING)
    .where(READING.c.series == bindparam("of_series"), READING.c.at == bindparam("of_at"))
    .values(value=bindparam("to"))
)

_Name = tuple[str, str, str]


class SqlReadingWriter:
    """Stores readings on a connection of its own; one thread at a time."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        dialect = connections.engine.dialect
        self._readings = BulkInsert(READING, dialect)
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
            values = {(series[_name(sample)], sample.at): sample.value for sample in samples}
            self._store(connection, values)
            self._health.add(connection, map(_health_row, health))
        self._series.update(series)

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
        rows = ({"series": spot[0], "at": spot[1], "value": values[spot]} for spot in values)
        self._readings.add(connection, rows)
        self._roll_ups.add(connection, values)


def _name(sample: Sample) -> _Name:
    return sample.kommune, sample.device, sample.channel


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
