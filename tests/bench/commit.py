"""From an alarm's publication to its commit at 500 a second, beside one append and fdatasync."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from statistics import median

from tests.bench import hub
from tests.bench.broker import broker
from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, Side, in_turn, percentile

_RATE = 500
_WARM_UP = 0.05
_ROW = b"x" * 200


def measure(bench: Bench) -> list[Figure]:
    """Return the median of publish → committed, by that of an append of 200 bytes made durable."""
    count = bench.count(1_500, 500)
    rounds = bench.count(5, 2)
    tails: list[float] = []

    with broker(bench.folder) as port:

        def committed() -> float:
            side = Side("station", "store", hub.config(bench.folder, port), count).ready()
            Side("storm", port, _RATE, count).ready().go().result()
            took: list[float] = side.result()["took_ms"]
            took = took[int(len(took) * _WARM_UP) :]
            tails.append(percentile(took, 0.99))
            return median(took)

        # Short rounds: a disk that others write to is several times slower from one second to the next.
        pairs = in_turn(committed, lambda: appended_ms(bench.folder / "append", count // 3), rounds)
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
    """Return the median of `count` appends of one row's bytes with fdatasync, in ms, at the same rate."""
    took = []
    pause = threading.Event()
    due = time.perf_counter()
    with path.open("ab", buffering=0) as file:
        for _ in range(count):
            due += 1 / _RATE
            pause.wait(max(0.0, due - time.perf_counter()))
            started = time.perf_counter()
            file.write(_ROW)
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - started) * 1000)
    return median(took)
