"""From the start of the process to the first painted picture: the whole desk beside a bare window."""

from __future__ import annotations

from statistics import median

from tests.bench import hub
from tests.bench.broker import broker
from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, Side, in_turn


def measure(bench: Bench) -> list[Figure]:
    """Return the time to the desk's first paint, Python's start included, by a bare window's."""
    rounds = bench.count(7, 3)
    opened: list[float] = []

    def took(module: str, *arguments: object) -> float:
        side = Side(module, *arguments)
        result = side.result()
        if "opened_at" in result:
            opened.append((result["opened_at"] - side.started) * 1000)
        return float(result["painted_at"] - side.started) * 1000

    with broker(bench.folder) as port:
        config = hub.config(bench.folder, port)
        # Files once read, byte code written, database made.
        took("first_paint", config)
        took("bare_window")
        pairs = in_turn(lambda: took("first_paint", config), lambda: took("bare_window"), rounds)
    return [
        Figure(
            name="first_paint",
            what="process start to first paint, the whole desk, by a bare window",
            value=median(pairs.ours),
            unit="ms",
            ratio=pairs.ratio,
            goal=at_most(1.5),
            n=rounds,
            note=f"bare window {median(pairs.theirs):.0f} ms; database, broker and telephone open "
            f"behind it after {median(opened):.0f} ms",
        )
    ]
