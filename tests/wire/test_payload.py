import json
import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import bodies
from workstation.wire.errors import Reason, WireError
from workstation.wire.payload import DEPTH, LIMIT, online, parse, plain


def reason(payload: bytes) -> Reason:
    with pytest.raises(WireError) as caught:
        parse(payload)
    return caught.value.reason


@given(bodies(st.text(max_size=8)))
def test_any_bytes_are_a_value_or_a_wire_error(payload):
    with suppress(WireError):
        parse(payload)


@given(st.recursive(st.none() | st.booleans() | st.text() | st.floats(), st.lists, max_leaves=30))
def test_what_json_can_say_is_read_as_it_is(value):
    assert repr(parse(json.dumps(value).encode()).value) == repr(value)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"", Reason.NOT_JSON),
        (b"{", Reason.NOT_JSON),
        (b'{"a":1} x', Reason.NOT_JSON),
        (b"\xff\xfe{", Reason.NOT_UTF8),
        (b" " * (LIMIT + 1), Reason.TOO_LARGE),
        (b"[" * 1_000_000, Reason.TOO_LARGE),
        (b"[" * 200_000, Reason.TOO_DEEP),
        (b'{"a":' * 30_000, Reason.TOO_DEEP),
        (b'{"kind":"technical","x":NaN,"y":' + b"[" * 100 + b"]" * 100 + b"}", Reason.TOO_DEEP),
        (b'{"a":"' + b'\\"[' * 60_000, Reason.NOT_JSON),
    ],
)
def test_what_cannot_be_read(payload, expected):
    assert reason(payload) is expected


def test_brackets_in_texts_are_no_depth():
    text = "[{" * 1000
    assert parse(json.dumps({"text": text, "n": math.nan}).encode()).as_object()["text"] == text


@pytest.mark.parametrize("inner", [b"NaN", b"1", '"å[{"'.encode()])
def test_depth_is_counted_alike_whether_a_message_needs_mending_or_not(inner):
    deepest = b"[" * DEPTH + inner + b"]" * DEPTH
    parse(deepest)
    assert reason(b"[" + deepest + b"]") is Reason.TOO_DEEP


def test_numbers_beyond_floats_and_half_characters_are_saved():
    saved = parse(b'{"a":NaN,"b":-Infinity,"c":1e999,"d":' + b"9" * 5000 + b',"e":"\\ud800"}')
    body = saved.as_object()
    assert [str(body[key]) for key in "abcd"] == ["nan", "-inf", "inf", "inf"]
    assert body["e"] == "\ud800"
    assert saved.repairs == ()


def test_a_byte_order_mark_is_no_obstacle():
    assert parse(b'\xef\xbb\xbf{"a":1}').value == {"a": 1}


def test_latin_letters_are_mended_and_named():
    saved = parse('{"text":"Tryk på"}'.encode("latin-1"))
    assert saved.value == {"text": "Tryk p\ufffd"}
    assert saved.repairs == ("payload: UTF-8",)


def test_of_a_repeated_key_the_last_counts():
    assert parse(b'{"a":1,"a":2}').value == {"a": 2}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b'{"state":"online"}', True),
        (b'{"state":"offline","more":1}', False),
        (b"online", True),
        (b'"Offline"', False),
        (b" ONLINE\n", True),
    ],
)
def test_reachability_in_json_or_as_a_word(payload, expected):
    assert online(payload) is expected


@pytest.mark.parametrize("payload", [b"", b"on", b"{}", b'{"state":1}', b"[]", b"\xff"])
def test_no_reachability(payload):
    with pytest.raises(WireError):
        online(payload)


@given(st.binary(max_size=300))
def test_a_bare_word_is_short(payload):
    assert len(plain(payload)) <= 3 * 64
