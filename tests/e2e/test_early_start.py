"""A desk that is started at sign-in, before there is a network: it comes up, and connects later."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.devices import alarm, topic
from tests.peers.mosquitto import Mosquitto
from tests.peers.postgres import Postgres
from tests.peers.process import free_port
from tests.peers.proxy import Proxy, proxies
from tests.waiting import until
from workstation.adapters.system import only_one
from workstation.paths import root

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
SETTINGS = """
[hub]
kommuner = ["0510"]
unwatched_after_s = 86400
[database]
url = "{database}"
[broker]
url = "{broker}"
[sip]
kind = "registrar"
address = "telephones.invalid:{sip}"
username = "desk"
"""


@pytest.fixture
def line(postgres_server: Postgres) -> Iterator[Proxy]:
    with proxies() as make:
        yield make(postgres_server.port)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """`start(database, broker)` opens a desk in memory and returns its log."""
    with ExitStack() as stack:

        def begin(database: str, broker: str) -> Path:
            config, log = tmp_path / "hub.toml", tmp_path / "desk.log"
            config.write_text(SETTINGS.format(database=database, broker=broker, sip=free_port()))
            own = {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(tmp_path / "data")}
            with log.open("wb") as out:
                desk = subprocess.Popen(
                    [sys.executable, str(root() / "main.py"), "desk", "--config", str(config)],
                    stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, **own},
                )  # fmt: skip
            stack.callback(desk.wait)
            stack.callback(desk.kill)
            return log

        yield begin


def test_it_opens_its_window_and_connects_as_each_comes(
    start: Callable[..., Path],
    line: Proxy,
    postgres_server: Postgres,
    postgres_url: str,
    mosquitto: Callable[..., Mosquitto],
    tmp_path: Path,
) -> None:
    broker = mosquitto()
    broker.stop()
    line.cut()
    log = start(postgres_url.replace(f":{postgres_server.port}/", f":{line.port}/"), broker.url)

    def says(*words: str) -> None:
        until(
            lambda: any(one in log.read_text(errors="replace") for one in words),
            timeout=60,
            why=lambda: log.read_text(errors="replace"),
        )

    says("the desk is open")
    assert len(only_one.places(tmp_path / "data" / "e-team-workstation" / "running")) == 1
    broker.start()
    mine = re.compile(r"Sending SUBACK to eteam-desk-(?!readings|presence|audit)")
    until(lambda: mine.search(broker.output), timeout=40, why=lambda: broker.output)
    broker.publish(topic("early"), alarm())
    line.heal()
    stored = "SELECT count(*) FROM alarm WHERE device = 'early'"
    database = postgres_url.rpartition("/")[2]
    until(
        lambda: list(postgres_server.run(stored, database=database)) == [(1,)],
        timeout=60,
        why=lambda: log.read_text(errors="replace"),
    )
    assert "Traceback" not in log.read_text(errors="replace")
