"""What one channel shows: rolled-up history or the values as they came, and what came since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from ui.plots.columns import NONE, Of, Peaks, each, gap_limit, merge, of_buckets, within
from ui.plots.ring import Floats, Ring
from workstation.domain.telemetry import Bucket

CAPACITY = 72_000
"""An hour at 20 Hz; the day and the month are drawn from roll-ups."""

_RAW_FACTOR, _RAW_FLOOR = 5.0, 120.0
_BUCKET_FACTOR, _BUCKET_FLOOR = 2.5, 1.5
_LOOKED_AT = 1000
"""How many of the latest values tell how often a device usually reports."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What to draw: columns in the order of time, and how long without a value is a gap (seconds)."""

    columns: Floats
    gap: float


class Series:
    """One channel of one device. Values are as shown: already scaled."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        """Keep at most `capacity` of the latest values as they came."""
        self._ring = Ring(capacity)
        self._peaks = Peaks()
        self._history = NONE
        self._history_gap = 0.0

    @property
    def latest(self) -> tuple[float, float] | None:
        """The newest value as (seconds since the epoch, value)."""
        if len(self._ring):
            return float(self._ring.times[-1]), float(self._ring.values[-1])
        if self._history.shape[1]:
            return float(self._history[Of.LAST_AT, -1]), float(self._history[Of.LAST, -1])
        return None

    def add(self, at: datetime, value: float) -> None:
        """Take a value that has just come."""
        self._ring.add(at.timestamp(), value)

    def load(self, samples: Sequence[tuple[datetime, float]]) -> None:
        """Show stored values as they came; those that came live meanwhile stay."""
        self._history = NONE
        self._ring.extend([at.timestamp() for at, _ in samples], [value for _, value in samples])

    def load_buckets(self, buckets: Sequence[Bucket], width: timedelta) -> None:
        """Show roll-ups, and behind the last of them the values as they come."""
        seconds = width.total_seconds()
        # The newest roll-up was still growing when it was read; whoever loads them reads them again.
        self._history = of_buckets(buckets, seconds)
        missing = self._history[Of.FIRST_AT, 1:] - self._history[Of.LAST_AT, :-1]
        self._history_gap = gap_limit(missing, factor=_BUCKET_FACTOR, floor=_BUCKET_FLOOR * seconds)

    def trace(self, *, start: float, end: float, width: float) -> Trace:
        """Return what is seen between `start` and `end` with columns of `width` seconds (0: each value)."""
        live = (
            self._peaks.of(self._ring, width)
            if width > 0
            else each(self._ring.times, self._ring.values)
        )
        steps = np.diff(self._ring.times[-_LOOKED_AT:])
        gap = max(gap_limit(steps, factor=_RAW_FACTOR, floor=_RAW_FLOOR), self._history_gap)
        if self._history.shape[1]:
            live = live[:, live[Of.FIRST_AT] >= self._history[Of.LAST_AT, -1]]
            live = np.concatenate([merge(self._history, width), live], axis=1)
        return Trace(columns=within(live, start, end), gap=gap)
