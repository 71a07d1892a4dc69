"""Readings of real messages: stored, rolled up, and watched for limits."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.e2e.devices import Devices, alarm, at, now, topic
from tests.e2e.hub import Hub
from tests.peers.mosquitto import Mosquitto

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
Say = Callable[..., None]


def values(device: str) -> str:
    return f"SELECT count(*) FROM reading JOIN series ON id = series WHERE device = '{device}'"


def reading(ago: timedelta = timedelta(0), **channels: float) -> str:
    return json.dumps({"at": at(ago), "values": channels})


def test_readings_are_stored_once_and_rolled_up(live: Hub, say: Say) -> None:
    one = reading(pulse=71.0, spo2=0.97)
    say(topic("watch", "reading"), one)
    say(topic("watch", "reading"), one)
    minutes = [timedelta(minutes=number) for number in (3, 2, 1)]
    several = [json.loads(reading(ago, pulse=70.0)) for ago in minutes]
    say(topic("watch", "reading"), json.dumps(several))
    live.until(values("watch"), 5)
    assert live.ask(values("watch")) == 5
    assert [row for row in live.alarms() if row["device"] == "watch"] == []


def test_readings_of_other_conventions(live: Hub, say: Say) -> None:
    say("zigbee2mqtt/klima", '{"temperature":21.5,"humidity":44.7,"linkquality":90}')
    params = {"ts": now().timestamp(), "temperature:0": {"tC": 19.8}}
    frame = {"src": "shellyht", "method": "NotifyFullStatus", "params": params}
    say("shellyht/events/rpc", json.dumps(frame))
    live.until(values("klima"), 3)
    live.until(values("shellyht"), 1)


def test_a_storm_of_readings_delays_no_alarm(live: Hub, shared_broker: Mosquitto) -> None:
    with Devices(shared_broker.port) as devices:
        for number in range(3000):
            ago = timedelta(seconds=number)
            devices.send(topic(f"r{number % 50}", "reading"), reading(ago, pulse=70.0))
        devices.send_all([(topic("among"), alarm())])
        live.of("among")
    live.until("SELECT count(*) FROM reading", 3000)


def test_a_low_battery_is_one_technical_alarm(live: Hub, say: Say) -> None:
    for level in (80, 14, 13, 12, 80, 9):
        say(topic("lamp", "reading"), reading(battery=float(level)))
    live.until("SELECT repeats FROM alarm WHERE device = 'lamp'", 1)
    row = live.one("lamp")
    assert (row["kind"], row["code"], row["repeats"]) == ("technical", "limit_battery", 1)


def test_a_value_outside_its_limits_for_its_time_alarms_once(live: Hub, say: Say) -> None:
    say(topic("heart", "reading"), reading(timedelta(seconds=30), pulse=140.0))
    for seconds in (20, 10, 0):
        say(topic("heart-2", "reading"), reading(timedelta(seconds=150 - seconds), pulse=140.0))
        say(topic("heart-2", "reading"), reading(timedelta(seconds=seconds), pulse=141.0))
    row = live.one("heart-2")
    assert (row["kind"], row["code"], row["source"]) == ("supervision", "limit_pulse", "limits")
    assert [row for row in live.alarms() if row["device"] == "heart"] == []


def test_a_limit_that_was_passed_before_a_restart_alarms_again_after_it(
    hub: Hub, broker: Mosquitto
) -> None:
    def lamp(level: float) -> None:
        broker.publish(topic("lamp", "reading"), reading(battery=level))

    with hub.ingest():
        lamp(10.0)
        assert hub.one("lamp")["repeats"] == 0
    with hub.ingest():
        lamp(9.0)
        lamp(80.0)
        hub.until("SELECT count(*) FROM alarm WHERE restored_at IS NOT NULL", 1)
        assert hub.one("lamp")["repeats"] == 0
        lamp(8.0)
        hub.until("SELECT repeats FROM alarm WHERE device = 'lamp'", 1)
    assert len(hub.alarms()) == 1
