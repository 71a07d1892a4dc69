"""The strip's figures: how long people wait, and how many are answered in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from workstation.application.board import Board
from workstation.application.day_round import local_day
from workstation.application.ports import AlarmStore, Clock
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind

# TSA/TEC quality standard: 97.5 % within 60 s, 99 % within 180 s.
_SOON, _LATE = timedelta(seconds=60), timedelta(seconds=180)
_FLOOD_WINDOW = timedelta(minutes=10)  # ISA-18.2


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresView:
    """What the strip shows; shares are 0.0 to 1.0, None when there was nothing to answer today."""

    longest_wait_since: datetime | None = None
    answered_60: float | None = None
    answered_180: float | None = None
    per_10_min: int = 0


class Figures:
    """Counts from the database, once in a while; on the loop only."""

    def __init__(self, *, store: AlarmStore, board: Board, clock: Clock, zone: tzinfo) -> None:
        """Empty until `refresh`."""
        self.view = FiguresView()
        self._store = store
        self._board = board
        self._clock = clock
        self._zone = zone

    async def refresh(self) -> FiguresView:
        """Count today anew; raises StoreUnavailable."""
        now = self._clock.now()
        start, _end = local_day(now.astimezone(self._zone).date(), self._zone)
        today = await self._store.listed(everything=True, since=min(start, now - _FLOOD_WINDOW))
        waiting = [
            alarm.received_at
            for alarm in self._board.alarms()
            if _counts(alarm) and alarm.is_untaken
        ]
        emergencies = [alarm for alarm in today if _counts(alarm) and alarm.received_at >= start]
        self.view = FiguresView(
            longest_wait_since=min(waiting, default=None),
            answered_60=_share(emergencies, _SOON, now),
            answered_180=_share(emergencies, _LATE, now),
            per_10_min=sum(1 for alarm in today if alarm.received_at > now - _FLOOD_WINDOW),
        )
        return self.view


def _counts(alarm: Alarm) -> bool:
    return alarm.kind is Kind.EMERGENCY


def _share(alarms: Iterable[Alarm], limit: timedelta, now: datetime) -> float | None:
    """Return the share taken within `limit`; one that still waits within it is not counted yet."""
    taken = [
        (alarm.taken_at or now) - alarm.received_at <= limit
        for alarm in alarms
        if _is_decided(alarm, limit, now)
    ]
    return sum(taken) / len(taken) if taken else None


def _is_decided(alarm: Alarm, limit: timedelta, now: datetime) -> bool:
    return alarm.taken_at is not None or now - alarm.received_at > limit
