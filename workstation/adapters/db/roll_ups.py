"""Readings rolled up by minute and hour, kept right while readings come and change."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    case,
    func,
    select,
    type_coerce,
    update,
)

from workstation.adapters.db.columns import ticks_in
from workstation.adapters.db.merging import Merge
from workstation.adapters.db.reading_tables import READING, READING_HOUR, READING_MINUTE
from workstation.adapters.db.statements import Upsert, upsert

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)

Spot = tuple[int, int]
"""A series, and a time in it as it is stored: whole microseconds since 1970."""

_LOW, _HIGH, _TOTAL, _NUMBER = range(4)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEVELS: Final = ((READING_MINUTE, ticks_in(MINUTE)), (READING_HOUR, ticks_in(HOUR)))
"""The finer first: an hour is corrected by its minutes."""


def start_of(at: datetime, width: timedelta) -> datetime:
    """Return the start of the span of `width` that `at` lies in."""
    return at - (at - _EPOCH) % width


_Span = list[float]
"""low, high, total and number of one span: changed in place, for each reading passes here."""


class RollUps:
    """Keeps both roll-ups of one database."""

    def __init__(self, dialect: Dialect) -> None:
        self._levels = [
            (table, width, Merge(table, dialect, _merging(dialect, table)))
            for table, width in _LEVELS
        ]

    def add(self, connection: Connection, values: Mapping[Spot, float]) -> None:
        """Add values that were not there before."""
        (_table, minute, merge_minutes), (_table, hour, merge_hours) = self._levels
        minutes = _spans(values, minute)
        # In order: two writers that merge into the same rows must not wait in a circle.
        merge_minutes.add(connection, _rows(minutes))
        merge_hours.add(connection, _rows(_wider(minutes, hour)))

    def correct(self, connection: Connection, changes: Mapping[Spot, tuple[float, float]]) -> None:
        """Put right what changed values (from, to) are part of; READING has the new ones."""
        for table, width, _merge in self._levels:
            spans: dict[Spot, float] = defaultdict(float)
            for (series, at), (old, new) in changes.items():
                spans[series, at - at % width] += new - old
            for spot, difference in spans.items():
                _correct(connection, table, spot, width, difference)


def _spans(values: Mapping[Spot, float], width: int) -> dict[Spot, _Span]:
    """Return the spans of `width` ticks that the values make."""
    spans: dict[Spot, _Span] = {}
    for (series, at), value in values.items():
        key = series, at - at % width
        span = spans.get(key)
        if span is None:
            spans[key] = [value, value, value, 1]
            continue
        if value < span[_LOW]:
            span[_LOW] = value
        elif value > span[_HIGH]:
            span[_HIGH] = value
        span[_TOTAL] += value
        span[_NUMBER] += 1
    return spans


def _wider(finer: Mapping[Spot, _Span], width: int) -> dict[Spot, _Span]:
    """Return the spans of `width` ticks that the finer ones make."""
    spans: dict[Spot, _Span] = {}
    for (series, at), one in finer.items():
        key = series, at - at % width
        span = spans.get(key)
        if span is None:
            spans[key] = one.copy()
            continue
        span[_LOW] = min(span[_LOW], one[_LOW])
        span[_HIGH] = max(span[_HIGH], one[_HIGH])
        span[_TOTAL] += one[_TOTAL]
        span[_NUMBER] += one[_NUMBER]
    return spans


def _rows(spans: Mapping[Spot, _Span]) -> list[tuple[float, ...]]:
    return [(*key, *spans[key]) for key in sorted(spans)]


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


def _correct(
    connection: Connection, table: Table, spot: Spot, width: int, difference: float
) -> None:
    series, at = spot
    here = (table.c.series == series) & (_at(table) == at)
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


def _at(table: Table) -> ColumnElement[int]:
    """Return the time of a row as the number that is stored."""
    return type_coerce(table.c.at, BigInteger)


def _within(table: Table, series: int, start: int, end: int) -> Select[Any]:
    """Return the query that rolls up the readings, or the minutes, that `table`'s row stands for."""
    finer = READING if table is READING_MINUTE else READING_MINUTE
    return select(*rolled_up(finer)).where(
        finer.c.series == series, _at(finer) >= start, _at(finer) < end
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
