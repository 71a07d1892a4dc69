"""The strip's figures: how long people wait, and how many are answered in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

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
_ANEW = timedelta(hours=1)


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


@dataclass(frozen=True, slots=True)
class _Waited:
    """How long an emergency waited, or has waited so far."""

    long: timedelta
    is_answered: bool


@dataclass(slots=True)
class _Share:
    """How many of those that were decided were answered within `limit`."""

    limit: timedelta
    decided: int = 0
    soon: int = 0

    def count(self, waits: Iterable[_Waited]) -> None:
        """Add emergencies; one that still waits within the limit is not counted yet."""
        for one in waits:
            if one.is_answered or one.long > self.limit:
                self.decided += 1
                self.soon += one.long <= self.limit

    def with_(self, waits: Iterable[_Waited]) -> float | None:
        """Return the share with these, or None where nothing was decided."""
        both = replace(self)
        both.count(waits)
        return both.soon / both.decided if both.decided else None


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
        self._day: datetime | None = None
        self._anew = datetime.max.replace(tzinfo=UTC)
        self._counted = datetime.min.replace(tzinfo=UTC)
        self._soon, self._late = _Share(_SOON), _Share(_LATE)

    async def refresh(self) -> FiguresView:
        """Count on; raises StoreUnavailable, but who waits is known without the database.

        What came more than ten minutes ago is decided and read again once an hour, for a desk that
        was away may have told late of an answer: a whole busy day every few seconds would be too much.
        """
        now = self._clock.now()
        self.view = replace(self.view, longest_wait_since=self._longest_wait())
        start, _end = local_day(now.astimezone(self._zone).date(), self._zone)
        old = now - _FLOOD_WINDOW
        if self._day != start or now >= self._anew:
            self._anew = now + _ANEW
            self._counted = min(start, old)
            self._soon, self._late = _Share(_SOON), _Share(_LATE)
        self._day = None
        recent = await self._store.listed(everything=True, since=self._counted)
        emergencies = [alarm for alarm in recent if _counts(alarm) and alarm.received_at >= start]
        self._answers = {alarm.id: await self._answer(alarm) for alarm in emergencies}
        self._day = start
        for share in (self._soon, self._late):
            share.count(self._waited(one, now) for one in emergencies if one.received_at < old)
        self._counted = max(self._counted, old)
        waits = [self._waited(one, now) for one in emergencies if one.received_at >= old]
        self.view = FiguresView(
            longest_wait_since=self._longest_wait(),
            answered_60=self._soon.with_(waits),
            answered_180=self._late.with_(waits),
            per_10_min=sum(1 for alarm in recent if alarm.received_at > old),
        )
        return self.view

    def _waited(self, alarm: Alarm, now: datetime) -> _Waited:
        answer = self._answers[alarm.id].at
        return _Waited((answer or now) - alarm.received_at, answer is not None)

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
