"""Our side of the ingest: the product's feed, decoding and rules, acknowledged at once; no storing.

Arguments: the broker's port, how many messages.
"""

from __future__ import annotations

import sys
import threading
import time

from tests.bench.measuring import tell, tell_ready
from tests.bench.sides.storm import TOPIC
from tests.builders import a_hub
from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.adapters.system.clock import SystemClock
from workstation.application.directory import Directory
from workstation.application.ids import new_id
from workstation.application.intake import Intake
from workstation.application.ports import FeedState, Token
from workstation.domain.names import AlarmId
from workstation.domain.signal import Message
from workstation.wire.decode import Reader


class TakingIn:
    """Counts what it has taken in and acknowledged."""

    def __init__(self, port: int, count: int) -> None:
        self._count = count
        self._taken = 0
        self._first = (0.0, 0.0)
        self._done = threading.Event()
        directory = Directory()
        self._intake = Intake(
            decode=Reader().read,
            directory=lambda: directory,
            hub=a_hub(),
            new_id=lambda now: AlarmId(new_id(now)),
        )
        address = Address(url=f"mqtt://127.0.0.1:{port}", client_id=f"bench-{time.monotonic_ns()}")
        self._feed = PahoFeed(address, [TOPIC], SystemClock())

    def run(self) -> None:
        """Take in everything and tell the rate and the processor time."""
        self._feed.start(self._on_message, self._on_state)
        if not self._done.wait(100):
            raise TimeoutError(self._taken)
        taken = self._count - 1
        wall, cpu = (now - then for now, then in zip(_now(), self._first, strict=True))
        tell(rate=taken / wall, cpu_us=cpu / taken * 1e6)
        self._feed.stop()

    def _on_state(self, state: FeedState) -> None:
        if state.connected:
            tell_ready()

    def _on_message(self, message: Message, token: Token) -> None:
        work = self._intake.take(message)
        if len(work.reports) != 1:
            raise AssertionError(work)
        self._feed.acknowledge([token])
        if not self._taken:
            self._first = _now()
        self._taken += 1
        if self._taken == self._count:
            self._done.set()


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


if __name__ == "__main__":
    TakingIn(int(sys.argv[1]), int(sys.argv[2])).run()
