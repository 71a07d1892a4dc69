"""From an alarm unit's SIP MESSAGE to its painted row and to the unit's reply, with the whole desk."""

from __future__ import annotations

import socket
from statistics import median

from tests.bench import hub
from tests.bench.broker import broker
from tests.bench.figure import Figure
from tests.bench.measuring import Bench, Side, percentile
from tests.peers.process import free_port

_RECEIVER = '[scaip]\nkind = "direct"\nport = {port}\n'


def measure(bench: Bench) -> list[Figure]:
    """Return p99 of MESSAGE → painted, and of MESSAGE → reply, at two rates."""
    with broker(bench.folder) as port:
        return [
            figure
            for rate, count in ((1, bench.count(15, 5)), (50, bench.count(200, 100)))
            for figure in _at(bench, port, rate, count)
        ]


def _at(bench: Bench, port: int, rate: int, count: int) -> list[Figure]:
    own = free_port(socket.SOCK_DGRAM)
    config = hub.config(bench.folder, port)
    with config.open("a", encoding="utf-8") as file:
        file.write(_RECEIVER.format(port=own))
    desk = Side("desk", config, count).ready()
    units = Side("units", own, rate, count).ready().go().result()
    seen = desk.result()
    painted: list[float] = seen["took_ms"]
    answers: list[float] = units["took_ms"]
    missing = f"; {seen['missing']}" if seen["missing"] else ""
    return [
        Figure(
            name=f"scaip_painted_{rate}",
            what=f"an alarm unit's SIP MESSAGE → its row painted, p99 at {rate}/s",
            value=percentile(painted, 0.99),
            unit="ms",
            n=len(painted),
            note=f"p50 {median(painted):.1f} ms{missing}",
        ),
        Figure(
            name=f"scaip_answered_{rate}",
            what=f"an alarm unit's SIP MESSAGE → its reply, sent once it is stored, p99 at {rate}/s",
            value=percentile(answers, 0.99),
            unit="ms",
            n=len(answers),
            note=f"p50 {median(answers):.1f} ms; {units['answered']} of {count} answered",
        ),
    ]
