"""The latest values of one channel, always readable as two contiguous arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]


class Ring:
    """A mirrored ring buffer of (seconds since the epoch, value), oldest first.

    Every value is written twice, one capacity apart, so that any window over the wrap is one slice:
    appending and reading cost the same whatever is kept. Times rise strictly: a value that comes
    late is put into its place, one of a known time replaces what stood there, and what is not a
    number is not kept.
    """

    __slots__ = ("_at", "_capacity", "_end", "_length", "_value", "revision")

    def __init__(self, capacity: int) -> None:
        """Keep the latest `capacity` values; raises ValueError when that is not positive."""
        if capacity < 1:
            raise ValueError(capacity)
        self._capacity = capacity
        self._at = np.empty(2 * capacity)
        self._value = np.empty(2 * capacity)
        self._end = 0
        self._length = 0
        self.revision = 0
        """Rises when something other than an append changed: what was derived must be derived anew."""

    def __len__(self) -> int:
        """Return how many values are kept."""
        return self._length

    @property
    def times(self) -> Floats:
        """The times, a view that is right until the next change."""
        return self._at[self._start : self._start + self._length]

    @property
    def values(self) -> Floats:
        """The values, a view that is right until the next change."""
        return self._value[self._start : self._start + self._length]

    def add(self, at: float, value: float) -> None:
        """Take one value."""
        if not (np.isfinite(at) and np.isfinite(value)):
            return
        if self._length and at <= self._at[self._start + self._length - 1]:
            self.extend([at], [value])
            return
        slot = self._end
        self._at[slot] = self._at[slot + self._capacity] = at
        self._value[slot] = self._value[slot + self._capacity] = value
        self._end = (slot + 1) % self._capacity
        self._length = min(self._length + 1, self._capacity)

    def extend(self, times: Sequence[float] | Floats, values: Sequence[float] | Floats) -> None:
        """Take many values in any order; of two with the same time the later in the list stands."""
        at = np.concatenate([self.times, np.asarray(times, dtype=float)])
        value = np.concatenate([self.values, np.asarray(values, dtype=float)])
        fit = np.isfinite(at) & np.isfinite(value)
        at, value = at[fit], value[fit]
        order = np.argsort(at, kind="stable")
        at, value = at[order], value[order]
        if len(at):
            stands = np.append(at[1:] != at[:-1], True)
            at, value = at[stands], value[stands]
        self._fill(at[-self._capacity :], value[-self._capacity :])

    def clear(self) -> None:
        """Forget everything."""
        self._fill(np.empty(0), np.empty(0))

    @property
    def _start(self) -> int:
        return (self._end - self._length) % self._capacity

    def _fill(self, at: Floats, value: Floats) -> None:
        count = len(at)
        for target, source in ((self._at, at), (self._value, value)):
            target[:count] = source
            target[self._capacity : self._capacity + count] = source
        self._length = count
        self._end = count % self._capacity
        self.revision += 1
