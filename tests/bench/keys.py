"""Key presses in the alarm screen while a thousand alarms a second arrive."""

from __future__ import annotations

from statistics import median

from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, Side, percentile

_RATE, _FIVEFOLD = 1000, 5000


def measure(bench: Bench) -> list[Figure]:
    """Return how long a key press waits, by the screen's own repaint, and the processor's share."""
    seconds = bench.count(8, 4)
    slow = Side("keys", _RATE, seconds).result()
    fast = Side("keys", _FIVEFOLD, seconds).result()
    took, busy = slow["took_ms"], fast["took_ms"]
    tail = percentile(took, 0.99)
    return [
        Figure(
            name="keys",
            what="key press handled, p99, while 1,000 alarms/s arrive, by the screen's repaint",
            value=tail,
            unit="ms",
            ratio=tail / slow["repaint_ms"],
            goal=at_most(3),
            n=len(took),
            note=f"p50 {median(took):.2f} ms; the screen's repaint {slow['repaint_ms']:.1f} ms, "
            f"of it the table {slow['table_ms']:.1f} ms; "
            f"at 5,000/s p50 {median(busy):.2f}, p99 {percentile(busy, 0.99):.1f} ms",
        ),
        Figure(
            name="keys_cpu",
            what="processor time of the alarm screen at 5,000 alarms/s, by that at 1,000/s",
            value=fast["cpu"] * 100,
            unit="% of a core",
            ratio=fast["cpu"] / slow["cpu"],
            goal=at_most(1.5),
            n=_FIVEFOLD * seconds,
            note=f"at 1,000/s {slow['cpu'] * 100:.0f} %; every alarm is another one and none is "
            f"resolved: {fast['shown']:,} rows at the end, the most that are shown",
        ),
    ]
