"""From the publication of an alarm to its painted row, with the whole desk on a real mosquitto."""

from __future__ import annotations

from statistics import median

from tests.bench import hub
from tests.bench.broker import broker
from tests.bench.figure import Figure, Goal, value_at_most
from tests.bench.measuring import Bench, Side, percentile

_FRAME_MS = 16.7
"""One picture of a screen at 60 Hz."""


def measure(bench: Bench) -> list[Figure]:
    """Return p99 of publish → painted at three rates."""
    plan: list[tuple[int, int, Goal | None]] = [
        (1, bench.count(15, 5), None),
        (50, bench.count(500, 200), value_at_most(_FRAME_MS)),
        (100, bench.count(1000, 300), None),
    ]
    with broker(bench.folder) as port:
        return [_at(bench, port, rate, count, goal) for rate, count, goal in plan]


def _at(bench: Bench, port: int, rate: int, count: int, goal: Goal | None) -> Figure:
    side = Side("desk", hub.config(bench.folder, port), count).ready()
    Side("storm", port, rate, count).ready().go().result()
    result = side.result()
    took: list[float] = result["took_ms"]
    missing = f"; {result['missing']}" if result["missing"] else ""
    return Figure(
        name=f"painted_{rate}",
        what=f"publish → the alarm's row painted, p99 at {rate}/s",
        value=percentile(took, 0.99),
        unit="ms",
        goal=goal,
        n=len(took),
        note=f"p50 {median(took):.1f} ms{missing}",
    )
