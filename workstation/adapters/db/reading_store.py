"""Readings and roll-ups for the screen."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Row, ScalarSelect, Select, select, type_coerce

from workstation.adapters.db.columns import Ticks
from workstation.adapters.db.reading_tables import (
    DEVICE_HEALTH,
    READING,
    READING_HOUR,
    READING_MINUTE,
    SERIES,
)
from workstation.adapters.db.roll_ups import HOUR, MINUTE, rolled_up, start_of
from workstation.adapters.db.worker import Worker
from workstation.application.ports import DeviceHealth
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Bucket, Sample

_HEALTH: Final = tuple(column.name for column in DEVICE_HEALTH.columns)
_MICROSECOND: Final = timedelta(microseconds=1)


class SqlReadingStore:
    """The readings of the database; never blocks the loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def channels(self, kommune: Kommune, device: DeviceName) -> list[str]:
        """Return the keys of the channels this device has reported, sorted."""
        query = (
            select(SERIES.c.channel)
            .where(SERIES.c.kommune == kommune, SERIES.c.device == device)
            .order_by(SERIES.c.channel)
        )
        return await self._worker.read(lambda connection: list(connection.scalars(query)))

    async def samples(
        self, kommune: Kommune, device: DeviceName, channel: str, *, start: datetime, end: datetime
    ) -> list[tuple[datetime, float]]:
        """Return raw values with `start <= at < end`, in time order."""
        series = _series(kommune, device, channel)
        query = (
            select(READING.c.at, READING.c.value)
            .where(READING.c.series == series, READING.c.at >= start, READING.c.at < end)
            .order_by(READING.c.at)
        )
        return await self._worker.read(
            lambda connection: [(row.at, row.value) for row in connection.execute(query)]
        )

    async def latest(self, kommune: Kommune, device: DeviceName, since: datetime) -> list[Sample]:
        """Return a device's values of every channel after `since`, in time order."""
        query = (
            select(SERIES.c.channel, READING.c.at, READING.c.value)
            .join_from(SERIES, READING, READING.c.series == SERIES.c.id)
            .where(SERIES.c.kommune == kommune, SERIES.c.device == device, READING.c.at > since)
            .order_by(READING.c.at)
        )
        return await self._worker.read(
            lambda connection: [
                Sample(
                    kommune=kommune,
                    device=device,
                    channel=row.channel,
                    at=row.at,
                    value=row.value,
                )
                for row in connection.execute(query)
            ]
        )

    async def buckets(
        self,
        kommune: Kommune,
        device: DeviceName,
        channel: str,
        *,
        start: datetime,
        end: datetime,
        width: timedelta,
    ) -> list[Bucket]:
        """Return roll-ups of `width`, whole minutes, in time order, gaps left out.

        The first is the one that `start` lies in. Buckets are counted from 1970 in UTC.
        """
        if not width or width % MINUTE:
            raise ValueError(width)
        query = _wide(_series(kommune, device, channel), start_of(start, width), end, width)
        return await self._worker.read(
            lambda connection: [_bucket(row) for row in connection.execute(query)]
        )

    async def health(self) -> list[DeviceHealth]:
        """Return the health of every device heard so far, by kommune and name."""
        return await self._worker.read(_health)


def _series(kommune: Kommune, device: DeviceName, channel: str) -> ScalarSelect[int]:
    return (
        select(SERIES.c.id)
        .where(SERIES.c.kommune == kommune, SERIES.c.device == device, SERIES.c.channel == channel)
        .scalar_subquery()
    )


def _wide(
    series: ScalarSelect[int], start: datetime, end: datetime, width: timedelta
) -> Select[Any]:
    table = READING_HOUR if width % HOUR == timedelta() else READING_MINUTE
    ticks = width // _MICROSECOND
    span = type_coerce(type_coerce(table.c.at, BigInteger) // ticks * ticks, Ticks)
    return (
        select(span.label("at"), *rolled_up(table))
        .where(table.c.series == series, table.c.at >= start, table.c.at < end)
        .group_by(span)
        .order_by(span)
    )


def _bucket(row: Row[Any]) -> Bucket:
    return Bucket(
        at=row.at, low=row.low, high=row.high, mean=row.total / row.number, count=row.number
    )


def _health(connection: Connection) -> list[DeviceHealth]:
    rows = connection.execute(select(DEVICE_HEALTH).order_by(*DEVICE_HEALTH.primary_key))
    return [DeviceHealth(**{name: getattr(row, name) for name in _HEALTH}) for row in rows]
