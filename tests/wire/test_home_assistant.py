import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import bodies, learnt, message, outcome, refused, said
from workstation.domain.kind import Source
from workstation.domain.names import DeviceName
from workstation.domain.signal import Described, Origin
from workstation.wire.decode import decode
from workstation.wire.discovery import ABBREVIATIONS
from workstation.wire.errors import Reason, WireError
from workstation.wire.known import NOTHING_KNOWN

BAD = Origin(source=Source.HOME_ASSISTANT, device=DeviceName("bad"))
SOS = "homeassistant/binary_sensor/bad/sos/config"
CONFIG = {
    "name": "Snor",
    "stat_t": "bad/snor",
    "dev_cla": "safety",
    "avty_t": "bad/lwt",
    "dev": {"ids": ["bad"], "name": "Badeværelse", "mf": "ESPHome", "mdl": "v1"},
}
KEYS = st.sampled_from([*ABBREVIATIONS, *ABBREVIATIONS.values(), "~", "name"])
TOPICS = st.sampled_from(
    [
        "homeassistant/binary_sensor/bad/sos/config",
        "homeassistant/sensor/x/config",
        "homeassistant/event/x/config",
        "homeassistant/device/x/config",
        "homeassistant/light/x/config",
        "homeassistant/x",
        "homeassistant/status",
        "homeassistant/",
    ]
)


@given(TOPICS, bodies(KEYS))
def test_any_bytes_are_facts_or_a_wire_error(topic, payload):
    found = outcome(topic, payload)
    assert not isinstance(found, WireError) or not found.sounds


@given(st.lists(st.tuples(TOPICS, bodies(KEYS)), max_size=6))
def test_whatever_was_described_what_is_known_stays_in_order(descriptions):
    known = NOTHING_KNOWN
    for topic, payload in descriptions:
        try:
            _, known = decode(message(topic, payload), known)
        except WireError:
            continue
    for topic, group in known.entities.items():
        assert group
        assert all(entity.topic == topic for entity in group)


def test_a_device_is_described_with_the_topics_to_listen_to():
    assert said(SOS, CONFIG).signals == (
        Described(
            origin=BAD, title="Badeværelse", model="ESPHome v1", topics=("bad/lwt", "bad/snor")
        ),
    )


def test_without_a_node_the_object_is_the_device():
    config = {"name": "garden", "device_class": "motion", "state_topic": "garden/state"}
    (described,) = said("homeassistant/binary_sensor/garden/config", config).signals
    assert isinstance(described, Described)
    assert (described.origin.device, described.title) == ("garden", "garden")


def test_a_battery_entity_says_what_it_runs_on():
    (described,) = said(
        "homeassistant/sensor/bad/b/config", CONFIG | {"dev_cla": "battery"}
    ).signals
    assert isinstance(described, Described)
    assert described.battery_powered is True


def test_an_empty_payload_withdraws_and_the_last_one_takes_the_device_with_it():
    known = learnt(SOS, CONFIG)
    known = learnt("homeassistant/sensor/bad/t/config", {"stat_t": "bad/t"}, known)
    assert said(SOS, b"", known).signals == ()
    known = learnt(SOS, b"", known)
    assert set(known.entities) == {"bad/t"}
    decoded = said("homeassistant/sensor/bad/t/config", b"", known)
    assert decoded.signals == (Described(origin=BAD, title="bad", gone=True),)
    assert learnt("homeassistant/sensor/bad/t/config", b"", known).entities == {}


def test_withdrawing_what_was_never_known_says_nothing():
    assert said(SOS, b"").signals == ()


def test_a_new_description_replaces_the_old():
    known = learnt(SOS, CONFIG)
    known = learnt(SOS, CONFIG | {"stat_t": "bad/new"}, known)
    assert set(known.entities) == {"bad/new", "bad/lwt"}


def test_a_whole_device_in_one_description():
    config = {
        "dev": {"ids": "bad", "name": "Bad"},
        "o": {"name": "x"},
        "avty_t": "bad/lwt",
        "~": "bad",
        "cmps": {
            "sos": {"p": "binary_sensor", "dev_cla": "safety", "stat_t": "~/sos"},
            "temp": {"p": "sensor", "device_class": "temperature", "stat_t": "bad/t"},
            "lys": {"p": "light", "cmd_t": "bad/lys"},
            "væk": {"p": "sensor"},
            "wrong": 7,
        },
    }
    topic = "homeassistant/device/bad/config"
    (described,) = said(topic, config).signals
    assert isinstance(described, Described)
    assert described.topics == ("bad/lwt", "bad/sos", "bad/t")
    assert described.origin == BAD
    assert {one.topic for one in learnt(topic, config).of_config(topic)} == set(described.topics)


@pytest.mark.parametrize(
    "topic",
    ["zigbee2mqtt/knap", "zigbee2mqtt-nord/knap", "shelly-x/events/rpc", "hub/v1/0510/a/alarm"],
)
def test_what_another_convention_says_itself_is_not_discovered_again(topic):
    config = {"stat_t": topic, "dev_cla": "smoke", "val_tpl": "{{ value_json.smoke }}"}
    assert said(SOS, config).signals == ()
    assert learnt(SOS, config).entities == {}


def test_a_template_that_computes_is_shown_and_the_rest_is_kept():
    config = CONFIG | {"val_tpl": "{{ 'ON' if value_json.x > 3 else 'OFF' }}"}
    decoded = said(SOS, config)
    assert decoded.signals == ()
    (problem,) = decoded.problems
    assert (problem.reason, problem.where, problem.origin, problem.sounds) == (
        Reason.UNSUPPORTED_TEMPLATE,
        "value_template",
        BAD,
        False,
    )
    assert "value_json.x > 3" in problem.expected


@pytest.mark.parametrize("component", ["light", "switch", "button", "climate", "update", "xyz"])
def test_components_that_take_commands_say_nothing(component):
    decoded = said(f"homeassistant/{component}/bad/x/config", CONFIG)
    assert decoded.signals == ()
    assert decoded.problems == ()


def test_home_assistants_own_birth_says_nothing():
    assert said("homeassistant/status", "online").signals == ()


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        (SOS, "{", Reason.NOT_JSON),
        (SOS, "[]", Reason.WRONG_TYPE),
        (SOS, b" " * 1_000_000, Reason.TOO_LARGE),
        ("homeassistant/sensor/x/state", "1", Reason.UNKNOWN_TOPIC),
        ("homeassistant/config", "{}", Reason.UNKNOWN_TOPIC),
        ("homeassistant/a/b/c/d/config", "{}", Reason.UNKNOWN_TOPIC),
        ("homeassistant/sensor//config", "{}", Reason.UNKNOWN_TOPIC),
    ],
)
def test_what_cannot_be_read(topic, body, reason):
    assert refused(topic, body).reason is reason
