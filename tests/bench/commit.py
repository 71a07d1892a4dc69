"""From an alarm's publication to its commit at 500 a second, beside one append and fdatasync."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median

from tests.bench import hub
from tests.bench.broker import broker
from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, Side, in_turn, percentile, seconds

_RATE = 500
_WARM_UP = 0.05
_ROW = b"x" * 200


def measure(bench: Bench) -> list[Figure]:
    """Return the median of publish → committed, by that of an append of 200 bytes made durable."""
    count = bench.count(2_500, 1_000)
    rounds = bench.count(3, 1)
    tails: list[float] = []

    with broker(bench.folder) as port:

        def committed() -> float:
            side = Side("station", "store", hub.config(bench.folder, port), count).ready()
            Side("storm", port, _RATE, count).ready().go().result()
            took: list[float] = side.result()["took_ms"]
            took = took[int(len(took) * _WARM_UP) :]
            tails.append(percentile(took, 0.99))
            return median(took)

        pairs = in_turn(committed, lambda: appended_ms(bench.folder / "append", 500), rounds)
    return [
        Figure(
            name="commit",
            what="publish → committed (SQLite, FULL) at 500/s, median, by append + fdatasync",
            value=median(pairs.ours),
            unit="ms",
            ratio=pairs.ratio,
            goal=at_most(3),
            n=rounds * count,
            note=f"p99 {median(tails):.2f} ms; append + fdatasync {median(pairs.theirs):.2f} ms",
        )
    ]


def appended_ms(path: Path, count: int) -> float:
    """Return the median of `count` appends of one row's bytes, each followed by fdatasync, in ms."""
    with path.open("ab", buffering=0) as file:

        def append() -> None:
            file.write(_ROW)
            os.fdatasync(file.fileno())

        return 1000 * median(seconds(append) for _ in range(count))
