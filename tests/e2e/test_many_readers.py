"""Several `main.py ingest` on one broker and one database: every press once, whoever dies meanwhile."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.e2e.devices import alarm, topic
from tests.e2e.hub import Hub, Ingest
from tests.fakes import FakeClock
from tests.peers.mosquitto import Mosquitto
from tests.waiting import until
from workstation.adapters.db.database import Database

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
NAMES = ("a", "b", "c")
ZIGBEE = "zigbee2mqtt/knap"
PRESS = '{"action":"emergency"}'


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, hub: Hub) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{hub.database}"


@pytest.fixture
def start(hub: Hub, url: str) -> Callable[[str], Ingest]:
    def start_one(name: str) -> Ingest:
        return hub.start("--instance", name, env={"WORKSTATION_DATABASE__URL": url})

    return start_one


@pytest.fixture
def count(url: str) -> Iterator[Callable[[str], int]]:
    """`count(device)` is how often its button was pressed, as the database has it."""
    with closing(Database(url, clock=FakeClock(), machine="test")) as database:

        def presses(device: str) -> int:
            alarms = asyncio.run(database.alarms.listed(everything=True, since=None))
            return sum(one.repeats + 1 for one in alarms if one.device == device)

        yield presses


def test_a_press_that_three_hear_counts_once(
    broker: Mosquitto, start: Callable[[str], Ingest], count: Callable[[str], int]
) -> None:
    ingests = [start(name).ready() for name in NAMES]
    for _ in range(10):
        broker.publish(ZIGBEE, PRESS)
    broker.publish(topic("last"), alarm())
    until(lambda: count("last"), timeout=30)
    for one in ingests:
        one.stop()
    assert (count("knap"), count("last")) == (10, 1)


def test_who_was_away_hears_the_same_again_and_counts_it_once(
    broker: Mosquitto, start: Callable[[str], Ingest], count: Callable[[str], int]
) -> None:
    stays, leaves = (start(name).ready() for name in NAMES[:2])
    leaves.kill()
    for _ in range(10):
        broker.publish(ZIGBEE, PRESS)
    until(lambda: count("knap") == 10, timeout=30)
    comes_back = start(NAMES[1]).ready()
    stays.kill()
    broker.publish(ZIGBEE, PRESS)
    broker.publish(topic("last"), alarm())
    until(lambda: count("last"), timeout=30)
    assert count("knap") == 11
    start(NAMES[0]).ready().stop()
    comes_back.stop()
    assert (count("knap"), count("last")) == (11, 1)
