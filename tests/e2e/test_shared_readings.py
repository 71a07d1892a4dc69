"""A hub of several processes on PostgreSQL: each reading is stored by one of them, alarms by all."""

import json
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from tests.e2e.devices import Devices, alarm, at, topic
from tests.e2e.hub import Hub
from tests.peers.mosquitto import Mosquitto
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
ALARMS_ONLY = '[parts]\ningest = ["alarms"]\n'
READINGS_ONLY = '[parts]\ningest = ["readings"]\n'
MakeHub = Callable[..., Hub]
Ask = Callable[[str], int]


@pytest.fixture
def ask(postgres_url: str) -> Ask:
    """`ask(query)` returns the number it gives."""

    def number(query: str) -> int:
        with psycopg.connect(postgres_url) as connection:
            row = connection.execute(query).fetchone()
            return int(row[0]) if row else 0

    return number


def start(make_hub: MakeHub, broker: Mosquitto, url: str, *words: str, more: str = "") -> None:
    hub = make_hub(broker.url, more)
    hub.start("--instance", *words, env={"WORKSTATION_DATABASE__URL": url}).ready()


def reading(ago: timedelta, **channels: float) -> str:
    return json.dumps({"at": at(ago), "values": channels})


def test_two_ingests_share_the_readings(
    make_hub: MakeHub, broker: Mosquitto, postgres_url: str, ask: Ask
) -> None:
    start(make_hub, broker, postgres_url, "one")
    start(make_hub, broker, postgres_url, "two")
    with Devices(broker.port) as devices:
        for number in range(1000):
            ago = timedelta(seconds=1000 - number)
            devices.send(topic(f"r{number % 20}", "reading"), reading(ago, pulse=70.0))
        for number in range(15):
            # Both see some of these: outside for more than two minutes.
            devices.send(
                topic("w", "reading"), reading(timedelta(seconds=150 - 10 * number), pulse=150)
            )
        devices.arrived()
    until(lambda: ask("SELECT count(*) FROM reading") == 1015, timeout=30)
    assert ask("SELECT sum(number) FROM reading_minute") == 1015
    until(lambda: ask("SELECT count(*) FROM alarm WHERE code = 'limit_pulse'") == 1, timeout=30)


def test_each_takes_its_part(
    make_hub: MakeHub, broker: Mosquitto, postgres_url: str, ask: Ask
) -> None:
    start(make_hub, broker, postgres_url, "alarms", more=ALARMS_ONLY)
    with Devices(broker.port) as devices:
        devices.send(topic("d1"), alarm())
        devices.send(topic("d1", "reading"), reading(timedelta(0), pulse=70.0))
        devices.arrived()
    until(lambda: ask("SELECT count(*) FROM alarm") == 1, timeout=30)
    assert ask("SELECT count(*) FROM reading") == 0
    start(make_hub, broker, postgres_url, "readings", more=READINGS_ONLY)
    with Devices(broker.port) as devices:
        devices.send(topic("d2"), alarm())
        devices.send(topic("d1", "reading"), reading(timedelta(0), pulse=71.0))
        devices.arrived()
    until(lambda: ask("SELECT count(*) FROM reading") == 1, timeout=30)
    until(lambda: ask("SELECT count(*) FROM alarm") == 2, timeout=30)


def test_a_member_that_is_gone_takes_no_share_for_long(
    make_hub: MakeHub, broker: Mosquitto, postgres_url: str, ask: Ask
) -> None:
    """A broker gives a sleeping member its share: one that ends in order must leave the group."""
    start(make_hub, broker, postgres_url, "stays")
    gone = make_hub(broker.url).start(
        "--instance", "gone", env={"WORKSTATION_DATABASE__URL": postgres_url}
    )
    gone.ready()
    gone.stop()
    with Devices(broker.port) as devices:
        for number in range(100):
            devices.send(topic("d", "reading"), reading(timedelta(seconds=number), pulse=70.0))
        devices.arrived()
    until(lambda: ask("SELECT count(*) FROM reading") == 100, timeout=30)
