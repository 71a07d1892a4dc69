"""What the call log's counts say: when it is busy, and how fast calls are answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from workstation.domain.call_history import Counts

SOON, LATE = 60, 180
"""Seconds: the lines of the answer-time curve (TSA quality standard: 97.5 % and 99 %)."""
LONGEST: Final = 300
"""Seconds: where the curve ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFigures:
    """The figures beside the list, of every call that the filters let pass."""

    calls: int = 0
    answered: int = 0
    heat: tuple[tuple[int, ...], ...] = ((0,) * 24,) * 7
    """Calls by weekday (Monday first) and local hour."""
    curve: tuple[tuple[int, float], ...] = ()
    """Seconds, and the share of all calls (0 to 1) that was answered by then; steps, ascending."""

    @property
    def soon(self) -> float:
        """The share of all calls that was answered within 60 s."""
        return self.within(SOON)

    @property
    def late(self) -> float:
        """The share of all calls that was answered within 180 s."""
        return self.within(LATE)

    def within(self, seconds: int) -> float:
        """Return the share of all calls that was answered by then."""
        return max((share for at, share in self.curve if at <= seconds), default=0.0)


def figures(counts: Counts, zone: tzinfo) -> CallFigures:
    """Return the figures of some counts; hours and days are those of `zone`."""
    heat = [[0] * 24 for _day in range(7)]
    for hour, number in counts.hours:
        local = hour.astimezone(zone)
        heat[local.weekday()][local.hour] += number
    curve: list[tuple[int, float]] = []
    answered = 0
    for seconds, number in counts.waits:
        answered += number
        curve.append((seconds, answered / counts.calls))
    return CallFigures(
        calls=counts.calls,
        answered=counts.answered,
        heat=tuple(map(tuple, heat)),
        curve=tuple(curve),
    )
