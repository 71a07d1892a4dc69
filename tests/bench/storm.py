"""A storm stored and acknowledged by the whole headless product, beside the same storing nothing."""

from __future__ import annotations

from statistics import median

from tests.bench import hub
from tests.bench.broker import broker
from tests.bench.figure import Figure, at_least
from tests.bench.measuring import Bench, Side, in_turn


def measure(bench: Bench) -> list[Figure]:
    """Return the rate with SQLite (synchronous FULL), by that of a writer that keeps nothing."""
    count = bench.count(10_000, 3_000)
    rounds = bench.count(5, 2)
    batches: list[float] = []

    with broker(bench.folder) as port:

        def rate(how: str) -> float:
            side = Side("station", how, hub.config(bench.folder, port), count).ready()
            Side("storm", port, 0, count).ready().go().result()
            measured = side.result()
            if how == "store":
                batches.append(measured["batch"])
            return float(measured["rate"])

        pairs = in_turn(lambda: rate("store"), lambda: rate("forget"), rounds)
    return [
        Figure(
            name="storm",
            what="alarms committed (SQLite, FULL) and acknowledged, by the same storing nothing",
            value=median(pairs.ours),
            unit="alarms/s",
            ratio=pairs.ratio,
            goal=at_least(0.5),
            n=rounds * count,
            note=f"storing nothing {median(pairs.theirs):,.0f}/s; "
            f"{median(batches):.0f} alarms a commit",
        )
    ]
