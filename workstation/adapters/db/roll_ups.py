"""Readings rolled up by minute and hour, kept right while readings come and change."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Dialect, Select, Table, case, func, select, update

from workstation.adapters.db.bulk import BulkInsert
from workstation.adapters.db.reading_tables import READING, READING_HOUR, READING_MINUTE
from workstation.adapters.db.statements import Upsert, upsert

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)

Spot = tuple[int, datetime]
"""A series, and a time in it."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEVELS: Final = ((READING_MINUTE, MINUTE), (READING_HOUR, HOUR))
"""The finer first: an hour is corrected by its minutes."""


def start_of(at: datetime, width: timedelta) -> datetime:
    """Return the start of the span of `width` that `at` lies in."""
    return at - (at - _EPOCH) % width


@dataclass(slots=True)
class _RollUp:
    low: float
    high: float
    total: float
    number: int = 1

    def add(self, other: "_RollUp") -> None:
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)
        self.total += other.total
        self.number += other.number


class RollUps:
    """Keeps both roll-ups of one database."""

    def __init__(self, dialect: Dialect) -> None:
        self._levels = [
            (table, width, BulkInsert(table, dialect, _merging(dialect, table)))
            for table, width in _LEVELS
        ]

    def add(self, connection: Connection, values: Mapping[Spot, float]) -> None:
        """Add values that were not there before."""
        spans = {spot: _RollUp(value, value, value) for spot, value in values.items()}
        for _table, width, merge in self._levels:
            spans = _wider(spans, width)
            merge.add(connection, (_row(*spot, span) for spot, span in spans.items()))

    def correct(self, connection: Connection, changes: Mapping[Spot, tuple[float, float]]) -> None:
        """Put right what changed values (from, to) are part of; READING has the new ones."""
        for table, width, _merge in self._levels:
            spans: dict[Spot, float] = defaultdict(float)
            for (series, at), (old, new) in changes.items():
                spans[series, start_of(at, width)] += new - old
            for spot, difference in spans.items():
                _correct(connection, table, spot, width, difference)


def _wider(finer: Mapping[Spot, _RollUp], width: timedelta) -> dict[Spot, _RollUp]:
    """Return the roll-ups of `width` that the finer ones make."""
    spans: dict[Spot, _RollUp] = {}
    for (series, at), one in finer.items():
        spot = series, start_of(at, width)
        if spot in spans:
            spans[spot].add(one)
        else:
            spans[spot] = replace(one)
    return spans


def _merging(dialect: Dialect, table: Table) -> Upsert:
    statement = upsert(dialect, table)
    new, old = statement.excluded, table.columns
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={
            "low": case((new.low < old.low, new.low), else_=old.low),
            "high": case((new.high > old.high, new.high), else_=old.high),
            "total": old.total + new.total,
            "number": old.number + new.number,
        },
    )


def _row(series: int, at: datetime, span: _RollUp) -> dict[str, Any]:
    return {
        "series": series,
        "at": at,
        "low": span.low,
        "high": span.high,
        "total": span.total,
        "number": span.number,
    }


def _correct(
    connection: Connection, table: Table, spot: Spot, width: timedelta, difference: float
) -> None:
    series, at = spot
    here = (table.c.series == series) & (table.c.at == at)
    fresh = connection.execute(_within(table, series, at, at + width)).one()
    stored = connection.execute(select(table).where(here)).one()
    whole = fresh.number == stored.number
    # Of a span whose readings are partly forgotten the extremes can only grow.
    connection.execute(
        update(table)
        .where(here)
        .values(
            low=fresh.low if whole else min(fresh.low, stored.low),
            high=fresh.high if whole else max(fresh.high, stored.high),
            total=fresh.total if whole else stored.total + difference,
        )
    )


def _within(table: Table, series: int, start: datetime, end: datetime) -> Select[Any]:
    """Return the query that rolls up the readings, or the minutes, that `table`'s row stands for."""
    finer = READING if table is READING_MINUTE else READING_MINUTE
    return select(*rolled_up(finer)).where(
        finer.c.series == series, finer.c.at >= start, finer.c.at < end
    )


def rolled_up(finer: Table) -> tuple[ColumnElement[Any], ...]:
    """Return the columns `low`, `high`, `total` and `number` over many rows of `finer`."""
    columns = finer.columns
    if finer is READING:
        low = high = total = columns.value
        number: ColumnElement[Any] = func.count()
    else:
        low, high, total = columns.low, columns.high, columns.total
        number = func.sum(columns.number)
    return (
        func.min(low).label("low"),
        func.max(high).label("high"),
        func.sum(total).label("total"),
        number.label("number"),
    )
