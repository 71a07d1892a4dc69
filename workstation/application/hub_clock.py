"""The hub's time at this machine: its own clock, put right by what the database says."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.application.ports import Clock

OFF_AFTER: Final = timedelta(seconds=2)
"""From here on the machine's clock is said to be wrong."""

_KEPT: Final = 8
_GRAIN_S: Final = 0.002
"""What a database may cut off its time: SQLite's has milliseconds."""
_STEP_S: Final = 1.0
"""A smaller correction is spread, so that time never runs backwards nor jumps by a glance."""
_SPREAD_S: Final = 10.0
_SLACK_S: Final = 0.05
_STEADY_S: Final = 60.0
"""For so long behind a measurement the hub's time runs by the counter that never jumps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """One question to the database for its time, measured where it was asked."""

    told: datetime
    """What the database said."""
    asked: float
    """Monotonic seconds before the question."""
    answered: float
    """Monotonic seconds behind the answer."""

    @property
    def middle(self) -> float:
        """When the database said it, in monotonic seconds, give or take `spread`."""
        return (self.asked + self.answered) / 2

    @property
    def spread(self) -> float:
        """By how many seconds the measurement can be wrong at most."""
        return (self.answered - self.asked) / 2 + _GRAIN_S

    def at(self, monotonic: float) -> datetime:
        """Return the database's time at a moment of the monotonic clock."""
        return self.told + timedelta(seconds=monotonic - self.middle)

    def agrees_with(self, other: RoundTrip) -> bool:
        """Whether both can be right."""
        apart = abs((self.at(other.middle) - other.told).total_seconds())
        return apart <= self.spread + other.spread + _SLACK_S


@dataclass(frozen=True, slots=True)
class _Steering:
    """How the hub's time runs from one measurement on."""

    since: float
    at: datetime
    """The hub's time at `since`, as it was shown."""
    error: float
    """What must be added to it in seconds, little by little."""
    offset: timedelta

    def time(self, monotonic: float) -> datetime:
        passed = monotonic - self.since
        done = min(1.0, max(0.0, passed / _SPREAD_S))
        return self.at + timedelta(seconds=passed + self.error * done)


class HubClock:
    """A Clock that has the database's time; from any thread, `measured` from one at a time.

    Between measurements it runs by the monotonic clock, so that nobody's alarms are called untouched
    because somebody set this machine's clock.
    """

    def __init__(self, machine: Clock) -> None:
        """Have the machine's own time until the first measurement."""
        self.machine = machine
        self._trips: deque[RoundTrip] = deque(maxlen=_KEPT)
        self._steering: _Steering | None = None

    def now(self) -> datetime:
        """Return the hub's time, aware UTC."""
        steering = self._steering
        if steering is None:
            return self.machine.now()
        monotonic = self.machine.monotonic()
        if monotonic - steering.since > _STEADY_S:
            # That counter stands still while some machines sleep.
            return self.machine.now() + steering.offset
        return steering.time(monotonic)

    def monotonic(self) -> float:
        """Return seconds that never jump, for measuring durations."""
        return self.machine.monotonic()

    @property
    def offset(self) -> timedelta:
        """What is added to the machine's own time."""
        return timedelta(0) if self._steering is None else self._steering.offset

    @property
    def is_off(self) -> bool:
        """Whether the machine's own clock is wrong by more than two seconds."""
        return abs(self.offset) > OFF_AFTER

    def measured(self, trip: RoundTrip) -> None:
        """Take another measurement; of the latest that agree, the quickest counts."""
        if any(not trip.agrees_with(one) for one in self._trips):
            # One of the clocks was set, or the machine slept: what was known is of no use.
            self._trips.clear()
        self._trips.append(trip)
        best = min(self._trips, key=lambda one: one.spread)
        monotonic, here = self.machine.monotonic(), self.machine.now()
        offset = best.at(monotonic) - here
        if abs(offset.total_seconds()) <= best.spread:
            offset = timedelta(0)
        self._steer(monotonic, here + offset, offset)

    def _steer(self, monotonic: float, right: datetime, offset: timedelta) -> None:
        shown = None if self._steering is None else self.now()
        error = 0.0 if shown is None else (right - shown).total_seconds()
        if shown is None or abs(error) >= _STEP_S:
            self._steering = _Steering(monotonic, right, 0.0, offset)
        else:
            self._steering = _Steering(monotonic, shown, error, offset)
