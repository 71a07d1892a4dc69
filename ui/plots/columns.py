"""Many values as few: what a curve does within each column of the screen, with nothing lost to sight.

A column keeps the first, lowest, highest and last value that fall into one span of time and when
the first and last came. A line through those four covers the very pixels that a line through all
values would (the M4 aggregation, Jugel et al., VLDB 2014), so a single peak among a million values
is still seen. Columns stand on a fixed grid of time: when the view moves on they stay the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ui.plots.ring import Floats, Ring
from workstation.domain.telemetry import Bucket


class Of(IntEnum):
    """The rows of an array of columns."""

    FIRST_AT = 0
    LAST_AT = 1
    FIRST = 2
    LOW = 3
    HIGH = 4
    LAST = 5
    TOTAL = 6
    """Sum of the values, for the mean."""
    COUNT = 7


NONE = np.empty((len(Of), 0))
"""No column at all."""


def gather(times: Floats, values: Floats, width: float) -> Floats:
    """Return the columns, `width` seconds each, of values in the order of their times."""
    if not len(times):
        return NONE
    starts = _starts(np.floor(times / width))
    ends = np.append(starts[1:], len(times)) - 1
    return np.stack([
        times[starts],
        times[ends],
        values[starts],
        np.minimum.reduceat(values, starts),
        np.maximum.reduceat(values, starts),
        values[ends],
        np.add.reduceat(values, starts),
        (ends - starts + 1).astype(float),
    ])  # fmt: skip


def each(times: Floats, values: Floats) -> Floats:
    """Return a column of its own for each value."""
    return np.stack([times, times, values, values, values, values, values, np.ones(len(times))])


def merge(columns: Floats, width: float) -> Floats:
    """Return the columns gathered into wider ones of `width` seconds; `width` 0 leaves them."""
    if not columns.shape[1] or width <= 0:
        return columns
    starts = _starts(np.floor(columns[Of.FIRST_AT] / width))
    ends = np.append(starts[1:], columns.shape[1]) - 1
    return np.stack([
        columns[Of.FIRST_AT, starts],
        columns[Of.LAST_AT, ends],
        columns[Of.FIRST, starts],
        np.minimum.reduceat(columns[Of.LOW], starts),
        np.maximum.reduceat(columns[Of.HIGH], starts),
        columns[Of.LAST, ends],
        np.add.reduceat(columns[Of.TOTAL], starts),
        np.add.reduceat(columns[Of.COUNT], starts),
    ])  # fmt: skip


def of_buckets(buckets: Sequence[Bucket], width: float) -> Floats:
    """Return one column per roll-up of `width` seconds, drawn as wide as it is around its mean."""
    columns = np.empty((len(Of), len(buckets)))
    for place, bucket in enumerate(buckets):
        at = bucket.at.timestamp()
        columns[:, place] = (
            at, at + width, bucket.mean, bucket.low, bucket.high, bucket.mean,
            bucket.mean * bucket.count, bucket.count,
        )  # fmt: skip
    return columns


def polyline(columns: Floats, gap: float) -> tuple[Floats, Floats]:
    """Return x and y of a line through `columns`, with NaN where more than `gap` seconds are missing."""
    count = columns.shape[1]
    x, y = np.empty((count, 5)), np.empty((count, 5))
    x[:, 0], y[:, 0] = columns[Of.FIRST_AT], columns[Of.FIRST]
    middle = (columns[Of.FIRST_AT] + columns[Of.LAST_AT]) / 2
    x[:, 1], y[:, 1] = middle, columns[Of.LOW]
    x[:, 2], y[:, 2] = middle, columns[Of.HIGH]
    x[:, 3], y[:, 3] = columns[Of.LAST_AT], columns[Of.LAST]
    x[:, 4], y[:, 4] = columns[Of.LAST_AT], np.nan
    wanted = np.ones((count, 5), dtype=bool)
    wanted[:, 1] = columns[Of.LOW] < np.minimum(columns[Of.FIRST], columns[Of.LAST])
    wanted[:, 2] = columns[Of.HIGH] > np.maximum(columns[Of.FIRST], columns[Of.LAST])
    wanted[:, 3] = columns[Of.LAST_AT] > columns[Of.FIRST_AT]
    wanted[:, 4] = _breaks(columns, gap)
    return x[wanted], y[wanted]


def steps(columns: Floats, gap: float) -> tuple[Floats, Floats]:
    """Return x and y of a line that holds each value until the next, with NaN as in `polyline`."""
    x, y = polyline(columns, gap)
    if len(x) < 2:  # noqa: PLR2004 - one point makes no step
        return x, y
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


def means(columns: Floats, gap: float) -> tuple[Floats, Floats]:
    """Return x and y of a line through the columns' means, with NaN as in `polyline`."""
    count = columns.shape[1]
    x, y = np.empty((count, 2)), np.empty((count, 2))
    x[:, 0] = (columns[Of.FIRST_AT] + columns[Of.LAST_AT]) / 2
    y[:, 0] = columns[Of.TOTAL] / columns[Of.COUNT]
    x[:, 1], y[:, 1] = columns[Of.LAST_AT], np.nan
    wanted = np.ones((count, 2), dtype=bool)
    wanted[:, 1] = _breaks(columns, gap)
    return x[wanted], y[wanted]


def within(columns: Floats, start: float, end: float) -> Floats:
    """Return the columns of a view, with one more on either side so that the line enters and leaves."""
    first = int(np.searchsorted(columns[Of.LAST_AT], start)) - 1
    last = int(np.searchsorted(columns[Of.FIRST_AT], end, side="right")) + 1
    return columns[:, max(first, 0) : last]


class Peaks:
    """The columns of one ring, kept up to date at the cost of what is new, not of what is there."""

    __slots__ = ("_columns", "_revision", "_width")

    def __init__(self) -> None:
        self._columns = NONE
        self._width = 0.0
        self._revision = -1

    def of(self, ring: Ring, width: float) -> Floats:
        """Return the columns of `width` seconds of everything in `ring`."""
        if ring.revision == self._revision and width == self._width and self._columns.shape[1]:
            self._follow(ring)
        else:
            self._columns = gather(ring.times, ring.values, width)
            self._revision, self._width = ring.revision, width
        return self._columns

    def _follow(self, ring: Ring) -> None:
        times, values = ring.times, ring.values
        forgotten = int(np.searchsorted(self._columns[Of.LAST_AT], times[0]))
        # The last column may still have grown: it is taken anew, with what came after it.
        fresh = int(np.searchsorted(times, self._columns[Of.FIRST_AT, -1]))
        tail = gather(times[fresh:], values[fresh:], self._width)
        self._columns = np.concatenate([self._columns[:, forgotten:-1], tail], axis=1)


def gap_limit(missing: Floats, *, factor: float, floor: float) -> float:
    """Return how many seconds without a value are a gap: `factor` × the usual, at least `floor`."""
    return max(factor * float(np.median(missing)), floor) if len(missing) else floor


def _starts(slots: Floats) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.append(True, slots[1:] != slots[:-1]))


def _breaks(columns: Floats, gap: float) -> npt.NDArray[np.bool_]:
    return np.append(columns[Of.FIRST_AT, 1:] - columns[Of.LAST_AT, :-1] > gap, False)
