"""Repainting the queue, beside Qt's own C++ model and painting."""

from __future__ import annotations

from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, Side

_ROWS = 26


def measure(bench: Bench) -> list[Figure]:
    """Return the time of a whole repaint, by a QStandardItemModel with the first line of each cell."""
    rounds = bench.count(200, 40)
    took = Side("repaint", _ROWS, rounds).result()
    return [
        Figure(
            name="repaint",
            what=f"repaint of the queue, {took['cells']} cells of two lines, by a C++ model under "
            "Qt's own painting with one line",
            value=took["ours"],
            unit="ms",
            ratio=took["ours"] / took["plain"],
            goal=at_most(1.6),
            n=rounds,
            note=f"C++ {took['plain']:.2f} ms; with both lines {took['same']:.2f} ms "
            f"(ratio {took['ours'] / took['same']:.2f})",
        )
    ]
