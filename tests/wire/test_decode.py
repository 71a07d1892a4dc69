import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import NOW, bodies, message, outcome, refused
from workstation.domain.problem import Decoded, Problem
from workstation.domain.signal import Described, Level, Message, Pressed, Reading, Status
from workstation.wire.decode import Reader
from workstation.wire.errors import Reason, WireError

LEVELS = st.sampled_from(
    ["hub", "v1", "0510", "pendant-17", "alarm", "reading", "status", "zigbee2mqtt", "bridge", "devices",
     "event", "info", "state", "availability", "homeassistant", "binary_sensor", "sensor", "sos", "config",
     "events", "rpc", "online", "shelly-x", "", "x"]
)  # fmt: skip
TOPICS = st.lists(LEVELS, max_size=6).map("/".join) | st.text(st.characters(codec=None))
KEYS = st.sampled_from(
    ["kind", "code", "at", "id", "values", "state", "action", "sos", "last_seen", "method", "params",
     "stat_t", "dev_cla", "val_tpl", "avty", "friendly_name", "smoke:0", "alarm"]
)  # fmt: skip
FACTS = (Pressed, Level, Reading, Status, Described)


@given(TOPICS, bodies(KEYS))
def test_any_topic_and_any_bytes_are_facts_or_a_wire_error(topic, payload):
    found = outcome(topic, payload)
    if isinstance(found, WireError):
        assert isinstance(found.problem, Problem)
        found.problem.where.encode()
    else:
        assert all(isinstance(signal, FACTS) for signal in found.signals)
        for signal in found.signals:
            signal.origin.device.encode()


@given(st.lists(st.tuples(TOPICS, bodies(KEYS)), max_size=8))
def test_a_reader_never_raises_and_never_keeps_quiet_about_an_alarm(messages):
    reader = Reader()
    for topic, payload in messages:
        decoded = reader.read(message(topic, payload))
        assert isinstance(decoded, Decoded)
        if topic.startswith("hub/") and topic.endswith("/alarm"):
            assert decoded.signals or any(problem.sounds for problem in decoded.problems)


@pytest.mark.parametrize(
    "topic", ["", "x", "hub", "zigbee2mqtt", "homeassistant", "tele/x/STATE", "$SYS/x"]
)
def test_a_topic_of_no_convention(topic):
    error = refused(topic, "{}")
    assert (error.reason, error.where, error.sounds) == (Reason.UNKNOWN_TOPIC, topic, False)


def test_a_reader_remembers_what_was_described():
    reader = Reader()
    config = Message(
        topic="homeassistant/binary_sensor/bad/sos/config",
        payload=b'{"stat_t":"bad/snor","dev_cla":"safety"}',
        received_at=NOW,
        retained=True,
    )
    state = message("bad/snor", "ON")
    assert reader.read(state).problems[0].reason == Reason.UNKNOWN_TOPIC
    reader.read(config)
    (level,) = reader.read(state).signals
    assert isinstance(level, Level)
    assert (level.code, level.active) == ("sos", True)


def test_a_broken_description_leaves_what_was_known():
    reader = Reader()
    topic = "homeassistant/sensor/bad/t/config"
    reader.read(message(topic, {"stat_t": "bad/t"}))
    known = reader.known
    assert reader.read(message(topic, "{")).problems
    assert reader.known is known
