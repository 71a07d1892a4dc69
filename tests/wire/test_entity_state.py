from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import bodies, learnt, levels, outcome, pressed, readings, refused, said
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName
from workstation.domain.problem import Decoded
from workstation.domain.signal import Level, Origin, Pressed, Status
from workstation.wire.errors import Reason, WireError
from workstation.wire.known import NOTHING_KNOWN, Known

BAD = Origin(source=Source.HOME_ASSISTANT, device=DeviceName("bad"))


def knowing(*configs: tuple[str, str, Mapping[str, object]], known: Known = NOTHING_KNOWN) -> Known:
    for component, object_id, config in configs:
        topic = f"homeassistant/{component}/bad/{object_id}/config"
        known = learnt(topic, {"stat_t": "bad/state", **config}, known)
    return known


def state(body: object, *configs: tuple[str, str, Mapping[str, object]]) -> Decoded:
    return said("bad/state", body, knowing(*configs))


EVERYTHING = knowing(
    ("binary_sensor", "sos", {"dev_cla": "safety", "val_tpl": "{{ value_json.sos }}"}),
    ("binary_sensor", "hall", {"dev_cla": "motion"}),
    (
        "sensor",
        "temp",
        {"dev_cla": "temperature", "unit_of_meas": "°F", "val_tpl": "{{ value_json.t }}"},
    ),
    ("sensor", "fall_status", {"val_tpl": "{{ value_json.state }}"}),
    ("event", "button", {}),
    ("device_automation", "d", {"topic": "bad/state", "payload": "sos"}),
    ("sensor", "x", {"avty_t": "bad/state"}),
)


@given(bodies(st.sampled_from(["sos", "t", "state", "event_type"])))
def test_any_bytes_are_facts_or_a_wire_error(payload):
    found = outcome("bad/state", payload, EVERYTHING)
    if isinstance(found, WireError):
        assert found.origin == BAD
        assert not found.sounds


@pytest.mark.parametrize(
    ("body", "active"), [("ON", True), ("OFF", False), ("on", True), (" Off\n", False)]
)
def test_an_alarm_class_is_a_level(body, active):
    decoded = state(body, ("binary_sensor", "x", {"dev_cla": "smoke"}))
    assert decoded.signals == (Level(origin=BAD, kind=Kind.EMERGENCY, code="smoke", active=active),)


@pytest.mark.parametrize(("body", "active"), [({"a": True}, True), ({"a": False}, False)])
def test_truths_in_json_are_compared_as_home_assistant_writes_them(body, active):
    config = {"dev_cla": "gas", "val_tpl": "{{ value_json.a }}", "pl_on": True, "pl_off": False}
    assert levels(state(body, ("binary_sensor", "x", config))) == {"gas": active}


def test_what_falls_back_by_itself_counts_each_time():
    config = {"dev_cla": "safety", "off_dly": 1}
    assert pressed(state("ON", ("binary_sensor", "sos", config))) == ["sos"]
    assert state("OFF", ("binary_sensor", "sos", config)).signals == ()


def test_several_values_in_one_payload():
    decoded = state(
        {"t": 21.5, "batt": "88", "motion": "OFF"},
        ("sensor", "temperature", {"dev_cla": "temperature", "val_tpl": "{{ value_json.t }}"}),
        ("sensor", "battery", {"dev_cla": "battery", "val_tpl": "{{ value_json.batt | int }}"}),
        ("binary_sensor", "motion", {"dev_cla": "motion", "val_tpl": "{{ value_json.motion }}"}),
        ("sensor", "gone", {"val_tpl": "{{ value_json.gone }}"}),
    )
    assert readings(decoded) == {"temperature": 21.5, "battery": 88.0, "motion": 0.0}
    assert decoded.problems == ()


def test_fahrenheit_becomes_celsius():
    config = {"dev_cla": "temperature", "unit_of_meas": "°F"}
    (value,) = readings(state("68", ("sensor", "temperature", config))).values()
    assert value == pytest.approx(20.0)


@pytest.mark.parametrize("body", ["unknown", "unavailable", "None", "", "nan", {"a": None}])
def test_what_the_device_does_not_know_says_nothing(body):
    config = {"val_tpl": "{{ value_json.a }}"} if isinstance(body, dict) else {}
    for component in ("sensor", "binary_sensor"):
        decoded = state(body, (component, "x", config))
        assert (decoded.signals, decoded.problems) == ((), ())


@pytest.mark.parametrize(
    ("component", "config", "expected"),
    [
        ("binary_sensor", {"dev_cla": "smoke"}, "ON|OFF"),
        ("binary_sensor", {}, "ON|OFF"),
        ("sensor", {"dev_cla": "temperature"}, "number"),
    ],
)
def test_a_value_that_was_not_described_is_a_problem(component, config, expected):
    decoded = state("PERHAPS", (component, "x", config))
    assert decoded.signals == ()
    (problem,) = decoded.problems
    assert (problem.reason, problem.where, problem.expected, problem.origin) == (
        Reason.BAD_VALUE,
        "bad/state",
        expected,
        BAD,
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("fall_alarm", {"fall": True, "possible_fall": False}),
        ("normal", {"fall": False, "possible_fall": False}),
    ],
)
def test_a_sensor_under_a_name_of_the_table(body, expected):
    assert levels(state(body, ("sensor", "fall_status", {}))) == expected


def test_a_measurement_under_a_name_of_the_table():
    assert readings(state("12", ("sensor", "gas", {}))) == {"gas": 12.0}


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"event_type": "sos"}, ["sos"]), ({"event_type": "single"}, []), ("panic", ["panic"])],
)
def test_events(body, expected):
    decoded = state(body, ("event", "button", {}))
    assert pressed(decoded) == expected
    assert decoded.problems == ()


@pytest.mark.parametrize(("body", "expected"), [("P1", ["sos"]), ("P2", [])])
def test_automations(body, expected):
    config = {"topic": "bad/state", "payload": "P1", "type": "sos"}
    decoded = state(body, ("device_automation", "x", config))
    assert pressed(decoded) == expected
    assert decoded.problems == ()


def test_one_reachability_of_a_device_is_said_once():
    known = knowing(("sensor", "a", {"avty_t": "bad/lwt"}), ("sensor", "b", {"avty_t": "bad/lwt"}))
    assert said("bad/lwt", "offline", known).signals == (Status(origin=BAD, online=False),)


def test_a_cleared_state_says_nothing():
    assert state(b"", ("sensor", "x", {})).signals == ()


def test_no_json_where_a_value_is_picked_from_it():
    known = knowing(("sensor", "x", {"val_tpl": "{{ value_json.a }}"}))
    error = refused("bad/state", "hello", known)
    assert (error.reason, error.origin) == (Reason.NOT_JSON, BAD)
    assert refused("bad/state", b" " * 1_000_000, known).reason is Reason.TOO_LARGE


def test_a_press_of_an_automation_has_no_time_or_id():
    config = {"topic": "bad/state", "payload": "sos"}
    (press,) = state("sos", ("device_automation", "x", config)).signals
    assert press == Pressed(origin=BAD, kind=Kind.EMERGENCY, code="sos")
