"""Frames of live curves: a day beside ten minutes, and the product beside QtCharts."""

from __future__ import annotations

from tests.bench.figure import Figure, at_least, at_most
from tests.bench.measuring import Bench, Side


def measure(bench: Bench) -> list[Figure]:
    """Return the time of a frame of eight plots, new values taken, drawn and painted."""
    rounds = bench.count(6, 2)
    took = Side("plots", rounds).result()
    return [
        Figure(
            name="plots_day",
            what="frame of 8 plots over 24 h (10 Hz, older than an hour rolled up), by 10 min",
            value=took["day"],
            unit="ms",
            ratio=took["day"] / took["ten_minutes"],
            goal=at_most(2.5),
            n=4 * rounds,
            note=f"10 min {took['ten_minutes']:.1f} ms",
        ),
        Figure(
            name="plots_charts",
            what="frame of 8 curves of 30,000 points in a QtCharts chart, by the product's 8 plots",
            value=took["dense"],
            unit="ms",
            ratio=took["chart"] / took["dense"],
            goal=at_least(20),
            n=4 * rounds,
            note=f"QtCharts {took['chart']:.0f} ms in one chart, in 8 charts {took['charts']:.0f} ms "
            f"({took['charts'] / took['dense']:.0f} times ours)",
        ),
    ]
