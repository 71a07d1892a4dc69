"""The tables of readings, their roll-ups, and the health of the devices they come from."""

from typing import Final

from sqlalchemy import Boolean, Column, Double, ForeignKey, Integer, String, Table, UniqueConstraint

from workstation.adapters.db.columns import Moment, Ticks
from workstation.adapters.db.tables import METADATA

SERIES: Final = Table(
    "series",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kommune", String, nullable=False),
    Column("device", String, nullable=False),
    Column("channel", String, nullable=False),
    UniqueConstraint("kommune", "device", "channel", name="series_name"),
)
"""One channel of one device; its number keeps a reading's row at some 27 bytes."""

READING: Final = Table(
    "reading",
    METADATA,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True),
    Column("at", Ticks, primary_key=True),
    Column("value", Double, nullable=False),
    sqlite_with_rowid=False,
)


def _roll_up(name: str) -> Table:
    return Table(
        name,
        METADATA,
        Column("series", Integer, ForeignKey("series.id"), primary_key=True),
        Column("at", Ticks, primary_key=True),
        Column("low", Double, nullable=False),
        Column("high", Double, nullable=False),
        Column("total", Double, nullable=False),
        Column("number", Integer, nullable=False),
        sqlite_with_rowid=False,
    )


READING_MINUTE: Final = _roll_up("reading_minute")
READING_HOUR: Final = _roll_up("reading_hour")

DEVICE_HEALTH: Final = Table(
    "device_health",
    METADATA,
    Column("kommune", String, primary_key=True),
    Column("device", String, primary_key=True),
    Column("heard_at", Moment),
    Column("battery", Double),
    Column("link", Double),
    Column("online", Boolean),
)
