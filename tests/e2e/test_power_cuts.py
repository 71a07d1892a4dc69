"""Killed at any moment, restarted, cut off: nothing is lost and nothing is doubled."""

import json
import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.e2e.devices import Devices, alarm, at, topic
from tests.e2e.hub import Hub
from tests.peers.mosquitto import Mosquitto
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
STORED = "SELECT count(*) FROM message"
COUNT = 900


def storm(prefix: str, count: int) -> list[tuple[str, str]]:
    """Return alarms of as many devices, every third without an id, each text its own."""
    return [
        (
            topic(f"{prefix}-{number}"),
            alarm(id=f"{prefix}-{number}", text=f"{number}")
            if number % 3
            else alarm(id=None, at=None, text=f"{number}"),
        )
        for number in range(count)
    ]


def all_once(hub: Hub, expected: int) -> None:
    rows = hub.alarms()
    doubled = {name: n for name, n in Counter(row["device"] for row in rows).items() if n > 1}
    assert doubled == {}
    assert [row["device"] for row in rows if row["repeats"]] == []
    assert len(rows) == expected


def test_killed_again_and_again_in_the_middle_of_a_storm(hub: Hub, devices: Devices) -> None:
    """Waits for a number of stored alarms, a different one each time, and pulls the plug."""
    pick = random.Random(7)
    hub.start().ready().stop()
    messages = storm("s", COUNT)
    devices.send_all(messages[:300])
    stored = 0
    for turn in range(5):
        ingest = hub.start().ready()
        devices.send_all(messages[300 + 120 * turn : 420 + 120 * turn])
        stored += pick.randint(20, 110)
        hub.until(STORED, stored)
        ingest.kill()
    with hub.ingest():
        hub.has(COUNT)
        # The last ones sent: when these are stored, every redelivery before them has been judged.
        devices.send_all(storm("last", 3))
        hub.has(COUNT + 3)
    all_once(hub, COUNT + 3)


def test_killed_between_commit_and_acknowledgement(hub: Hub, devices: Devices) -> None:
    """Frozen once the first alarms are stored: what it has sent by then may be nothing at all."""
    ingest = hub.start().ready()
    for turn in range(3):
        before = hub.ask(STORED)
        devices.send_all(storm(f"t{turn}", 60))
        hub.until(STORED, before + 1)
        ingest.freeze()
        ingest.kill()
        ingest = hub.start().ready()
    hub.has(180)
    devices.send_all(storm("last", 3))
    hub.has(183)
    ingest.stop()
    all_once(hub, 183)


def test_a_copy_of_what_was_stored_before_the_cut_is_no_repeat(hub: Hub, devices: Devices) -> None:
    messages = [message for message in storm("s", 60) if '"id"' in message[1]]
    ingest = hub.start().ready()
    devices.send_all(messages)
    hub.has(len(messages))
    ingest.kill()
    devices.send_all(messages)
    with hub.ingest():
        devices.send_all([*messages, (topic("last"), alarm())])
        hub.of("last")
    all_once(hub, len(messages) + 1)


def test_what_is_published_while_it_is_down_comes_when_it_is_back(
    hub: Hub, devices: Devices
) -> None:
    hub.start().ready().stop()
    devices.send(topic("watch", "reading"), json.dumps({"at": at(), "values": {"pulse": 71}}))
    devices.send_all(storm("s", 30))
    with hub.ingest():
        hub.has(30)
        hub.until("SELECT count(*) FROM reading", 1)
    all_once(hub, 30)


def test_an_order_to_end_in_the_middle_of_a_storm(hub: Hub, devices: Devices) -> None:
    ingest = hub.start().ready()
    devices.send_all(storm("s", 600))
    hub.until(STORED, 1)
    ingest.stop()
    with hub.ingest():
        hub.has(600)
        devices.send_all(storm("last", 3))
        hub.has(603)
    all_once(hub, 603)


def test_the_broker_is_restarted_in_the_middle_of_a_storm(hub: Hub, broker: Mosquitto) -> None:
    messages = storm("s", 600)
    ingest = hub.start().ready()
    for start in range(0, 600, 200):
        with Devices(broker.port) as devices:
            devices.send_all(messages[start : start + 200])
        broker.restart()
    hub.has(600)
    ingest.says("alarms: works again")
    broker.publish(topic("last"), alarm())
    hub.of("last")
    ingest.stop()
    # A broker that restarts does not mark every redelivery (DUP): a press without an id may then
    # count as another press of the same open alarm, and never as an alarm of its own.
    rows = hub.alarms()
    assert len(rows) == 601
    assert [row["device"] for row in rows if row["repeats"] and '"id"' in row["raw"]] == []


def test_the_broker_and_the_hub_are_killed_with_alarms_on_their_way(
    hub: Hub, broker: Mosquitto
) -> None:
    ingest = hub.start().ready()
    ingest.freeze()
    with Devices(broker.port) as devices:
        devices.send_all(storm("s", 200))
    broker.stop()
    ingest.kill()
    broker.start()
    with hub.ingest():
        hub.has(200)
        with Devices(broker.port) as devices:
            devices.send_all(storm("last", 3))
        hub.has(203)
    all_once(hub, 203)


def test_a_broker_that_forgot_everything_is_asked_anew(hub: Hub, broker: Mosquitto) -> None:
    with hub.ingest() as ingest:
        broker.publish(topic("before"), alarm())
        hub.of("before")
        broker.kill()
        (broker.folder / "mosquitto.db").unlink(missing_ok=True)
        ingest.says("connection to the alarm broker was lost")
        broker.start()
        ingest.says("alarms: works again")
        with Devices(broker.port) as devices:
            devices.send_all(storm("s", 50))
        hub.has(51)
    all_once(hub, 51)


def test_started_before_the_broker_and_left_by_it_for_a_while(
    mosquitto: Callable[..., Mosquitto], make_hub: Callable[..., Hub]
) -> None:
    broker = mosquitto()
    broker.stop()
    hub = make_hub(broker.url)
    ingest = hub.start()
    ingest.says("does not answer")
    assert ingest.stdout == []
    broker.start()
    ingest.ready()
    broker.publish(topic("first"), alarm())
    hub.of("first")
    broker.stop()
    ingest.says("connection to the alarm broker was lost")
    broker.start()
    ingest.says("alarms: works again")
    broker.publish(topic("second"), alarm())
    assert hub.of("second")
    ingest.stop()
    all_once(hub, 2)


def test_a_second_program_of_the_same_name_takes_over_and_is_not_fought(
    hub: Hub, broker: Mosquitto
) -> None:
    first = hub.start().ready()
    second = hub.start().ready()
    first.says("Another program took over")
    broker.publish(topic("knap"), alarm())
    hub.of("knap")
    # Each of its three sessions was thrown out once, came back to look, and left the place for good.
    with Devices(broker.port) as devices:
        devices.send_all(storm("s", 50))
    hub.has(51)
    assert second.running
    assert first.running
    ours = [line for line in broker.output.splitlines() if "as eteam-ingest" in line]
    assert len(ours) <= 12, ours
    first.stop()
    second.stop()
    all_once(hub, 51)


def test_two_of_different_instances_live_side_by_side(hub: Hub, broker: Mosquitto) -> None:
    with hub.ingest("--instance", "a"), hub.ingest("--instance", "b"):
        with Devices(broker.port) as devices:
            devices.send_all([(topic(f"d-{n}"), alarm(id=str(n))) for n in range(100)])
        hub.has(100)
        sessions = "SELECT count(*) FROM message"
        until(lambda: hub.ask(sessions) == 100)
    all_once(hub, 100)
