"""The sample Mosquitto: what a device, a gateway, a stranger and a desk may, and may not."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.peers.sample_mosquitto import EXAMPLES, Door, SampleMosquitto
from tests.waiting import until

pytestmark = pytest.mark.peer
REFUSED = "Not authorized"


def arrived(broker: SampleMosquitto, topic: str, payload: str) -> bool:
    """Whether a desk hears what was published: certain, for what follows it has come."""
    listener = broker.listen("workstation", topic, "eteam/after", door="desks")
    broker.publish("workstation", "eteam/after", payload, door="desks")
    until(lambda: ("eteam/after", payload) in listener.messages)
    return (topic, payload) in listener.messages


def denied(broker: SampleMosquitto, topic: str) -> None:
    """The broker's log, as its unit leaves it, has the refusal."""
    until(
        lambda: any("Denied PUBLISH" in line and topic in line for line in broker.log.splitlines()),
        why=lambda: broker.log,
    )


@pytest.mark.parametrize("leaf", ["alarm", "reading", "status"])
def test_a_device_speaks_for_itself(broker: SampleMosquitto, leaf: str) -> None:
    topic = f"hub/v1/0510/pendant-7/{leaf}"
    listener = broker.listen("workstation", topic, door="desks")
    assert broker.publish("0510/pendant-7", topic, leaf) == ""
    assert listener.wait_for(1) == [(topic, leaf)]


@pytest.mark.parametrize(
    "topic",
    [
        "hub/v1/0510/pendant-8/alarm",  # another device
        "hub/v1/0860/pendant-7/alarm",  # the device of that name in another kommune
        "hub/v1/0510/pendant-7/receipt",  # its own receipt: it would deceive itself at most
        "hub/v1/0510/pendant-8/receipt",  # another's: that one would stop repeating
        "hub/v1/0510/pendant-7/alarm/x",
        "hub/v1/0510/alarm",
        "zigbee2mqtt/knap",
        "homeassistant/binary_sensor/x/config",
        "shelly-1/events/rpc",
        "eteam/sessions/hub-desk-1",
        "eteam/claims/desk-1",
        "eteam/audit/desk-1",
    ],
)
def test_a_device_speaks_for_nobody_else(broker: SampleMosquitto, topic: str) -> None:
    retained = broker.publish("0510/pendant-7", topic, "foreign", retain=True)
    assert REFUSED in retained
    denied(broker, topic)
    listener = broker.listen("workstation", topic, door="desks")
    assert not arrived(broker, topic, "foreign")
    assert listener.messages == []


def test_a_device_reads_its_own_receipts_and_nothing_else(broker: SampleMosquitto) -> None:
    own = broker.listen("0510/pendant-7", "hub/v1/0510/pendant-7/receipt")
    curious = broker.listen("0510/pendant-8", "#", "hub/#", "hub/v1/+/+/alarm", "eteam/#")
    broker.publish("0860/pendant-7", "hub/v1/0860/pendant-7/alarm", "press")
    broker.publish("workstation", "hub/v1/0510/pendant-7/receipt", "for 7", door="desks")
    broker.publish("workstation", "eteam/claims/desk-1", "claim", door="desks")
    broker.publish("workstation", "hub/v1/0510/pendant-8/receipt", "for 8", door="desks")
    assert own.wait_for(1) == [("hub/v1/0510/pendant-7/receipt", "for 7")]
    # Each that matches is a message of its own; all are its own receipt, which was published last.
    assert set(curious.wait_for(1)) == {("hub/v1/0510/pendant-8/receipt", "for 8")}


