"""Taking in QoS 1 messages with acknowledgement, beside mosquitto's own subscriber in C."""

from __future__ import annotations

from statistics import median

from tests.bench.broker import MosquittoSub, broker
from tests.bench.figure import Figure, at_least
from tests.bench.measuring import Bench, Side, in_turn
from tests.bench.sides.storm import TOPIC


def measure(bench: Bench) -> list[Figure]:
    """Return the rate of feed, decoding and rules, by that of mosquitto_sub on the same storm."""
    count = bench.count(20_000, 6_000)
    rounds = bench.count(5, 2)
    cpu: list[float] = []
    with broker(bench.folder) as port:

        def theirs() -> float:
            heard = MosquittoSub(bench.folder, port, TOPIC, count)
            Side("storm", port, 0, count).ready().go().result()
            return heard.rate()

        def ours() -> float:
            side = Side("taken_in", port, count).ready()
            Side("storm", port, 0, count).ready().go().result()
            measured = side.result()
            cpu.append(measured["cpu_us"])
            return float(measured["rate"])

        pairs = in_turn(ours, theirs, rounds)
    return [
        Figure(
            name="ingest",
            what="QoS 1 messages taken in, judged and acknowledged, by mosquitto_sub",
            value=median(pairs.ours),
            unit="messages/s",
            ratio=pairs.ratio,
            goal=at_least(0.45),
            n=rounds * count,
            note=f"mosquitto_sub {median(pairs.theirs):,.0f}/s; "
            f"{median(cpu):.1f} µs of processor time a message",
        )
    ]
