"""Storing readings with their roll-ups, beside executemany of the bare rows into the same table."""

from __future__ import annotations

import itertools
from statistics import median

from tests.bench.figure import Figure, at_least
from tests.bench.measuring import Bench, Side, in_turn

_ROWS = 2000
"""What the product's readings' queue hands to its writer at most."""


def measure(bench: Bench) -> list[Figure]:
    """Return the rate with roll-ups and replacing, by that of one INSERT through the driver."""
    count, rounds = bench.count(40, 10), bench.count(3, 1)
    files = (bench.folder / f"readings-{number}.sqlite" for number in itertools.count())

    def rate(side: str) -> float:
        return float(Side("readings", side, next(files), count, _ROWS).result()["rate"])

    pairs = in_turn(lambda: rate("ours"), lambda: rate("theirs"), rounds)
    return [
        Figure(
            name="telemetry",
            what="readings stored with minute and hour roll-ups, by executemany of the bare rows",
            value=median(pairs.ours),
            unit="rows/s",
            ratio=pairs.ratio,
            goal=at_least(0.5),
            n=rounds * count * _ROWS,
            note=f"executemany {median(pairs.theirs):,.0f} rows/s, both with synchronous FULL; "
            "the goal is set against PostgreSQL's binary COPY, which comes with the shared hub",
        )
    ]
