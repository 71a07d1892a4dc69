"""Values that look like a person's day: a pulse that sleeps, a room that cools at night."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

_DAY_S = 86_400.0


def _of_day(at: datetime) -> float:
    """Return where in the day `at` is: 0.0 at 02:00 UTC (deep night), 0.5 in the afternoon."""
    return ((at.timestamp() - 2 * 3600) % _DAY_S) / _DAY_S


def values(device: str, at: datetime, chance: random.Random) -> dict[str, float]:
    """Return what a watch or climate sensor of this name measures at `at` (wire units)."""
    place = int(device.rpartition("-")[2])
    awake = 0.5 - 0.5 * math.cos(2 * math.pi * _of_day(at))
    if device.startswith("watch"):
        return {
            "pulse": round(58 + place % 9 + 20 * awake + chance.gauss(0, 2.2), 1),
            "spo2": round(min(1.0, 0.965 + chance.gauss(0, 0.006)), 3),
            "activity": round(max(0.0, awake * chance.expovariate(1 / 12)), 1),
        }
    return {
        "temperature": round(20.4 + place % 4 * 0.5 + 1.4 * awake + chance.gauss(0, 0.05), 2),
        "humidity": round(
            44 + place % 7 + 4 * math.sin(2 * math.pi * _of_day(at)) + chance.gauss(0, 0.4), 1
        ),
    }


def past(
    device: str, now: datetime, chance: random.Random
) -> Iterator[tuple[datetime, dict[str, float]]]:
    """Yield 30 days by the hour, the last one closer, with an hour's gap for charging."""
    at = now - timedelta(days=30)
    close = timedelta(minutes=2 if device.startswith("watch") else 5)
    gap = now - timedelta(hours=9 + chance.random() * 4)
    while at < now:
        if not gap <= at < gap + timedelta(hours=1):
            yield at, values(device, at, chance)
        at += timedelta(hours=1) if now - at > timedelta(days=1) else close
