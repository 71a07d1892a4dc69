"""Times and days as they are written on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

_AGO: Final = re.compile(r"([0-9]{1,6})(min|h|d)")
_UNIT: Final = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_DAY_ONLY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point in time: `at` (naive: by the clock on the wall), or `ago` before now."""

    at: datetime | None = None
    ago: timedelta | None = None

    def resolved(self, now: datetime, zone: tzinfo) -> datetime:
        """Return it as aware UTC."""
        if self.at is None:
            return now - (self.ago or timedelta(0))
        local = self.at.replace(tzinfo=zone) if self.at.tzinfo is None else self.at
        return local.astimezone(UTC)


def a_moment(text: str) -> Moment:
    """Read RFC 3339, a day, or how long ago (`90min`, `24h`, `7d`); raises ValueError."""
    ago = _AGO.fullmatch(text)
    if ago:
        return Moment(ago=int(ago[1]) * _UNIT[ago[2]])
    at = datetime.fromisoformat(text)
    # The first and last day of the calendar do not exist in every zone.
    if not 1 < at.year < 9999:  # noqa: PLR2004 - as said above
        raise ValueError(text)
    return Moment(at=at)


def a_day(text: str) -> date:
    """Read a day written 2026-03-14; raises ValueError."""
    if _DAY_ONLY.fullmatch(text) is None:
        raise ValueError(text)
    found = date.fromisoformat(text)
    if not 1 < found.year < 9999:  # noqa: PLR2004 - as in a moment
        raise ValueError(text)
    return found
