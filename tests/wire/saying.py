"""Short words for tests of the wire: say something on a topic, and what bytes to try."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import strategies as st

from workstation.domain.problem import Decoded
from workstation.domain.signal import Level, Message, Pressed, Reading
from workstation.wire.decode import decode
from workstation.wire.errors import WireError
from workstation.wire.known import NOTHING_KNOWN, Known

NOW = datetime(2026, 3, 14, 20, 0, tzinfo=UTC)


def message(topic: str, body: object) -> Message:
    """A message; bytes and text go as they are, all else as JSON."""
    if isinstance(body, str):
        body = body.encode()
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Message(topic=topic, payload=payload, received_at=NOW)


def said(topic: str, body: object, known: Known = NOTHING_KNOWN) -> Decoded:
    """What one message says."""
    return decode(message(topic, body), known)[0]


def learnt(topic: str, body: object, known: Known = NOTHING_KNOWN) -> Known:
    """What is known after one message."""
    return decode(message(topic, body), known)[1]


def refused(topic: str, body: object, known: Known = NOTHING_KNOWN) -> WireError:
    """The error that a message is refused with."""
    with pytest.raises(WireError) as caught:
        decode(message(topic, body), known)
    return caught.value


def outcome(topic: str, body: object, known: Known = NOTHING_KNOWN) -> Decoded | WireError:
    """What a message says or is refused with; anything else it raises fails the test."""
    try:
        return said(topic, body, known)
    except WireError as error:
        return error


def levels(decoded: Decoded) -> dict[str, bool]:
    return {one.code: one.active for one in decoded.signals if isinstance(one, Level)}


def pressed(decoded: Decoded) -> list[str]:
    return [one.code for one in decoded.signals if isinstance(one, Pressed)]


def readings(decoded: Decoded) -> dict[str, float]:
    return {one.channel: one.value for one in decoded.signals if isinstance(one, Reading)}


# What JSON can say, and what Python's and JavaScript's writers say beyond it.
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None))
    | st.sampled_from(["on", "alarm", "offline", "unknown", "true", "2026-03-14T20:00:00Z", "~/x"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def bodies(keys: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Any bytes, any JSON, and objects whose keys mean something."""
    objects = st.dictionaries(keys, values, max_size=8)
    written = (values | objects | st.lists(objects, max_size=3)).map(
        lambda value: json.dumps(value).encode()
    )
    cut = st.tuples(written, st.integers(0, 40)).map(lambda pair: pair[0][: -pair[1] or None])
    return st.binary(max_size=200) | written | cut
