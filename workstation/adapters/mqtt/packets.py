"""The two MQTT packets that make up a storm, as bytes: PUBLISH and its acknowledgement."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

PUBLISH: Final = 0x30
PUBACK: Final = 0x40
KIND: Final = 0xF0
"""The bits of a packet's first byte that say what it is."""

QOS: Final = 0x06
"""The bits of a PUBLISH's first byte that hold its quality of service."""
QOS_2: Final = 0x04

_QOS_1: Final = 0x02
_RETAINED: Final = 0x01
_DUPLICATE: Final = 0x08
_MORE: Final = 0x80
_REFUSED: Final = 0x80
_BODY_OF_PUBACK: Final = 2
_puback = struct.Struct("!BBH").pack
_length = struct.Struct("!H").pack


class Publish(NamedTuple):
    """A PUBLISH packet; `mid` is 0 for QoS 0."""

    topic: bytes
    payload: bytes
    qos: int
    mid: int
    retained: bool
    duplicate: bool


def span(data: bytes, at: int) -> tuple[int, int] | None:
    """Return where the body of the packet at `at` starts and ends; None when it is not all there."""
    length = shift = 0
    for start in range(at + 1, min(at + 5, len(data))):
        byte = data[start]
        length |= (byte & ~_MORE) << shift
        if byte < _MORE:
            end = start + 1 + length
            return (start + 1, end) if end <= len(data) else None
        shift += 7
    return None


def read_publish(first: int, body: bytes, *, five: bool) -> Publish:
    """Return a packet of QoS 0 or 1; raises IndexError for a body that is cut short."""
    end = 2 + (body[0] << 8 | body[1])
    topic = body[2:end]
    qos = first >> 1 & 3
    mid = 0
    if qos:
        mid = body[end] << 8 | body[end + 1]
        end += 2
    if five:
        end = _behind_properties(body, end)
    return Publish(topic, body[end:], qos, mid, bool(first & _RETAINED), bool(first & _DUPLICATE))


def write_publish(
    topic: bytes, payload: bytes, mid: int, *, five: bool, retain: bool = False
) -> bytes:
    """Return a PUBLISH of QoS 1 without properties."""
    body = _length(len(topic)) + topic + _length(mid) + (b"\0" if five else b"") + payload
    return bytes((PUBLISH | _QOS_1 | retain,)) + _varying(len(body)) + body


def write_puback(mid: int) -> bytes:
    """Return the acknowledgement of a PUBLISH of QoS 1."""
    return _puback(PUBACK, _BODY_OF_PUBACK, mid)


def refusal(body: bytes) -> int:
    """Return why the broker refused what it acknowledges (MQTT 5), 0 when it did not."""
    reason = body[2] if len(body) > _BODY_OF_PUBACK else 0
    return reason if reason >= _REFUSED else 0


def _behind_properties(body: bytes, at: int) -> int:
    """Return where the payload starts: no property says anything to us."""
    length = body[at]
    at += 1
    if length >= _MORE:
        length, shift = length & ~_MORE, 7
        while True:
            byte = body[at]
            at += 1
            length |= (byte & ~_MORE) << shift
            shift += 7
            if byte < _MORE:
                break
    return at + length


def _varying(length: int) -> bytes:
    """Return a length as MQTT writes it: seven bits a byte, the lowest first."""
    written = bytearray()
    while True:
        length, low = divmod(length, _MORE)
        written.append(low | (_MORE if length else 0))
        if not length:
            return bytes(written)
