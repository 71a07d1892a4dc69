"""A mosquitto that logs nothing: a line of log per message would be measured as well."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.process import PeerProcess, accepts, free_port, program
from tests.waiting import until

_CONFIG = """listener {port} 127.0.0.1
user root
allow_anonymous true
set_tcp_nodelay true
max_queued_messages 0
max_inflight_messages 1000
log_dest none
"""


@contextmanager
def broker(folder: Path) -> Iterator[int]:
    """Run one on a free loopback port, with the inflight window of the product's own broker."""
    port = free_port()
    config = folder / f"mosquitto-{port}.conf"
    config.write_text(_CONFIG.format(port=port), encoding="utf-8")
    with PeerProcess([program("mosquitto"), "-c", config]) as process:
        process.ready(lambda: accepts(port))
        yield port


class MosquittoSub:
    """A mosquitto_sub with QoS 1 that writes the time of every message into a file."""

    def __init__(self, folder: Path, port: int, topic: str, count: int) -> None:
        """Start it and wait until it is subscribed; it ends after `count` messages."""
        self._times = folder / f"heard-{time.monotonic_ns()}"
        mark = self._times.name
        with self._times.open("wb") as file:
            self._process = subprocess.Popen(
                [program("mosquitto_sub"), "-p", str(port), "-V", "mqttv5", "-q", "1",
                 "-F", "%U", "-t", topic, "-t", mark, "-C", str(count + 1)],
                stdout=file,
            )  # fmt: skip
        # What is retained comes when the subscription stands: the first message of all.
        pub = [program("mosquitto_pub"), "-p", str(port), "-t", mark, "-m", "-", "-r"]
        subprocess.run(pub, check=True)
        until(lambda: self._times.stat().st_size)

    def rate(self) -> float:
        """Wait for its end and return messages a second, the first not counted."""
        self._process.wait(60)
        _mark, first, *rest = self._times.read_text(encoding="ascii").split()
        return len(rest) / (float(rest[-1]) - float(first))
