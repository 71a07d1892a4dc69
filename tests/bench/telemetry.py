"""Storing readings with their roll-ups, beside the bare rows into the same table by the fastest way."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from statistics import median

from tests.bench.database import fresh, server
from tests.bench.figure import Figure, at_least
from tests.bench.measuring import Bench, Side, in_turn

_ROWS = 2000
"""What the product's readings' queue hands to its writer at most."""


def measure(bench: Bench) -> list[Figure]:
    """Return the rates with roll-ups and replacing, by that of one INSERT and of one COPY."""
    files = (bench.folder / f"readings-{number}.sqlite" for number in itertools.count())
    sqlite = _figure(
        bench,
        lambda: f"sqlite:///{next(files)}",
        name="telemetry",
        other="executemany",
        note="both with synchronous FULL",
    )
    with server() as one:
        postgres = _figure(
            bench,
            lambda: fresh(one),
            name="telemetry_pg",
            other="binary COPY",
            note="PostgreSQL, a partition for each day, both with durable commits",
        )
    return [sqlite, postgres]


def _figure(bench: Bench, url: Callable[[], str], *, name: str, other: str, note: str) -> Figure:
    count, rounds = bench.count(40, 10), bench.count(3, 1)

    def rate(side: str) -> float:
        return float(Side("readings", side, url(), count, _ROWS).result()["rate"])

    pairs = in_turn(lambda: rate("ours"), lambda: rate("theirs"), rounds)
    return Figure(
        name=name,
        what=f"readings stored with minute and hour roll-ups, by {other} of the bare rows",
        value=median(pairs.ours),
        unit="rows/s",
        ratio=pairs.ratio,
        goal=at_least(0.5),
        n=rounds * count * _ROWS,
        note=f"{other} {median(pairs.theirs):,.0f} rows/s, {note}",
    )
