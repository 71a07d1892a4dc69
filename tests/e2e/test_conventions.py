"""Devices of every convention, as they really speak, become the right alarms of the whole product."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.e2e.devices import alarm, at, topic
from tests.e2e.hub import Hub
from tests.peers.mosquitto import Mosquitto
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
Say = Callable[..., None]


def shown(hub: Hub, device: str, count: int = 1) -> list[tuple[str, str, int, bool]]:
    rows = hub.of(device, count)
    return [(row["kind"], row["code"], row["repeats"], row["retained"]) for row in rows]


def settled(hub: Hub, say: Say, name: str) -> None:
    """Return when everything published before has been judged: one session keeps the order."""
    say(topic(name), alarm())
    hub.of(name)


# --- zigbee2mqtt ---


def test_a_button_is_an_edge_and_its_release_says_nothing(live: Hub, say: Say) -> None:
    for state in ({"action": "emergency", "battery": 100}, {"action": "", "battery": 100}) * 2:
        say("zigbee2mqtt/knap", json.dumps(state))
    settled(live, say, "after-knap")
    assert shown(live, "knap") == [("emergency", "emergency", 1, False)]


def test_a_level_that_stays_is_one_alarm_and_counts_again_once_it_was_gone(
    live: Hub, say: Say
) -> None:
    for sos in (True, True, False, True):
        say("zigbee2mqtt/snor", json.dumps({"sos": sos, "battery_low": False, "battery": 97}))
    settled(live, say, "after-snor")
    assert shown(live, "snor") == [("emergency", "sos", 1, False)]


def test_a_fall_with_its_warning(live: Hub, say: Say) -> None:
    for status in ("normal", "fall_warning", "fall_alarm", "fall_alarm", "normal"):
        say("zigbee2mqtt/fald", json.dumps({"fall_status": status, "occupancy": True}))
    settled(live, say, "after-fald")
    kinds = sorted((kind, code) for kind, code, _, _ in shown(live, "fald", 2))
    assert kinds == [("emergency", "fall"), ("supervision", "possible_fall")]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("smoke", "emergency"),
        ("gas", "emergency"),
        ("carbon_monoxide", "emergency"),
        ("water_leak", "supervision"),
        ("tamper", "technical"),
        ("battery_low", "technical"),
    ],
)
def test_safety_values(live: Hub, say: Say, key: str, kind: str) -> None:
    say(f"zigbee2mqtt/v-{key}", json.dumps({key: True}))
    assert shown(live, f"v-{key}") == [(kind, key, 0, False)]


@pytest.mark.parametrize("offline", ['{"state":"offline"}', "offline"])
def test_a_device_that_cannot_be_reached(live: Hub, say: Say, offline: str) -> None:
    name = f"gone-{len(offline)}"
    say(f"zigbee2mqtt/{name}/availability", offline)
    assert shown(live, name) == [("technical", "offline", 0, False)]


# --- Home Assistant, Shelly, the hub's own status ---


def test_a_discovered_sensor_is_listened_to(live: Hub, say: Say, shared_broker: Mosquitto) -> None:
    config = {
        "name": "Snor i badet",
        "~": "bad/snor",
        "stat_t": "~/state",
        "dev_cla": "safety",
        "dev": {"ids": ["bad"], "name": "Badeværelse"},
    }
    say("homeassistant/binary_sensor/bad/sos/config", json.dumps(config), retain=True)
    until(lambda: "bad/snor/state" in shared_broker.output, why=lambda: shared_broker.output)
    say("bad/snor/state", "ON")
    ((kind, code, repeats, _),) = shown(live, "bad")
    assert (kind, code, repeats) == ("emergency", "sos", 0)


def test_a_shelly_smoke_detector(live: Hub, say: Say) -> None:
    for state in (True, True, False):
        params = {"ts": 1700000000.1, "smoke:0": {"id": 0, "alarm": state}}
        frame = {"src": "shellyplussmoke-x", "method": "NotifyStatus", "params": params}
        say("shellyplussmoke-x/events/rpc", json.dumps(frame))
    settled(live, say, "after-shelly")
    assert shown(live, "shellyplussmoke-x") == [("emergency", "smoke", 0, False)]


def test_a_gateways_last_will(live: Hub, say: Say) -> None:
    say(topic("gateway", "status"), '{"state":"online"}', retain=True)
    say(topic("gateway", "status"), '{"state":"offline"}', retain=True)
    say(topic("gateway", "status"), '{"state":"offline"}', retain=True)
    settled(live, say, "after-gateway")
    assert shown(live, "gateway") == [("technical", "offline", 0, False)]


def test_an_alarm_that_came_before_its_explanation(hub: Hub, broker: Mosquitto) -> None:
    """While the hub was down: the broker sends the alarm first, and what explains it behind it."""
    for name in ("snor", "lys"):
        config = {"name": "sos", "stat_t": f"bad/{name}", "dev_cla": "safety"}
        broker.publish(
            f"homeassistant/binary_sensor/{name}/sos/config", json.dumps(config), retain=True
        )
    with hub.ingest():
        until(lambda: "bad/lys" in broker.output and "bad/snor" in broker.output)
    broker.publish("bad/snor", "ON")
    broker.publish("bad/lys", "ON")
    broker.publish("homeassistant/binary_sensor/lys/sos/config", "", retain=True)
    with hub.ingest():
        hub.has(2)
    assert {(row["kind"], row["code"]) for row in hub.alarms()} == {
        ("emergency", "sos"),
        ("technical", "unreadable"),
    }


# --- what the broker kept ---


def test_what_was_kept_is_judged_once_however_often_it_comes(hub: Hub, broker: Mosquitto) -> None:
    """An event of long ago is technical, a fresh one alarms, a lasting state alarms as of start-up."""
    kept = {
        topic("old"): alarm(id="old", at=at(timedelta(hours=2))),
        topic("fresh"): alarm(id="fresh", at=at(timedelta(minutes=5))),
        topic("timeless"): alarm(id=None, at=None),
        "zigbee2mqtt/latched": '{"sos":true,"battery":80}',
        "zigbee2mqtt/calm": '{"sos":false,"battery":80}',
        "zigbee2mqtt/ghost": '{"action":"emergency"}',
        "zigbee2mqtt/broken": "{",
    }
    for name, payload in kept.items():
        broker.publish(name, payload, retain=True)
    for _turn in range(2):
        with hub.ingest() as ingest:
            hub.has(6)
            broker.restart()
            ingest.says("alarms: works again")
            broker.publish(topic("live"), alarm(id="live"))
            hub.of("live")
    rows = {row["device"]: row for row in hub.alarms()}
    assert len(rows) == len(hub.alarms()) == 7
    assert {name: (row["kind"], row["code"], row["retained"]) for name, row in rows.items()} == {
        "old": ("technical", "old_press", True),
        "fresh": ("emergency", "pendant", True),
        "timeless": ("technical", "old_press", True),
        "latched": ("emergency", "sos", True),
        "ghost": ("technical", "old_press", True),
        "broken": ("technical", "unreadable", True),
        "live": ("emergency", "pendant", False),
    }
    assert {name for name, row in rows.items() if row["repeats"]} <= {"live"}


def test_a_press_that_the_broker_keeps_alarms_at_once_when_it_is_heard_live(
    live: Hub, say: Say
) -> None:
    say(topic("keeping"), alarm(id="k"), retain=True)
    assert shown(live, "keeping") == [("emergency", "pendant", 0, False)]


def test_a_level_that_ended_while_nobody_listened_may_alarm_again(
    hub: Hub, broker: Mosquitto
) -> None:
    with hub.ingest():
        broker.publish("zigbee2mqtt/snor", '{"sos":true}')
        hub.one("snor")
    broker.publish("zigbee2mqtt/snor", '{"sos":false}')
    with hub.ingest():
        broker.publish("zigbee2mqtt/snor", '{"sos":true}')
        hub.until("SELECT repeats FROM alarm WHERE device = 'snor'", 1)
    assert hub.one("snor")["repeats"] == 1
