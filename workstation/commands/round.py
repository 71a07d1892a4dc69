"""`main.py round`: a day's visits as the database has them."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Final, TextIO

from workstation.application.day_round import local_day
from workstation.bootstrap.opening import open_database
from workstation.bootstrap.station import ZONE
from workstation.commands.printing import Row, print_rows
from workstation.domain.round import Visit
from workstation.settings import Settings

_KEYS: Final = (
    "id", "at", "citizen", "kommune", "kind", "state", "assignee", "reason", "look", "note",
    "started_at", "ended_at", "by", "missed_at",
)  # fmt: skip
_SHOWN: Final = (
    "at", "kind", "state", "kommune", "citizen", "length_min", "assignee", "reason", "id"
)  # fmt: skip
_FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 30, tzinfo=UTC)


def run(
    settings: Settings,
    *,
    day: date,
    everything: bool,
    since: datetime | None,
    as_json: bool,
    out: TextIO,
) -> int:
    """Print the visits of a local day, of all days, or since a time.

    Raises StoreUnavailable or SchemaMismatch.
    """
    start, end = local_day(day, ZONE)
    if everything or since is not None:
        start, end = since or _FIRST, _LAST
    visits = asyncio.run(_read(settings, start.astimezone(UTC), end.astimezone(UTC)))
    rows = (visit_row(visit) for visit in visits)
    print_rows(rows, shown=_SHOWN, as_json=as_json, zone=ZONE, out=out)
    return 0


def visit_row(visit: Visit) -> Row:
    """Return a visit as it is printed; lengths are in whole minutes."""
    return {
        **{key: getattr(visit, key) for key in _KEYS},
        "length_min": visit.length // timedelta(minutes=1),
        "tolerance_min": visit.tolerance // timedelta(minutes=1),
    }


async def _read(settings: Settings, start: datetime, end: datetime) -> list[Visit]:
    database = open_database(settings)
    try:
        return await database.round.visits(start, end)
    finally:
        database.close()
