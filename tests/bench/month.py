"""Opening thirty days of a channel, beside drawing 2,000 points that are in memory already."""

from __future__ import annotations

from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, Side


def measure(bench: Bench) -> list[Figure]:
    """Return the time from the question to the database until the month is painted."""
    rounds = bench.count(40, 10)
    took = Side("month", bench.folder, rounds).result()
    return [
        Figure(
            name="month",
            what="30 days of a channel opened: new plot, roll-ups read, drawn, by 2,000 points in a new "
            "PlotWidget",
            value=took["month"],
            unit="ms",
            ratio=took["month"] / took["points"],
            goal=at_most(2),
            n=rounds,
            note=f"2,000 points {took['points']:.1f} ms",
        )
    ]
