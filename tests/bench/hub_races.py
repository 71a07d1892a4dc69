"""Fifty desks racing for the same alarms: nobody may have one twice, and how fast they are told."""

from __future__ import annotations

import psycopg

from tests.bench.database import fresh, server
from tests.bench.figure import Figure, value_at_most
from tests.bench.measuring import Bench, Side

_PROCESSES = 5
_CLIENTS = 50


def measure(bench: Bench) -> list[Figure]:
    """Return how many alarms were taken twice, and how many attempts a second were answered."""
    count = bench.count(1_000, 200)
    with server() as one:
        url = fresh(one)
        Side("race", "fill", url, count).result()
        sides = [
            Side("race", "run", url, _CLIENTS // _PROCESSES, number) for number in range(_PROCESSES)
        ]
        for side in sides:
            side.ready()
        for side in sides:
            side.go()
        results = [side.result() for side in sides]
        with psycopg.connect(url) as link:
            rows = link.execute(
                "SELECT count(*), count(DISTINCT alarm_id) FROM alarm_step WHERE kind = 'taken'"
            ).fetchone()
    assert rows is not None
    taken, different = rows
    wins = sum(result["won"] for result in results)
    attempts = sum(result["attempts"] for result in results)
    seconds = max(result["ended"] for result in results) - min(r["began"] for r in results)
    twice = (taken - different) + abs(wins - taken) + abs(count - different)
    return [
        Figure(
            name="races",
            what=f"{count:,} alarms taken by {_CLIENTS} desks at once (PostgreSQL): twice, or by nobody",
            value=twice,
            unit="alarms",
            goal=value_at_most(0),
            n=attempts,
            note=f"{attempts / seconds:,.0f} attempts/s, each a transaction of its own under the "
            f"one lock; {wins:,} won, every other was told by whom",
        )
    ]
