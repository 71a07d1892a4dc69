"""A time axis in local clock time, with ticks at round times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import pyqtgraph as pg

from ui import times

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_STEPS: Final = (
    _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE,
    _HOUR, 2 * _HOUR, 3 * _HOUR, 4 * _HOUR, 6 * _HOUR, 12 * _HOUR,
    _DAY, 2 * _DAY, 5 * _DAY, 7 * _DAY, 14 * _DAY,
)  # fmt: skip


def step_for(seconds: float, labels: int) -> int:
    """Return the smallest round step that puts at most `labels` labels into `seconds`."""
    return next((step for step in _STEPS if seconds / step <= labels), _STEPS[-1])


def ticks(start: float, end: float, step: int) -> list[float]:
    """Return the round local times between `start` and `end` (seconds since the epoch)."""
    first, last = (datetime.fromtimestamp(at, UTC).astimezone(times.LOCAL) for at in (start, end))
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    # Of what the view shows only: a tick a minute since midnight cost more than the curves.
    begun, ended = (int((at - midnight).total_seconds()) // step for at in (first, last))
    found = []
    for place in range(begun, ended + 1):
        # Added to the wall clock, so that a day with a changed hour still has its ticks at round times.
        wall = midnight + timedelta(seconds=place * step)
        at = wall.timestamp()
        if start <= at <= end:
            found.append(at)
    return found


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph carries no types
    """The bottom axis; its values are seconds since the epoch."""

    LABEL_WIDTH: Final = 72
    """Pixels that a label and the air around it take."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.enableAutoSIPrefix(False)

    def tickValues(  # noqa: D102 - asked by pyqtgraph
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        step = step_for(maxVal - minVal, max(int(size // self.LABEL_WIDTH), 1))
        return [(float(step), ticks(minVal, maxVal, step))]

    def tickStrings(  # noqa: D102 - asked by pyqtgraph
        self, values: Sequence[float], _scale: float, spacing: float
    ) -> list[str]:
        at = [datetime.fromtimestamp(value, UTC) for value in values]
        if spacing >= _DAY:
            return [times.day(value.astimezone(times.LOCAL).date()) for value in at]
        return [times.hour(value) for value in at]
