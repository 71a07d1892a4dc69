from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import bodies, learnt, levels, outcome, pressed, readings, refused, said
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName
from workstation.domain.signal import Level, Origin, Pressed, Reading, Status
from workstation.wire.errors import Reason, WireError
from workstation.wire.safety import SAFETY

KEYS = st.sampled_from(
    [
        "action",
        "last_seen",
        "battery",
        "linkquality",
        "state",
        "update",
        *(row.key for row in SAFETY),
    ]
)
TOPICS = st.sampled_from(
    [
        "x",
        "stue/dør",
        "x/availability",
        "x/set",
        "x/set/state",
        "x/get",
        "x/action",
        "x/sos",
        "",
        "/",
    ]
)


def origin(device: str) -> Origin:
    return Origin(source=Source.ZIGBEE2MQTT, device=DeviceName(device))


@given(TOPICS, bodies(KEYS))
def test_any_bytes_are_facts_or_a_wire_error_that_does_not_sound(topic, payload):
    found = outcome(f"zigbee2mqtt/{topic}", payload)
    if isinstance(found, WireError):
        assert not found.sounds
        assert found.origin is not None
    else:
        assert not any(problem.sounds for problem in found.problems)


def test_a_press_with_its_time():
    body = {
        "action": "emergency",
        "battery": 100,
        "last_seen": "2026-04-17T23:33:22+08:00",
        "linkquality": 18,
    }
    at = datetime(2026, 4, 17, 15, 33, 22, tzinfo=UTC)
    x = origin("x")
    assert said("zigbee2mqtt/x", body).signals == (
        Pressed(origin=x, kind=Kind.EMERGENCY, code="emergency", at=at),
        Reading(origin=x, channel="battery", value=100.0, at=at),
        Reading(origin=x, channel="linkquality", value=18.0, at=at),
    )


def test_the_empty_action_after_a_press_says_nothing():
    assert pressed(said("zigbee2mqtt/x", {"action": "", "battery": 100})) == []


def test_states_of_a_button():
    body = {"sos": True, "battery_low": False, "tamper": False, "battery": 97, "linkquality": 90}
    decoded = said("zigbee2mqtt/x", body)
    assert levels(decoded) == {"sos": True, "battery_low": False, "tamper": False}
    assert readings(decoded) == {"battery": 97.0, "linkquality": 90.0}


def test_a_fall_sensor():
    decoded = said("zigbee2mqtt/x", {"fall_status": "fall_alarm", "occupancy": True})
    assert levels(decoded) == {"fall": True, "possible_fall": False}
    assert readings(decoded) == {"occupancy": 1.0}
    (fall,) = [one for one in decoded.signals if isinstance(one, Level) and one.active]
    assert (fall.kind, fall.text) == (Kind.EMERGENCY, "fall_alarm")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"temperature": 27.34, "humidity": 44.72}, {"temperature": 27.34, "humidity": 44.72}),
        ({"contact": False}, {"contact": 0.0}),
        ({"occupancy": True, "update": {"state": "idle"}, "state": "ON"}, {"occupancy": 1.0}),
        ('{"temperature":NaN,"humidity":40}', {"humidity": 40.0}),
        ({"battpercentage": 55}, {"battery": 55.0}),
        ({"battery": None}, {}),
    ],
)
def test_readings(body, expected):
    decoded = said("zigbee2mqtt/x", body)
    assert readings(decoded) == expected
    assert decoded.problems == ()


def test_names_with_slashes():
    assert said("zigbee2mqtt/stue/dør", {"contact": True}).signals[0].origin == origin("stue/dør")
    (status,) = said("zigbee2mqtt/stue/dør/availability", "online").signals
    assert status == Status(origin=origin("stue/dør"), online=True)


def test_another_bridge_has_its_name_in_its_devices():
    (reading,) = said("zigbee2mqtt-nord/x", {"contact": True}).signals
    assert reading.origin == origin("zigbee2mqtt-nord/x")


@pytest.mark.parametrize(
    ("body", "online"),
    [
        ({"state": "online"}, True),
        ({"state": "offline"}, False),
        ("online", True),
        ("offline", False),
    ],
)
def test_availability(body, online):
    signals = said("zigbee2mqtt/x/availability", body).signals
    assert signals == (Status(origin=origin("x"), online=online),)


@pytest.mark.parametrize("topic", ["x/set", "x/get", "x/set/state", "stue/dør/set"])
def test_commands_of_others_say_nothing(topic):
    assert said(f"zigbee2mqtt/{topic}", '{"sos":true}').signals == ()
    assert said(f"zigbee2mqtt/{topic}", "not json").signals == ()


@pytest.mark.parametrize("topic", ["x", "x/availability"])
def test_an_empty_payload_clears_and_says_nothing(topic):
    assert said(f"zigbee2mqtt/{topic}", b"").signals == ()


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        ("x", "hello", Reason.NOT_JSON),
        ("x", '{"action":"emergency","batt', Reason.NOT_JSON),
        ("x", "[]", Reason.WRONG_TYPE),
        ("x", "97", Reason.WRONG_TYPE),
        ("x/y", "hello", Reason.WRONG_TYPE),
        ("x", b"\xff", Reason.NOT_UTF8),
        ("x", b"[" * 200_000, Reason.TOO_DEEP),
        ("x", b" " * 1_000_000, Reason.TOO_LARGE),
        ("x/availability", "maybe", Reason.NOT_JSON),
        ("x/availability", {"state": "maybe"}, Reason.BAD_VALUE),
        ("", {"sos": True}, Reason.UNKNOWN_TOPIC),
        ("/availability", "online", Reason.UNKNOWN_TOPIC),
    ],
)
def test_what_cannot_be_read_is_technical_and_says_whose_it_is(topic, body, reason):
    error = refused(f"zigbee2mqtt/{topic}", body)
    assert (error.reason, error.sounds) == (reason, False)
    assert error.origin is not None


def test_an_unknown_value_of_a_safety_key_is_told_beside_what_can_be_read():
    decoded = said("zigbee2mqtt/x", {"sos": "perhaps", "battery": 90})
    assert readings(decoded) == {"battery": 90.0}
    assert [(p.reason, p.where, p.origin) for p in decoded.problems] == [
        (Reason.BAD_VALUE, "sos", origin("x"))
    ]


def test_an_action_on_its_own_topic_repeats_what_the_state_said():
    assert said("zigbee2mqtt/x/action", "emergency").signals == ()


def test_where_only_single_values_are_published_an_action_counts():
    known = learnt("zigbee2mqtt/bridge/info", {"config": {"advanced": {"output": "attribute"}}})
    (press,) = said("zigbee2mqtt/x/action", "emergency", known).signals
    assert press == Pressed(origin=origin("x"), kind=Kind.EMERGENCY, code="emergency")
    assert readings(said("zigbee2mqtt/x/battery", "97", known)) == {"battery": 97.0}


def test_a_single_safety_value_counts_always():
    (level,) = said("zigbee2mqtt/stue/knap/sos", "true").signals
    assert isinstance(level, Level)
    assert (level.origin, level.active) == (origin("stue/knap"), True)
