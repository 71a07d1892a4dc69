import pytest

from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName
from workstation.domain.signal import Origin
from workstation.wire.discovery import (
    ABBREVIATIONS,
    ALARM_CLASSES,
    availabilities,
    entities,
    expanded,
)
from workstation.wire.errors import Reason, WireError
from workstation.wire.known import (
    Alarming,
    Happening,
    Listed,
    Meaning,
    Measuring,
    Reaching,
    Switching,
)
from workstation.wire.templates import Template

BAD = Origin(source=Source.HOME_ASSISTANT, device=DeviceName("bad"))


def meaning(component: str, object_id: str, shared: bool = True, **config: object) -> Meaning:
    (entity,) = entities(
        {"state_topic": "bad/x", **config},
        BAD,
        topic="homeassistant/x/config",
        component=component,
        object_id=object_id,
        shared=shared,
    )
    return entity.meaning


def test_abbreviations_and_the_base_topic():
    short = {
        "~": "bad/snor",
        "stat_t": "~/state",
        "avty_t": "online/~",
        "dev_cla": "smoke",
        "pl_on": "~",
    }
    assert expanded(short) == {
        "~": "bad/snor",
        "state_topic": "bad/snor/state",
        "availability_topic": "online/bad/snor",
        "device_class": "smoke",
        "payload_on": "~",
    }


def test_no_abbreviation_is_a_long_name():
    assert not set(ABBREVIATIONS) & set(ABBREVIATIONS.values())


@pytest.mark.parametrize(("about", "expected"), ALARM_CLASSES.items())
def test_alarm_classes(about, expected):
    found = meaning("binary_sensor", "x", device_class=about)
    assert found == Alarming(kind=expected[0], code=expected[1], on="ON", off="OFF")


def test_what_a_fire_is_and_what_water_is():
    urgent = {about for about, (kind, _) in ALARM_CLASSES.items() if kind is Kind.EMERGENCY}
    assert urgent == {"smoke", "heat", "gas", "carbon_monoxide", "safety"}
    assert ALARM_CLASSES["moisture"][0] is Kind.SUPERVISION


@pytest.mark.parametrize(
    ("about", "object_id", "expected"),
    [
        ("safety", "sos", (Kind.EMERGENCY, "sos")),
        (None, "sos", (Kind.EMERGENCY, "sos")),
        (None, "water_leak", (Kind.SUPERVISION, "water_leak")),
        ("smoke", "sos", (Kind.EMERGENCY, "smoke")),
        ("safety", "action", (Kind.EMERGENCY, "safety")),
    ],
)
def test_a_name_can_tell_more_than_a_class(about, object_id, expected):
    found = meaning(
        "binary_sensor", object_id, device_class=about, payload_on=True, payload_off=False
    )
    assert found == Alarming(kind=expected[0], code=expected[1], on="True", off="False")


def test_what_falls_back_by_itself_is_an_edge():
    assert meaning("binary_sensor", "sos", off_delay=2) == Alarming(
        kind=Kind.EMERGENCY, code="sos", on="ON", off="OFF", edge=True
    )


@pytest.mark.parametrize(
    ("about", "object_id", "shared", "expected"),
    [
        ("motion", "garden", False, "motion"),
        ("motion", "motion", True, "motion"),
        ("motion", "hall", True, "motion:hall"),
        (None, "hall", True, "hall"),
    ],
)
def test_other_truths_are_readings(about, object_id, shared, expected):
    found = meaning("binary_sensor", object_id, shared, device_class=about)
    assert found == Switching(channel=expected, on="ON", off="OFF")


@pytest.mark.parametrize(
    ("config", "object_id", "expected"),
    [
        ({"device_class": "temperature"}, "temperature", Measuring(channel="temperature")),
        ({"device_class": "temperature"}, "loft", Measuring(channel="temperature:loft")),
        (
            {"device_class": "battery"},
            "battery_percent",
            Measuring(channel="battery:battery_percent"),
        ),
        ({}, "lqi", Measuring(channel="linkquality")),
        (
            {"device_class": "temperature", "unit_of_measurement": "°F"},
            "temperature",
            Measuring(channel="temperature", factor=5 / 9, offset=-160 / 9),
        ),
    ],
)
def test_sensors(config, object_id, expected):
    assert meaning("sensor", object_id, **config) == expected


def test_a_sensor_under_a_name_of_the_table():
    found = meaning("sensor", "fall_status")
    assert isinstance(found, Listed)
    assert {row.code for row in found.rows} == {"fall", "possible_fall"}


@pytest.mark.parametrize(
    ("config", "action"),
    [
        ({"payload": "sos", "type": "button_short_press", "subtype": "button_1"}, "sos"),
        ({"payload": "P1", "type": "button_short_press", "subtype": "Panic"}, "Panic"),
        ({"payload": "single", "type": "button_short_press", "subtype": "button_1"}, None),
    ],
)
def test_automations(config, action):
    found = meaning("device_automation", "x", topic="bad/x", **config)
    assert found == Happening(only=str(config["payload"]), action=action)


def test_components_that_take_commands_say_nothing():
    config = {"state_topic": "bad/x", "command_topic": "bad/set"}
    assert [*entities(config, BAD, topic="t", component="switch", object_id="x", shared=True)] == []


@pytest.mark.parametrize("topic", ["#", "bad/+/state", "", 7, "a\0b"])
def test_a_topic_with_wildcards_is_refused(topic):
    with pytest.raises(WireError) as caught:
        meaning("sensor", "x", state_topic=topic)
    assert caught.value.reason is Reason.BAD_VALUE


def test_availability_in_every_form():
    config = expanded(
        {
            "~": "bad",
            "avty_t": "~/lwt",
            "pl_avail": "up",
            "avty": [
                {"t": "~/a"},
                {"topic": "b", "pl_not_avail": "down", "val_tpl": "{{ value_json.s }}"},
            ],
        }
    )
    found = [*availabilities(config, BAD, topic="t")]
    assert [(one.topic, one.meaning, one.template) for one in found] == [
        ("bad/a", Reaching(on="online", off="offline"), Template()),
        ("b", Reaching(on="online", off="down"), Template(("s",))),
        ("bad/lwt", Reaching(on="up", off="offline"), Template()),
    ]
    (single,) = availabilities({"availability": {"topic": "c"}}, BAD, topic="t")
    assert single.topic == "c"
