import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import message, readings
from workstation.domain.kind import Source
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.signal import Origin, Pressed, Reading, Status
from workstation.wire import hub_writer
from workstation.wire.channels import channel
from workstation.wire.decode import decode
from workstation.wire.hub_message import KINDS

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]))
words = texts.filter(lambda text: text.strip() != "")
blank_is_none = texts.map(lambda text: text if text.strip() else "")
names = words.filter(lambda text: not set(text) & set("/+#"))
kommuner = st.from_regex(r"[0-9]{4}", fullmatch=True).map(Kommune)
times = st.datetimes(timezones=st.just(UTC))
origins = st.builds(
    Origin, source=st.just(Source.HUB), device=names.map(lambda text: DeviceName(text[:100])),
    kommune=kommuner,
)  # fmt: skip
alarms = st.builds(
    Pressed,
    origin=origins,
    kind=st.sampled_from([*KINDS.values()]),
    code=words.map(lambda text: text[:60]).filter(str.strip),
    text=blank_is_none,
    at=times,
    id=words.map(lambda text: text[:100]).filter(str.strip),
    priority=st.none() | st.integers(1, 5),
    location=st.none() | words.map(lambda text: text[:60]).filter(str.strip),
    voice=st.none() | st.just("sip:unit@10.0.4.7"),
    flaws=st.just(()),
)


@given(alarms)
def test_an_alarm_is_read_as_it_was_written(alarm):
    decoded, _ = decode(message(*hub_writer.alarm(alarm)))
    assert decoded.signals == (alarm,)
    assert decoded.problems == ()


@given(origins, times, st.dictionaries(words, st.floats(allow_nan=False, allow_infinity=False)))
def test_readings_are_read_as_they_were_written(origin, at, values):
    values = {key[:100]: value for key, value in values.items()}
    topic, payload = hub_writer.reading(origin.kommune, origin.device, at, values)
    decoded, _ = decode(message(topic, payload))
    assert {one.at for one in decoded.signals if isinstance(one, Reading)} <= {at}
    assert readings(decoded) == {channel(key): value for key, value in values.items()}


@given(origins, st.booleans())
def test_a_status_is_read_as_it_was_written(origin, online):
    topic, payload = hub_writer.status(origin.kommune, origin.device, online=online)
    assert decode(message(topic, payload))[0].signals == (Status(origin=origin, online=online),)


@pytest.mark.parametrize("state", hub_writer.ReceiptState)
def test_a_receipt(state):
    topic, payload = hub_writer.receipt(Kommune("0510"), DeviceName("pendant-17"), "a-1", state)
    assert topic == "hub/v1/0510/pendant-17/receipt"
    assert json.loads(payload) == {"id": "a-1", "state": state.value}


def test_a_receipt_of_an_alarm_without_id():
    _, payload = hub_writer.receipt(
        Kommune("0510"), DeviceName("x"), None, hub_writer.ReceiptState.STORED
    )
    assert json.loads(payload)["id"] is None


@pytest.mark.parametrize(
    ("kommune", "device"), [("", "a"), ("0510", ""), ("0510", "a/b"), ("0510", "#")]
)
def test_names_that_are_no_level_of_a_topic_are_refused(kommune, device):
    with pytest.raises(ValueError, match=r".*"):
        hub_writer.status(Kommune(kommune), DeviceName(device), online=True)
