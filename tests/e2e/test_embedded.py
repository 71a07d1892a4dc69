"""The broker that the program starts itself: mosquitto where it is installed, else amqtt."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.devices import alarm, topic
from tests.e2e.hub import ROOT, Hub
from tests.peers.process import accepts, program
from tests.waiting import until
from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.embedded_broker import EmbeddedBroker
from workstation.adapters.mqtt.publisher import Publisher

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
OWN = [sys.executable, str(ROOT / "main.py")]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., EmbeddedBroker]]:
    with ExitStack() as stack:

        def start(mosquitto: str | None) -> EmbeddedBroker:
            broker = EmbeddedBroker(tmp_path / "broker", own_command=OWN, mosquitto=mosquitto)
            stack.callback(broker.stop)
            broker.start()
            return broker

        yield start


@pytest.mark.parametrize("name", ["mosquitto", "amqtt"])
def test_alarms_come_through(
    started: Callable[..., EmbeddedBroker], make_hub: Callable[..., Hub], name: str
) -> None:
    broker = started(program("mosquitto") if name == "mosquitto" else None)
    assert broker.name == name
    url = f"mqtt://127.0.0.1:{broker.port}"
    hub = make_hub(url, f'protocol = "{broker.protocol}"\n')
    address = Address(url=url, client_id="device", protocol=broker.protocol)
    with hub.ingest(), Publisher(address) as publisher:
        for number in range(20):
            said = alarm(id=str(number)).encode()
            publisher.publish(topic(f"d{number}"), said)
        publisher.flush()
        hub.has(20)
    assert len(hub.alarms()) == 20


def test_what_waits_there_outlives_it(
    started: Callable[..., EmbeddedBroker], make_hub: Callable[..., Hub]
) -> None:
    broker = started(program("mosquitto"))
    hub = make_hub(f"mqtt://127.0.0.1:{broker.port}")
    hub.start().ready().stop()
    address = Address(url=f"mqtt://127.0.0.1:{broker.port}", client_id="device")
    with Publisher(address) as publisher:
        publisher.publish(topic("knap"), alarm().encode())
        publisher.flush()
    broker.stop()
    again = started(program("mosquitto"))
    config = hub.config.read_text().replace(str(broker.port), str(again.port))
    hub.config.write_text(config)
    with hub.ingest():
        assert hub.one("knap")["kind"] == "emergency"


@pytest.mark.parametrize("mosquitto", [program("mosquitto"), None])
def test_it_does_not_outlive_a_program_that_is_killed(
    tmp_path: Path, mosquitto: str | None
) -> None:
    starter = tmp_path / "starter.py"
    starter.write_text(
        "import pathlib, sys\n"
        "from workstation.adapters.mqtt.embedded_broker import EmbeddedBroker\n"
        f"broker = EmbeddedBroker(pathlib.Path({str(tmp_path)!r}), own_command={OWN!r},"
        f" mosquitto={mosquitto!r})\n"
        "broker.start()\n"
        "print(broker.port, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, str(starter)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        assert accepts(port)
        process.kill()
    until(lambda: not accepts(port))
