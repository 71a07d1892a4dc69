"""The whole product at the sample Mosquitto: the rights given there are enough, and no more is asked."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.devices import alarm
from tests.e2e.hub import Hub
from tests.peers.mosquitto import Listener
from tests.peers.sample_mosquitto import SampleMosquitto
from tests.waiting import until
from workstation.bootstrap import rules
from workstation.bootstrap.opening import station
from workstation.bootstrap.station import Station

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
PRESS = "hub/v1/0510/pendant-7/alarm"
RECEIPT = "hub/v1/0510/pendant-7/receipt"


@pytest.fixture
def make_hub(tmp_path: Path, broker: SampleMosquitto) -> Iterator[Callable[[str], Hub]]:
    """`make_hub(user)` is a hub whose programs sign in as that user of the desks' door."""
    with ExitStack() as stack:

        def make(user: str) -> Hub:
            more = f'username = "{user}"\npassword_env = "{user.upper()}_PASSWORD"\n'
            hub = Hub(tmp_path / user, broker.url(), more + f'ca_file = "{broker.ca}"\n')
            stack.callback(hub.close)
            return hub

        yield make


def receipts(device: Listener, count: int) -> list[str]:
    return [json.loads(payload)["state"] for _, payload in device.wait_for(count)]


def refusals(broker: SampleMosquitto) -> list[str]:
    return [line for line in broker.log.splitlines() if "Denied" in line]


def test_ingest_stores_and_answers(broker: SampleMosquitto, make_hub: Callable[[str], Hub]) -> None:
    hub = make_hub("ingest")
    device = broker.listen("workstation", RECEIPT, door="desks")
    ingest = hub.start(env={"INGEST_PASSWORD": broker.passwords["ingest"]}).ready()
    broker.publish("0510/pendant-7", PRESS, alarm(id="i-1"))
    assert receipts(device, 1) == ["stored"]
    broker.publish("zigbee2mqtt", "zigbee2mqtt/knap", '{"action": "sos"}')
    assert hub.one("knap")["kind"] == "emergency"
    told = json.dumps({"state_topic": "esphome/bad/state", "device_class": "safety", "name": "sos"})
    broker.publish("homeassistant", "homeassistant/binary_sensor/bad/sos/config", told, retain=True)
    until(lambda: "esphome/bad/state" in broker.log)
    broker.publish("homeassistant", "esphome/bad/state", "ON")
    assert hub.one("bad")["kind"] == "emergency"
    broker.publish("shelly-1", "shelly-1/events/rpc", json.dumps({
        "src": "shelly-1", "method": "NotifyStatus", "params": {"smoke:0": {"alarm": True}}}))  # fmt: skip
    assert hub.one("shelly-1")["code"] == "smoke"
    values = '{"at": "2026-03-14T20:51:03Z", "values": {"pulse": 72}}'
    broker.publish("0510/pendant-7", "hub/v1/0510/pendant-7/reading", values)
    hub.until("SELECT count(*) FROM reading", 1)
    ingest.stop()
    assert refusals(broker) == []
    broker.publish("homeassistant", "homeassistant/binary_sensor/bad/sos/config", "", retain=True)


def test_a_desk_stores_takes_and_tells(
    broker: SampleMosquitto,
    make_hub: Callable[[str], Hub],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = make_hub("workstation")
    monkeypatch.setenv("WORKSTATION_PASSWORD", broker.passwords["workstation"])
    device = broker.listen("workstation", RECEIPT, door="desks")
    asyncio.run(_at_a_desk(hub, broker, device))
    assert set(receipts(device, 2)) == {"stored", "taken"}
    assert refusals(broker) == []


async def _at_a_desk(hub: Hub, broker: SampleMosquitto, device: Listener) -> None:
    one: Station
    session = rules.session(hub.settings, "")
    async with station(hub.settings, role="desk", instance="", session=session) as one:
        await _until(one, lambda: one.health.part("alarms").state == "ok")
        broker.publish("0510/pendant-7", PRESS, alarm(id="d-1"))
        await _until(one, lambda: one.board.alarms() and one.board.alarms()[0].saved)
        (raised,) = one.board.alarms()
        await one.desk.take(raised.id)
        await _until(one, lambda: len(device.messages) > 1)


async def _until(one: Station, fact: Callable[[], object]) -> None:
    seen = asyncio.Event()

    async def look() -> None:
        if fact():
            seen.set()

    one.every(0.02, look, at_once=True)
    await asyncio.wait_for(seen.wait(), 20)


def test_check_says_what_a_user_may_not(
    broker: SampleMosquitto, make_hub: Callable[[str], Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = make_hub("workstation")
    monkeypatch.setenv("WORKSTATION_PASSWORD", broker.passwords["workstation"])
    assert '"broker", "ok": true' in hub.run("check", "--json").stdout
    text = hub.config.read_text().replace(str(broker.ports["desks"]), str(broker.ports["devices"]))
    text = text.replace('username = "workstation"', 'username = "zigbee2mqtt"')
    monkeypatch.setenv("WORKSTATION_PASSWORD", broker.passwords["zigbee2mqtt"])
    hub.config.write_text(text)
    checked = hub.run("check", "--json").stdout
    assert "does not let broker.username write to hub/v1/" in checked
    words = ["--devices", "1", "--rate", "10", "--seconds", "0.1"]
    told = hub.run("simulate", *words)
    assert told.returncode != 0
    assert "does not let broker.username write to hub/v1/" in told.stderr