@pytest.mark.parametrize(
    ("user", "topic"),
    [
        ("zigbee2mqtt", "zigbee2mqtt/stue/knap"),
        ("homeassistant", "homeassistant/binary_sensor/x/config"),
        ("homeassistant", "esphome/bad/state"),
        ("shelly-1", "shelly-1/events/rpc"),
        ("shelly-1", "shelly-1/online"),
    ],
)
def test_a_gateway_owns_its_prefix(broker: SampleMosquitto, user: str, topic: str) -> None:
    listener = broker.listen("workstation", topic, door="desks")
    assert broker.publish(user, topic, "own") == ""
    assert (topic, "own") in listener.wait_for(1)
    others = {"zigbee2mqtt": "homeassistant/x/y/config", "homeassistant": "zigbee2mqtt/knap"}
    foreign = others.get(user, "shelly-2/events/rpc")
    assert REFUSED in broker.publish(user, foreign, "foreign")
    assert REFUSED in broker.publish(user, "hub/v1/0510/pendant-7/alarm", "foreign")


@pytest.mark.parametrize("door", ["desks", "devices"])
@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("workstation", "wrong"),
        ("0510/pendant-7", "wrong"),
        ("0510/pendant-9", "whatever"),
        ("+/#", "x"),
        ("admin", "admin"),
        ("workstation", ""),
    ],
)
def test_strangers_stay_outside(
    broker: SampleMosquitto, door: Door, user: str, password: str
) -> None:
    before = broker.log.count("not authorised")
    words = ["-t", "hub/v1/0510/pendant-7/alarm", "-q", "1", "-m", "x"]
    said = broker.client("mosquitto_pub", *broker.login(user, door, password), *words)
    assert "authori" in said
    until(lambda: broker.log.count("not authorised") > before, why=lambda: broker.log)


@pytest.mark.parametrize("door", ["desks", "devices"])
def test_nobody_comes_in_without_a_name(broker: SampleMosquitto, door: Door) -> None:
    words = ["-t", "hub/v1/0510/pendant-7/alarm", "-q", "1", "-m", "x"]
    assert "authori" in broker.client("mosquitto_pub", *broker.reach(door), *words)


def test_the_devices_passwords_open_the_desks_door_to_nobody(broker: SampleMosquitto) -> None:
    topic = "hub/v1/0510/pendant-7/alarm"
    assert "authori" in broker.publish("0510/pendant-7", topic, "x", door="desks")
    assert "authori" in broker.publish("workstation", "eteam/x", "x", door="devices")


def test_a_device_cannot_take_a_desk_s_session(broker: SampleMosquitto) -> None:
    listener = broker.listen("workstation", "eteam/still-there", door="desks")
    desk = ["-i", "hub-desk-1", *broker.login("workstation", "desks"), "-t", "eteam/x", "-q", "1"]
    broker.client("mosquitto_sub", *desk, "-x", "3600", "-E")
    thief = ["-i", "hub-desk-1", *broker.login("0510/pendant-7")]
    broker.client("mosquitto_pub", *thief, "-t", "hub/v1/0510/pendant-7/alarm", "-m", "x")
    lines = [line for line in broker.log.splitlines() if "New client connected" in line]
    assert " as 0510/pendant-7 " in lines[-1]
    broker.publish("workstation", "eteam/still-there", "yes", door="desks")
    assert listener.wait_for(1)


def test_a_desk_answers_and_alarms_in_nobody_s_name(broker: SampleMosquitto) -> None:
    for topic in ("eteam/claims/d", "eteam/sessions/d", "eteam/presence/d", "eteam/audit/d"):
        listener = broker.listen("ingest", topic, door="desks")
        assert broker.publish("workstation", topic, "said", door="desks") == ""
        assert listener.wait_for(1) == [(topic, "said")]
    for topic in ("hub/v1/0510/pendant-7/alarm", "zigbee2mqtt/knap", "$SYS/broker/x"):
        assert REFUSED in broker.publish("workstation", topic, "x", door="desks")


