"""PostgreSQL's partitions of readings: made when their day begins, dropped when it is over its time."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from workstation.adapters.db.columns import ticks, ticks_in
from workstation.adapters.db.roll_ups import Spot
from workstation.application.ports import NOTHING, Removed

_MAKE: Final = text("SELECT make_reading_day(:at)")
_DROP: Final = text("SELECT dropped, held FROM drop_reading_days(:before)")
_A_DAY: Final = timedelta(days=1)
_DAY: Final = ticks_in(_A_DAY)
_KNOWN_AT_MOST: Final = 400


class ReadingDays:
    """Knows which days have been asked for; the database's own function makes what is missing."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def make(self, connection: Connection, spots: Iterable[Spot]) -> None:
        """Have a partition for the day of each spot, and the next; before anything is inserted.

        Making one waits for every other writer, so that tomorrow's is made today.
        """
        for day in {at // _DAY for _series, at in spots} - self._known:
            if len(self._known) >= _KNOWN_AT_MOST:
                self._known.clear()
            for wanted in (day, day + 1):
                connection.execute(_MAKE, {"at": wanted * _DAY})
            self._known.add(day)


def drop_reading_days(connection: Connection, before: datetime) -> Removed:
    """Drop every partition whose day ended before a time; returns how many readings of which days."""
    removed = NOTHING
    for row in connection.execute(_DROP, {"before": ticks(before)}):
        if row.held:
            # It is called reading_20260314.
            day = datetime.strptime(row.dropped[-8:], "%Y%m%d").replace(tzinfo=UTC)
            removed += Removed(count=row.held, earliest=day, latest=day + _A_DAY)
    return removed
