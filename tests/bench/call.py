"""Setting up a call to a real baresip: the desk's line in its own process, beside a bare script."""

from __future__ import annotations

import threading
import time
from statistics import median

from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, Side, percentile
from tests.peers.baresip import Baresip
from tests.peers.telephone import Telephone
from workstation.domain.call import CallEvent, CallState
from workstation.domain.names import CallId

_POLL_MS = 10
_PATIENCE_S = 10.0


class Calling:
    """One line that is called on again and again; its events come on a thread of its own."""

    BETWEEN_S = 0.08
    """pjlib keeps a call's sockets for half a second after its end, and has room for 64 in all."""

    def __init__(self, phone: Telephone | None = None) -> None:
        """Without a `phone` it is one of its own, without a registrar."""
        self._answered = threading.Event()
        self._ended = threading.Event()
        self._pause = threading.Event()
        self._phone = phone or Telephone()
        self._phone.line.listen(self._told, self._phone.states.append)
        self._phone.ready()
        self._number = 0

    def set_up(self, target: str) -> float:
        """Call, wait until the desk knows of the answer, hang up; return milliseconds."""
        self._pause.wait(self.BETWEEN_S)
        self._answered.clear()
        self._ended.clear()
        self._number += 1
        call = CallId(f"bench-{self._number}")
        started = time.perf_counter()
        self._phone.line.call(call, target)
        if not self._answered.wait(_PATIENCE_S):
            raise TimeoutError(target)
        took = time.perf_counter() - started
        self._phone.line.hang_up(call)
        if not self._ended.wait(_PATIENCE_S):
            raise TimeoutError(target)
        return took * 1000

    def stop(self) -> None:
        """End the line's process."""
        self._phone.line.stop()

    def _told(self, event: CallEvent) -> None:
        if event.state is CallState.IN_CALL:
            self._answered.set()
        elif event.state is CallState.ENDED:
            self._ended.set()


def measure(bench: Bench) -> list[Figure]:
    """Return the time from the desk's order to the answer known at the desk, baresip answering."""
    count = bench.count(40, 10)
    peer = Baresip(bench.folder / "baresip")
    peer.start()
    calling = Calling()
    try:
        calling.set_up(peer.uri)
        ours = [calling.set_up(peer.uri) for _ in range(count)]
        # The first pays for the library's start.
        bare = Side("bare_calls", peer.uri, count + 1, _POLL_MS).result()["took_ms"][1:]
    finally:
        calling.stop()
        peer.stop()
    return [
        Figure(
            name="call",
            what="call set-up to baresip, from the order to the answer known at the desk, by a bare script",
            value=median(ours),
            unit="ms",
            ratio=median(ours) / median(bare),
            # The bare script pays nothing for the process that keeps a crash away from the alarms.
            goal=at_most(2),
            n=count,
            note=f"p99 {percentile(ours, 0.99):.1f} ms; a bare pjsua2 script in one process "
            f"{median(bare):.1f} ms (p99 {percentile(bare, 0.99):.1f})",
        )
    ]
