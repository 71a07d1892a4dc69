"""PUBLISH and PUBACK as bytes, held against what paho reads and what it would have written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt import _packet as paho
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from workstation.adapters.mqtt import packets

TOPICS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300).map(str.encode)
PAYLOADS = st.binary(max_size=400)
MIDS = st.integers(1, 0xFFFF)


def whole(packet: bytes) -> tuple[int, bytes]:
    found = packets.span(packet, 0)
    assert found is not None
    start, end = found
    assert end == len(packet)
    return packet[0], packet[start:end]


@given(TOPICS, PAYLOADS, MIDS, st.booleans(), st.booleans())
def test_what_is_written_is_read_by_paho_and_by_us(
    topic: bytes, payload: bytes, mid: int, five: bool, retain: bool
) -> None:
    first, body = whole(packets.write_publish(topic, payload, mid, five=five, retain=retain))
    version = MQTTProtocolVersion.MQTTv5 if five else MQTTProtocolVersion.MQTTv311
    theirs = paho.decode_publish(first, body, version)
    assert (theirs.topic, bytes(theirs.payload), theirs.mid) == (topic, payload, mid)
    assert (theirs.qos, theirs.retain, theirs.dup) == (1, retain, False)
    ours = packets.read_publish(first, body, five=five)
    assert ours == packets.Publish(topic, payload, 1, mid, retain, False)


@given(TOPICS, PAYLOADS, MIDS, st.lists(st.tuples(st.text("ab"), st.text("cd")), max_size=40))
def test_properties_are_passed_over(
    topic: bytes, payload: bytes, mid: int, pairs: list[tuple[str, str]]
) -> None:
    properties = Properties(PacketTypes.PUBLISH)
    properties.UserProperty = pairs
    properties.MessageExpiryInterval = 60
    packed = len(topic).to_bytes(2, "big") + topic + mid.to_bytes(2, "big") + properties.pack()
    read = packets.read_publish(0x3A, packed + payload, five=True)
    assert read == packets.Publish(topic, payload, 1, mid, False, True)


@given(st.binary(max_size=40), st.integers(0, 255), st.booleans())
def test_any_bytes_are_a_packet_or_one_error(body: bytes, first: int, five: bool) -> None:
    try:
        packets.read_publish(first, body, five=five)
    except IndexError:
        return


@given(PAYLOADS, st.integers(0, 500))
def test_a_packet_that_is_cut_is_none(payload: bytes, cut: int) -> None:
    packet = packets.write_publish(b"a", payload, 1, five=True)
    if cut < len(packet):
        assert packets.span(packet[:cut], 0) is None
    else:
        assert packets.span(packet + b"rest", 0) == packets.span(packet, 0)


@pytest.mark.parametrize("size", [0, 100, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])
def test_every_width_of_a_length(size: int) -> None:
    first, body = whole(packets.write_publish(b"topic", bytes(size), 7, five=False))
    assert len(packets.read_publish(first, body, five=False).payload) == size


def test_a_length_without_an_end_is_no_packet() -> None:
    assert packets.span(b"\x30\xff\xff\xff\xff\xff\x01", 0) is None


def test_an_acknowledgement_and_its_refusal() -> None:
    first, body = whole(packets.write_puback(0xABCD))
    assert (first, body) == (packets.PUBACK, b"\xab\xcd")
    assert packets.refusal(body) == 0
    assert packets.refusal(body + b"\x10") == 0  # nobody listens: no refusal
    assert packets.refusal(body + b"\x87") == 0x87
