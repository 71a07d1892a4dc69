"""Told to end while the database says nothing: in order, by itself, and no alarm lost.

The exit code tells: 0 in order, another one when the last resort had to end it.
"""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.e2e.devices import alarm, topic
from tests.e2e.hub import ROOT, Hub
from tests.peers.mosquitto import Mosquitto
from tests.peers.postgres import Postgres
from tests.peers.proxy import Proxy, proxies
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.peer]


@contextmanager
def locked(hub: Hub) -> Iterator[None]:
    with closing(sqlite3.connect(hub.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


class Far:
    """A server whose line can be stalled, and what a process needs to come to it that way."""

    def __init__(self, server: Postgres, url: str, line: Proxy, data: Path) -> None:
        self._server = server
        self._database = url.rpartition("/")[2]
        self.line = line
        self.env = {
            "WORKSTATION_DATABASE__URL": url.replace(f":{server.port}/", f":{line.port}/"),
            "XDG_DATA_HOME": str(data),
        }

    def count(self, table: str) -> int:
        [(found,)] = self._server.run(f"SELECT count(*) FROM {table}", database=self._database)
        return int(found)


@pytest.fixture
def far(postgres_server: Postgres, postgres_url: str, tmp_path: Path) -> Iterator[Far]:
    with proxies() as make:
        yield Far(postgres_server, postgres_url, make(postgres_server.port), tmp_path / "data")


class Window:
    """`main.py desk` with its window in memory."""

    def __init__(self, hub: Hub, env: Mapping[str, str]) -> None:
        self._log = hub.folder / "desk.log"
        command = [sys.executable, str(ROOT / "main.py"), "desk", "--config", str(hub.config)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **env},
            )

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def listens(self, broker: Mosquitto) -> None:
        """Wait until the broker keeps alarms for it."""
        mine = re.compile(r"Sending SUBACK to eteam-desk-(?!readings|presence|audit)")
        self.until(lambda: mine.search(broker.output) is not None)

    def until(self, fact: Callable[[], bool]) -> None:
        until(lambda: fact() or self._process.poll() is not None, timeout=40, why=lambda: self.log)
        assert self._process.poll() is None, self.log

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(20) == 0, self.log
        assert "Traceback" not in self.log, self.log

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def open_window() -> Iterator[Callable[..., Window]]:
    opened: list[Window] = []

    def start(hub: Hub, env: Mapping[str, str] | None = None) -> Window:
        opened.append(Window(hub, env or {}))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_an_ingest_whose_server_says_nothing(hub: Hub, broker: Mosquitto, far: Far) -> None:
    ingest = hub.start(env=far.env).ready()
    far.line.stall()
    broker.publish(topic("knap"), alarm())
    ingest.says("does not answer")
    broker.publish(topic("snor"), alarm())
    ingest.stop()
    far.line.heal()
    again = hub.start(env=far.env).ready()
    until(lambda: far.count("alarm") == 2, timeout=40, why=lambda: again.log)
    again.stop()


def test_a_window_whose_file_is_locked(
    hub: Hub, broker: Mosquitto, open_window: Callable[..., Window]
) -> None:
    window = open_window(hub)
    window.listens(broker)
    broker.publish(topic("first"), alarm())
    hub.one("first")
    with locked(hub):
        broker.publish(topic("second"), alarm())
        window.until(lambda: "alarms cannot be stored" in window.log)
        window.stop()
    again = open_window(hub)
    hub.one("second")
    again.stop()


def test_a_window_whose_server_says_nothing(
    hub: Hub, broker: Mosquitto, far: Far, open_window: Callable[..., Window]
) -> None:
    window = open_window(hub, far.env)
    window.listens(broker)
    window.until(lambda: far.count("presence") > 0)
    far.line.stall()
    broker.publish(topic("knap"), alarm())
    window.until(lambda: "alarms cannot be stored" in window.log)
    window.stop()