def test_a_desk_of_one_kommune_hears_of_that_one_only(broker: SampleMosquitto) -> None:
    everything = ["hub/#", "zigbee2mqtt/#", "zigbee2mqtt-0510/#", "homeassistant/#"]
    desk = broker.listen("workstation-0510", *everything, door="desks")
    broker.publish("0860/pendant-7", "hub/v1/0860/pendant-7/alarm", "theirs")
    broker.publish("zigbee2mqtt", "zigbee2mqtt/knap", "theirs")
    broker.publish("homeassistant", "homeassistant/x/y/config", "theirs")
    broker.publish("0510/pendant-7", "hub/v1/0510/pendant-7/alarm", "ours")
    assert desk.wait_for(1) == [("hub/v1/0510/pendant-7/alarm", "ours")]
    theirs = "hub/v1/0860/pendant-7/receipt"
    assert REFUSED in broker.publish("workstation-0510", theirs, "x", door="desks")


def test_plain_connections_get_nowhere(broker: SampleMosquitto) -> None:
    words = ["-h", "localhost", "-p", str(broker.ports["devices"]), "-u", "0510/pendant-7"]
    words += ["-P", broker.passwords["0510/pendant-7"], "-t", "hub/v1/0510/pendant-7/alarm"]
    assert broker.client("mosquitto_pub", *words, "-m", "x", "-q", "1")


def test_what_is_not_refused_leaves_no_line_of_its_own(broker: SampleMosquitto) -> None:
    broker.publish("0510/pendant-7", "hub/v1/0510/pendant-7/status", "ordinary")
    broker.publish("0510/pendant-7", "hub/v1/0510/pendant-8/status", "refused-last")
    denied(broker, "hub/v1/0510/pendant-8/status")
    assert "PUBACK" not in broker.log
    assert "Received" not in broker.log
    assert "ordinary" not in broker.log
    assert not any(password in broker.log for password in broker.passwords.values())


def test_passwords_are_made_kept_hashed_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "passwords"

    def make(*names: str) -> dict[str, str]:
        told = subprocess.run(
            [EXAMPLES / "make-passwords", file], input="\n".join([*names, ""]),
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return dict(line.rsplit(" ", 1) for line in told.stdout.splitlines())

    first = make("0510/a", "0510/b")
    second = make("0510/b")
    kept = file.read_text()
    assert sorted(line.split(":")[0] for line in kept.splitlines()) == ["0510/a", "0510/b"]
    assert first["0510/b"] != second["0510/b"]
    assert len(second["0510/b"]) >= 32
    assert not any(password in kept for password in [*first.values(), *second.values()])
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["passwords"]
    for name in ("a:b", "a b", "a#", "+"):
        with pytest.raises(subprocess.CalledProcessError):
            make(name)


def test_no_sample_has_a_password_in_it() -> None:
    for path in EXAMPLES.rglob("*"):
        if path.is_file() and path.suffix != ".md" and path.name != "make-passwords":
            words = path.read_text(encoding="utf-8")
            assert "$7$" not in words
            assert "PASSWORD=…" in words or "PASSWORD=" not in words


@pytest.mark.parametrize(("least", "codes"), [("0", []), ("101", ["disk_low", "memory_low"])])
def test_the_store_is_watched(broker: SampleMosquitto, least: str, codes: list[str]) -> None:
    readings = broker.listen("workstation", "hub/v1/0510/broker/reading", door="desks")
    alarms = broker.listen("workstation", "hub/v1/0510/broker/alarm", door="desks")
    env = {
        **os.environ,
        "BROKER_PASSWORD": broker.passwords["0510/broker"],
        "PORT": str(broker.ports["devices"]),
        "CA": str(broker.ca),
        "STORE": str(broker.folder),
        "LEAST_DISK": least,
        "LEAST_MEMORY": least,
    }
    for _ in range(2):
        subprocess.run([EXAMPLES / "watch-store"], env=env, check=True, capture_output=True)
    (_, reading), _ = readings.wait_for(2)
    assert set(json.loads(reading)["values"]) == {"disk_free", "memory_free"}
    told = [json.loads(payload) for _, payload in alarms.wait_for(2 * len(codes))]
    assert [one["code"] for one in told] == codes * 2
    assert [one["kind"] for one in told] == ["technical"] * len(told)
    # Told twice within the hour it is one event.
    assert len({(one["id"], one["at"]) for one in told}) in (len(codes), 2 * len(codes))
