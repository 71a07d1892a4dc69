"""A desk that was away for an hour: how long until it shows what happened meanwhile."""

from __future__ import annotations

from statistics import median

from tests.bench.database import fresh, server
from tests.bench.figure import Figure, value_at_most
from tests.bench.measuring import Bench, Side

_CHANGES = 10_000


def measure(bench: Bench) -> list[Figure]:
    """Return the time from the look to the last row on the board, for 10,000 changes."""
    rounds = bench.count(3, 1)
    with server() as one:
        took = [Side("away", fresh(one), _CHANGES).result() for _ in range(rounds)]
    return [
        Figure(
            name="catch_up",
            what=f"{_CHANGES:,} changes of an hour, read and put on the board (PostgreSQL)",
            value=median(result["seconds"] for result in took),
            unit="s",
            goal=value_at_most(2),
            n=rounds * _CHANGES,
            note=f"{took[0]['alarms']:,} alarms raised, taken, noted and every other one closed: "
            f"{took[0]['put']:,} rows put; the loop was never held for more than "
            f"{median(result['held_ms'] for result in took):.0f} ms",
        )
    ]
