import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import NOW, bodies, learnt, levels, outcome, readings, refused, said
from workstation.domain.kind import Source
from workstation.domain.names import DeviceName
from workstation.domain.signal import Described, Message, Origin, Status
from workstation.wire.decode import decode
from workstation.wire.errors import Reason, WireError

DEVICES = "zigbee2mqtt/bridge/devices"
BRIDGE = Origin(source=Source.ZIGBEE2MQTT, device=DeviceName("bridge"))
KEYS = st.sampled_from(
    ["state", "type", "data", "friendly_name", "definition", "exposes", "property", "access", "config",
     "advanced", "output", "description", "power_source"]
)  # fmt: skip


def device(name: str, about: str, *exposes: Mapping[str, object], power: str = "Battery") -> dict:
    return {
        "friendly_name": name,
        "type": "EndDevice",
        "power_source": power,
        "definition": {
            "model": "M",
            "vendor": "V",
            "description": about,
            "exposes": list(exposes),
        },
    }


def binary(key: str, access: int) -> dict[str, object]:
    return {"type": "binary", "property": key, "access": access, "value_on": True}


@given(
    st.sampled_from(["state", "devices", "event", "info", "logging", "response/x", "health", ""]),
    bodies(KEYS),
)
def test_any_bytes_are_facts_or_a_wire_error(topic, payload):
    found = outcome(f"zigbee2mqtt/bridge/{topic}", payload)
    if isinstance(found, WireError):
        assert found.origin == BRIDGE
        assert not found.sounds


@pytest.mark.parametrize(("body", "online"), [({"state": "online"}, True), ("offline", False)])
def test_the_bridge_is_a_gateway(body, online):
    assert said("zigbee2mqtt/bridge/state", body).signals == (Status(origin=BRIDGE, online=online),)


@pytest.mark.parametrize(
    ("power", "expected"),
    [("Battery", True), ("Mains (single phase)", False), ("Unknown", None), (None, None)],
)
def test_devices_are_described(power, expected):
    decoded = said(DEVICES, [device("knap", "SOS button", power=power)])
    assert decoded.signals == (
        Described(
            origin=Origin(source=Source.ZIGBEE2MQTT, device=DeviceName("knap")),
            title="SOS button",
            model="V M",
            battery_powered=expected,
        ),
    )


def test_a_device_that_is_not_supported_is_described_by_its_name():
    (described,) = said(DEVICES, [{"friendly_name": "0x1", "definition": None}]).signals
    assert isinstance(described, Described)
    assert (described.title, described.model) == ("0x1", "")


def test_coordinator_and_disabled_devices_are_left_out():
    listed = [
        {"friendly_name": "Coordinator", "type": "Coordinator"},
        device("off", "x") | {"disabled": True},
    ]
    assert said(DEVICES, listed).signals == ()


def test_a_long_list_of_devices_is_no_bad_message():
    many = [device(f"d{n}", "SOS button", binary("sos", 1) | {"x": "y" * 9000}) for n in range(120)]
    assert len(json.dumps(many)) > 1_000_000
    assert len(said(DEVICES, many).signals) == 120


@pytest.mark.parametrize(
    ("about", "access", "alarms"),
    [
        ("Smart heat alarm", 1, True),
        ("Smoke sensor", 1, True),
        ("Audio detector: listens for the siren tone of a smoke detector", 1, True),
        ("Smart smoke alarm", 3, False),
        ("Sound and flash siren", 1, False),
        ("Door & window sensor", 1, False),
        ("Unheard-of thing", 1, True),
    ],
)
def test_whether_a_bare_alarm_is_one(about, access, alarms):
    known = learnt(DEVICES, [device("x", about, binary("alarm", access))])
    decoded = said("zigbee2mqtt/x", {"alarm": True}, known)
    assert levels(decoded) == ({"alarm": True} if alarms else {})
    assert readings(decoded) == ({} if alarms else {"alarm": 1.0})


@pytest.mark.parametrize("key", ["sos", "smoke", "water_leak"])
def test_no_description_silences_a_call_for_help(key):
    known = learnt(DEVICES, [device("x", "Siren", binary(key, 7))])
    assert levels(said("zigbee2mqtt/x", {key: True}, known)) == {key: True}


def test_an_action_that_can_be_set_is_still_a_press():
    known = learnt(DEVICES, [device("x", "Siren", binary("action", 7))])
    assert len(said("zigbee2mqtt/x", {"action": "sos"}, known).signals) == 1


def test_values_one_level_down_are_seen():
    lock = {"type": "lock", "features": [binary("self_test", 7)]}
    known = learnt(DEVICES, [device("x", "Lock", lock)])
    assert levels(said("zigbee2mqtt/x", {"self_test": True}, known)) == {}


@pytest.mark.parametrize(("kind", "online"), [("device_leave", False), ("device_announce", True)])
def test_a_device_that_leaves_or_comes(kind, online):
    body = {"type": kind, "data": {"friendly_name": "knap", "ieee_address": "0x1"}}
    (status,) = said("zigbee2mqtt/bridge/event", body).signals
    assert status == Status(
        origin=Origin(source=Source.ZIGBEE2MQTT, device=DeviceName("knap")), online=online
    )


@pytest.mark.parametrize(
    "body",
    [
        {"type": "device_interview", "data": {"friendly_name": "x", "status": "started"}},
        {"type": "device_leave", "data": {}},
        {"type": "device_leave"},
        {},
    ],
)
def test_other_events_say_nothing(body):
    assert said("zigbee2mqtt/bridge/event", body).signals == ()


@pytest.mark.parametrize(
    "topic", ["logging", "response/permit_join", "extensions", "definitions", "x"]
)
def test_what_is_for_people_says_nothing(topic):
    assert said(f"zigbee2mqtt/bridge/{topic}", "whatever").signals == ()


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        ("devices", "{", Reason.WRONG_TYPE),
        ("devices", {"a": 1}, Reason.WRONG_TYPE),
        ("devices", b"[" * 200_000, Reason.TOO_DEEP),
        ("devices", b" " * (16 * 1024 * 1024 + 1), Reason.TOO_LARGE),
        ("info", "[]", Reason.WRONG_TYPE),
        ("state", "{}", Reason.BAD_VALUE),
        ("event", "[]", Reason.WRONG_TYPE),
    ],
)
def test_what_cannot_be_read_is_the_gateways(topic, body, reason):
    error = refused(f"zigbee2mqtt/bridge/{topic}", body)
    assert (error.reason, error.origin) == (reason, BRIDGE)


def test_a_second_bridge_has_a_name_of_its_own():
    gateway = Message(topic="zigbee2mqtt-nord/bridge/state", payload=b"online", received_at=NOW)
    (status,) = decode(gateway)[0].signals
    assert status.origin.device == "zigbee2mqtt-nord/bridge"
