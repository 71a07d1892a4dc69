"""The strip's figures: how long people wait, and how many are answered in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from workstation.application.board import Board
from workstation.application.day_round import local_day
from workstation.application.ports import AlarmStore, Clock
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId
from workstation.domain.steps import Taken

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


@dataclass(frozen=True, slots=True)
class _Answer:
    """When an alarm was first taken (None: not yet), as far as the version that was looked at."""

    version: int
    at: datetime | None


class Figures:
    """Counts from the database, once in a while; on the loop only."""

    def __init__(self, *, store: AlarmStore, board: Board, clock: Clock, zone: tzinfo) -> None:
        """Empty until `refresh`."""
        self.view = FiguresView()
        self._store = store
        self._board = board
        self._clock = clock
        self._zone = zone
        self._answers: dict[AlarmId, _Answer] = {}

    async def refresh(self) -> FiguresView:
        """Count today anew; raises StoreUnavailable, but who waits is known without the database."""
        now = self._clock.now()
        self.view = replace(self.view, longest_wait_since=self._longest_wait())
        start, _end = local_day(now.astimezone(self._zone).date(), self._zone)
        today = await self._store.listed(everything=True, since=min(start, now - _FLOOD_WINDOW))
        emergencies = [alarm for alarm in today if _counts(alarm) and alarm.received_at >= start]
        self._answers = {alarm.id: await self._answer(alarm) for alarm in emergencies}
        waits = [
            ((answer := self._answers[alarm.id].at), (answer or now) - alarm.received_at)
            for alarm in emergencies
        ]
        self.view = FiguresView(
            longest_wait_since=self._longest_wait(),
            answered_60=_share(waits, _SOON),
            answered_180=_share(waits, _LATE),
            per_10_min=sum(1 for alarm in today if alarm.received_at > now - _FLOOD_WINDOW),
        )
        return self.view

    def _longest_wait(self) -> datetime | None:
        waiting = (
            max(alarm.received_at, alarm.reraised_at or alarm.received_at)
            for alarm in self._board.alarms()
            if _counts(alarm) and alarm.is_untaken
        )
        return min(waiting, default=None)

    async def _answer(self, alarm: Alarm) -> _Answer:
        """Return when it was first taken: releasing or raising it again does not undo an answer."""
        known = self._answers.get(alarm.id)
        if known is not None and (known.at is not None or known.version == alarm.version):
            return known
        if alarm.taken_at is not None and alarm.taken_at - alarm.received_at <= _SOON:
            return _Answer(alarm.version, alarm.taken_at)
        if alarm.version == 0:
            return _Answer(0, None)
        steps = (one.step for one in await self._store.steps(alarm.id))
        return _Answer(alarm.version, next((s.at for s in steps if isinstance(s, Taken)), None))


def _counts(alarm: Alarm) -> bool:
    return alarm.kind is Kind.EMERGENCY


def _share(waits: Iterable[tuple[datetime | None, timedelta]], limit: timedelta) -> float | None:
    """Return the share answered within `limit`; one that still waits within it is not counted yet."""
    decided = [wait <= limit for answer, wait in waits if answer is not None or wait > limit]
    return sum(decided) / len(decided) if decided else None
