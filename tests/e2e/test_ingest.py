"""The contract of `main.py ingest` and `main.py alarms` that other programs rely on."""

import json
import signal
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.e2e.devices import alarm, at, now, topic
from tests.e2e.hub import READY, Hub
from tests.peers.mosquitto import Listener, Mosquitto
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.peer]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_says_one_line_and_ends_in_order(hub: Hub, how: signal.Signals) -> None:
    ingest = hub.start().ready()
    ingest.stop(how)
    assert ingest.stdout == READY


def test_it_ends_in_order_before_it_was_ever_ready(make_hub: Callable[..., Hub]) -> None:
    ingest = make_hub("mqtt://127.0.0.1:1").start()
    ingest.says("127.0.0.1:1", "does not answer")
    ingest.stop()
    assert ingest.stdout == []


def test_an_alarm_is_stored_with_everything_it_said(live: Hub, say: Callable[..., None]) -> None:
    when = at(timedelta(seconds=3))
    said = alarm(
        id="8f1c-42", at=when, text="Tryk på halssmykke", priority=1, location="bathroom",
        voice="sip:unit17@10.0.4.7",
    )  # fmt: skip
    say(topic("pendant-1"), said)
    row = live.one("pendant-1")
    assert row["kind"] == "emergency"
    assert row["code"] == "pendant"
    assert row["text"] == "Tryk på halssmykke"
    assert row["state"] == "raised"
    assert row["priority"] == 1
    assert row["citizen"] is None
    assert row["kommune"] == "0510"
    assert row["source"] == "hub"
    assert row["repeats"] == 0
    assert row["taken_by"] is row["taken_at"] is row["outcome"] is row["resolved_at"] is None
    assert row["retained"] is False
    assert row["raw"] == said
    assert (row["location"], row["voice"]) == ("bathroom", "sip:unit17@10.0.4.7")
    assert datetime.fromisoformat(row["raised_at"]) == datetime.fromisoformat(when)
    received = datetime.fromisoformat(row["received_at"])
    assert received.tzinfo is not None
    assert timedelta(0) <= now() - received < timedelta(minutes=5)


@pytest.mark.parametrize("kind", ["emergency", "technical", "supervision", "medication"])
def test_every_kind(live: Hub, say: Callable[..., None], kind: str) -> None:
    say(topic(f"kind-{kind}"), alarm(kind=kind, code="x"))
    assert live.one(f"kind-{kind}")["kind"] == kind


def test_a_stored_alarm_is_receipted_and_so_is_each_copy(
    live: Hub, say: Callable[..., None], listen: Callable[..., Listener]
) -> None:
    heard = listen(topic("receipted", "receipt"))
    said = alarm(id="r-1")
    say(topic("receipted"), said)
    expected = (topic("receipted", "receipt"), {"id": "r-1", "state": "stored"})
    (name, receipt), *_ = heard.wait_for(1)
    assert (name, json.loads(receipt)) == expected
    assert live.one("receipted")["repeats"] == 0
    say(topic("receipted"), said)
    say(topic("receipted"), said)
    assert [json.loads(receipt) for _, receipt in heard.wait_for(3)] == [expected[1]] * 3
    assert live.one("receipted")["repeats"] == 0


def test_the_same_press_again_is_folded(live: Hub, say: Callable[..., None]) -> None:
    for number in range(3):
        say(topic("eager"), alarm(id=f"press-{number}"))
    live.until("SELECT repeats FROM alarm WHERE device = 'eager'", 2)
    assert live.one("eager")["repeats"] == 2


def test_presses_without_an_id_are_folded_though_their_bytes_are_the_same(
    live: Hub, say: Callable[..., None]
) -> None:
    said = alarm(id=None, at=None)
    say(topic("plain"), said)
    say(topic("plain"), said)
    live.until("SELECT repeats FROM alarm WHERE device = 'plain'", 1)
    assert live.one("plain")["repeats"] == 1


def test_an_id_used_for_something_else_is_an_alarm_and_a_technical_one(
    live: Hub, say: Callable[..., None]
) -> None:
    when = at()
    say(topic("forgetful"), alarm(id="7", at=when, text="first"))
    say(topic("forgetful"), alarm(id="7", at=when, text="second"))
    rows = live.of("forgetful", 3)
    assert sorted((row["kind"], row["code"], row["text"]) for row in rows) == [
        ("emergency", "pendant", "first"),
        ("emergency", "pendant", "second"),
        ("technical", "duplicate_id", "7"),
    ]
    say(topic("forgetful"), alarm(id="7", at=when, text="second"))
    say(topic("forgetful-2"), alarm())
    live.one("forgetful-2")
    assert [row["repeats"] for row in live.of("forgetful", 3)] == [0, 0, 0]


def test_an_unknown_device_alarms_and_a_registered_one_is_its_citizens(
    hub: Hub, broker: Mosquitto
) -> None:
    register = hub.folder / "register.json"
    citizen = {"citizen": "c1", "kommune": "0860", "name": "Karen Holm", "numbers": ["74621048"]}
    device = {"device": "knap", "kommune": "0860", "class": "pendant", "citizen": "c1"}
    register.write_text(json.dumps({"citizens": [citizen], "devices": [device]}))
    done = hub.run("register", "--import", str(register))
    assert done.returncode == 0, done.stderr
    with hub.ingest():
        broker.publish("zigbee2mqtt/knap", '{"action":"emergency"}')
        broker.publish("zigbee2mqtt/ukendt", '{"action":"emergency"}')
        known, unknown = hub.one("knap"), hub.one("ukendt")
    assert (known["citizen"], known["kommune"]) == ("c1", "0860")
    assert (unknown["citizen"], unknown["kommune"]) == (None, "0510")


def test_the_listing_as_a_command(hub: Hub, broker: Mosquitto) -> None:
    with hub.ingest():
        broker.publish(topic("one"), alarm())
        broker.publish(topic("two"), alarm())
        hub.has(2)
        done = hub.run("alarms", "--json", "--all")
    assert done.returncode == 0
    assert [json.loads(line)["device"] for line in done.stdout.splitlines()] == ["one", "two"]
    assert hub.run("alarms", "--json", "--since", "2035-01-01T00:00:00Z").stdout == ""


def test_a_message_without_acknowledgement_is_stored_as_well(
    live: Hub, shared_broker: Mosquitto
) -> None:
    shared_broker.publish(topic("qos-0"), alarm(), qos=0)
    shared_broker.publish(topic("qos-2"), alarm(), qos=2)
    assert live.one("qos-0")["kind"] == live.one("qos-2")["kind"] == "emergency"


def test_simulate_says_what_it_sent_and_all_of_it_is_stored(hub: Hub) -> None:
    with hub.ingest():
        words = ["--devices", "20", "--rate", "200", "--seconds", "0.5"]
        done = hub.run("simulate", *words)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["sent"] == 100
        hub.until("SELECT count(*) + sum(repeats) FROM alarm", 100)
        until(lambda: len(hub.alarms()) == 100)
