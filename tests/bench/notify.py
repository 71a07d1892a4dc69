"""From a step to the desks that are told of it: fifty desks beside one."""

from __future__ import annotations

from statistics import median

from tests.bench.database import fresh, server
from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, Side, percentile

_DESKS = 50
_PROCESSES = 5
_RATE = 50


def measure(bench: Bench) -> list[Figure]:
    """Return the 99th percentile of step → told with fifty desks, by that with one."""
    count, rounds = bench.count(1_000, 200), bench.count(3, 1)
    many: list[list[float]] = []
    one: list[list[float]] = []
    with server() as postgres:
        for _ in range(rounds):
            many.append(_told_ms(fresh(postgres), [_DESKS // _PROCESSES] * _PROCESSES, count))
            one.append(_told_ms(fresh(postgres), [1], count))
    tails = [(percentile(a, 0.99), percentile(b, 0.99)) for a, b in zip(many, one, strict=True)]
    return [
        Figure(
            name="notify",
            what=f"a step → told by LISTEN, p99 with {_DESKS} desks, by that with one",
            value=median(many_ms for many_ms, _one in tails),
            unit="ms",
            ratio=median(many_ms / one_ms for many_ms, one_ms in tails),
            goal=at_most(15),
            n=rounds * count * _DESKS,
            note=f"p50 {median(map(median, many)):.2f} ms, with one desk "
            f"{median(map(median, one)):.2f} and p99 {median(b for _, b in tails):.2f} ms; "
            f"measured from before the step's transaction, {_RATE} steps/s",
        )
    ]


def _told_ms(url: str, desks: list[int], count: int) -> list[float]:
    """Return how long after its beginning each step was told to each desk, in ms."""
    listeners = [Side("told", "listen", url, number, count) for number in desks]
    for listener in listeners:
        listener.ready()
    begun = Side("told", "write", url, count, _RATE).ready().go().result()["begun"]
    heard = [times for listener in listeners for times in listener.result()["heard"]]
    # The first ones find cold caches everywhere.
    skipped = len(begun) // 20
    return [
        (at - began) * 1e3
        for times in heard
        for at, began in list(zip(times, begun, strict=True))[skipped:]
    ]
