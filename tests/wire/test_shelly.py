from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import bodies, levels, outcome, pressed, readings, refused, said, values
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName
from workstation.domain.signal import Level, Origin, Reading, Status
from workstation.wire.errors import Reason, WireError
from workstation.wire.shelly import ALARMS, MEASURES

X = Origin(source=Source.SHELLY, device=DeviceName("shelly-x"))
AT = datetime(2023, 11, 14, 22, 13, 20, 100_000, tzinfo=UTC)
COMPONENTS = st.sampled_from(
    [
        f"{one}{part}"
        for one in [*ALARMS, *(m.component for m in MEASURES)]
        for part in ("", ":0", ":7")
    ]
)
STATUS = st.dictionaries(
    st.sampled_from(["alarm", "errors", "battery", *(step for m in MEASURES for step in m.path)]),
    values,
    max_size=5,
)


def frame(method: str = "NotifyStatus", **params: object) -> dict[str, object]:
    named = {key.replace("__", ":"): value for key, value in params.items()}
    return {"src": "shelly-x", "method": method, "params": {"ts": 1700000000.1, **named}}


@given(
    st.sampled_from(
        ["shelly-x/events/rpc", "shelly-x/online", "shelly-x/status/smoke:0", "/online"]
    ),
    bodies(st.sampled_from(["method", "params", "alarm", "src"])),
)
def test_any_bytes_are_facts_or_a_wire_error(topic, payload):
    found = outcome(topic, payload)
    assert not isinstance(found, WireError) or not found.sounds


@given(
    st.sampled_from(["NotifyStatus", "NotifyFullStatus"]),
    st.dictionaries(COMPONENTS, STATUS | values),
)
def test_any_components_are_facts(method, components):
    body = {"method": method, "params": components}
    decoded = said("shelly-x/events/rpc", body)
    assert all(isinstance(one, Level | Reading) for one in decoded.signals)


def test_climate_and_battery():
    body = frame(
        "NotifyFullStatus",
        devicepower__0={"battery": {"V": 5.2, "percent": 71}, "external": {"present": False}},
        temperature__0={"tC": 19.8, "tF": 67.6},
        humidity__0={"rh": 48.1},
        wifi={"rssi": -60, "ssid": "x"},
        sys={"uptime": 5},
    )
    decoded = said("shelly-x/events/rpc", body)
    assert readings(decoded) == {
        "battery": 71.0,
        "battery_voltage": 5.2,
        "external_power": 0.0,
        "temperature": 19.8,
        "humidity": 48.1,
        "rssi": -60.0,
    }
    assert {one.at for one in decoded.signals if isinstance(one, Reading)} == {AT}


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize(
    ("component", "kind", "code"),
    [
        ("smoke__0", Kind.EMERGENCY, "smoke"),
        ("smoke__1", Kind.EMERGENCY, "smoke:1"),
        ("flood__0", Kind.SUPERVISION, "water_leak"),
    ],
)
def test_alarms_are_levels(component, kind, code, active):
    decoded = said(
        "shelly-x/events/rpc", frame("NotifyStatus", **{component: {"id": 0, "alarm": active}})
    )
    assert decoded.signals == (Level(origin=X, kind=kind, code=code, active=active, at=AT),)


def test_a_part_that_did_not_change_says_nothing():
    assert said("shelly-x/events/rpc", frame(smoke__0={"id": 0, "mute": True})).signals == ()


def test_several_of_a_kind_have_their_number():
    body = frame(temperature__100={"tC": 5}, temperature__101={"tC": 6}, switch__0={"apower": 12.5})
    assert readings(said("shelly-x/events/rpc", body)) == {
        "temperature:100": 5.0,
        "temperature:101": 6.0,
        "power": 12.5,
    }


def test_energy_is_in_kwh():
    body = frame(switch__0={"aenergy": {"total": 1500.0}, "output": True})
    assert readings(said("shelly-x/events/rpc", body)) == {"energy": 1.5, "output": 1.0}


def test_an_unplugged_cable_is_technical_until_the_whole_status_is_clean():
    broken = said(
        "shelly-x/events/rpc", frame(flood__0={"alarm": False, "errors": ["cable_unplugged"]})
    )
    assert levels(broken) == {"water_leak": False, "flood_fault": True}
    part = said("shelly-x/events/rpc", frame(flood__0={"alarm": False}))
    assert levels(part) == {"water_leak": False}
    whole = said("shelly-x/events/rpc", frame("NotifyFullStatus", flood__0={"alarm": False}))
    assert levels(whole) == {"water_leak": False, "flood_fault": False}


def test_an_alarm_that_is_no_truth_value_is_a_problem():
    decoded = said("shelly-x/events/rpc", frame(smoke__0={"alarm": "yes"}))
    assert decoded.signals == ()
    assert [(p.reason, p.where) for p in decoded.problems] == [(Reason.WRONG_TYPE, "smoke:0.alarm")]


def test_a_button_is_no_alarm_by_itself():
    body = frame("NotifyEvent", events=[{"component": "input:0", "event": "single_push"}])
    decoded = said("shelly-x/events/rpc", body)
    assert pressed(decoded) == []
    assert decoded.problems == ()


@pytest.mark.parametrize(("body", "online"), [("true", True), ("false", False)])
def test_online(body, online):
    assert said("shelly-x/online", body).signals == (Status(origin=X, online=online),)


def test_the_status_of_one_component():
    decoded = said("shelly-x/status/smoke:0", {"id": 0, "alarm": True})
    assert levels(decoded) == {"smoke": True, "smoke_fault": False}


def test_a_device_may_have_a_prefix():
    (status,) = said("hjem/stue/shelly-x/online", "true").signals
    assert status.origin.device == "hjem/stue/shelly-x"


@pytest.mark.parametrize("topic", ["shelly-x/online", "shelly-x/status/smoke:0"])
def test_what_is_cleared_says_nothing(topic):
    assert said(topic, b"").signals == ()


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        ("shelly-x/events/rpc", "", Reason.NOT_JSON),
        ("shelly-x/events/rpc", "[]", Reason.WRONG_TYPE),
        ("shelly-x/events/rpc", "{}", Reason.BAD_VALUE),
        ("shelly-x/events/rpc", {"method": "NotifyStatus"}, Reason.WRONG_TYPE),
        ("shelly-x/events/rpc", {"method": ["NotifyStatus"]}, Reason.BAD_VALUE),
        ("shelly-x/online", "perhaps", Reason.BAD_VALUE),
        ("shelly-x/status/smoke:0", "[]", Reason.WRONG_TYPE),
        ("shelly-x/events/rpc", b" " * 1_000_000, Reason.TOO_LARGE),
        ("shelly-x/events/rpc", b"[" * 200_000, Reason.TOO_DEEP),
    ],
)
def test_what_cannot_be_read_says_whose_it_is(topic, body, reason):
    error = refused(topic, body)
    assert (error.reason, error.origin, error.sounds) == (reason, X, False)


@pytest.mark.parametrize("topic", ["/events/rpc", "/online", "/status/x"])
def test_a_topic_without_a_device(topic):
    assert refused(topic, "true").reason is Reason.UNKNOWN_TOPIC
