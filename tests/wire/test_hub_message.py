import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import bodies, outcome, refused, said
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.signal import Origin, Pressed, Status
from workstation.wire.errors import Reason, WireError
from workstation.wire.hub_message import CODE_LIMIT, KINDS, NO_CODE, TEXT_LIMIT

TOPIC = "hub/v1/0510/pendant-17/alarm"
ORIGIN = Origin(source=Source.HUB, device=DeviceName("pendant-17"), kommune=Kommune("0510"))
BODY = {
    "id": "8f1c-42",
    "at": "2026-03-14T20:51:03+01:00",
    "kind": "emergency",
    "code": "pendant",
    "text": "Tryk på halssmykke",
    "priority": 1,
    "location": "bathroom",
    "voice": "sip:unit17@10.0.4.7",
}
ALARM = Pressed(
    origin=ORIGIN,
    kind=Kind.EMERGENCY,
    code="pendant",
    text="Tryk på halssmykke",
    at=datetime(2026, 3, 14, 19, 51, 3, tzinfo=UTC),
    id="8f1c-42",
    priority=1,
    location="bathroom",
    voice="sip:unit17@10.0.4.7",
)
FIELDS = st.sampled_from([*BODY, "state", "values"])


def alarm(body: object) -> Pressed:
    (signal,) = said(TOPIC, body).signals
    assert isinstance(signal, Pressed)
    return signal


@given(st.sampled_from(["alarm", "reading", "status", "receipt", "x"]), bodies(FIELDS))
def test_any_bytes_are_facts_or_a_wire_error(leaf, payload):
    found = outcome(f"hub/v1/0510/d/{leaf}", payload)
    if isinstance(found, WireError):
        assert found.origin is not None
        assert found.sounds is (leaf == "alarm")
    else:
        assert leaf != "alarm" or len(found.signals) == 1


def test_an_alarm():
    assert alarm(BODY) == ALARM


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_a_device_may_raise(kind):
    assert alarm(BODY | {"kind": kind}).kind == Kind(kind)


def test_fields_that_a_later_version_adds_are_ignored():
    assert alarm(BODY | {"battery": 7, "extra": {"a": [1]}}) == ALARM


@pytest.mark.parametrize("field", ["id", "at"])
def test_an_alarm_without_id_or_time_is_plain_and_not_flawed(field):
    without = {key: value for key, value in BODY.items() if key != field}
    assert alarm(without) == replace(ALARM, **{field: None})


@pytest.mark.parametrize(
    ("field", "broken", "left", "flaw"),
    [
        ("priority", 9, None, "priority: 1-5"),
        ("priority", True, None, "priority: 1-5"),
        ("priority", "1", None, "priority: 1-5"),
        ("at", "yesterday", None, "at: RFC 3339 with zone"),
        ("at", "2026-03-14T20:51:03", None, "at: RFC 3339 with zone"),
        ("at", 1776440002, None, "at: RFC 3339 with zone"),
        ("at", "9999-12-31T23:59:59-14:00", None, "at: RFC 3339 with zone"),
        ("text", ["a"], "", "text: text"),
        ("text", "a\0b", "a\ufffdb", "text: printable text"),
        ("text", "a\ud800b", "a\ufffdb", "text: printable text"),
        ("text", "x" * 5000, "x" * TEXT_LIMIT, f"text: at most {TEXT_LIMIT} characters"),
        ("code", 5.5, NO_CODE, "code: text"),
        ("code", None, NO_CODE, "code: text"),
        ("code", "", NO_CODE, "code: text"),
        ("code", "   ", NO_CODE, "code: text"),
        ("code", "c" * 99, "c" * CODE_LIMIT, f"code: at most {CODE_LIMIT} characters"),
        ("id", 42, "42", "id: text"),
        ("id", {}, None, "id: text"),
        ("location", 3.5, None, "location: text"),
        ("voice", "tel:112", None, "voice: sip: or sips:"),
    ],
)
def test_a_readable_kind_survives_another_broken_field(field, broken, left, flaw):
    found = alarm(BODY | {field: broken})
    assert found == replace(ALARM, **{field: left}, flaws=(flaw,))


@given(st.dictionaries(FIELDS.filter(lambda field: field != "kind"), st.text() | st.integers()))
def test_a_kind_survives_whatever_else_is_broken(others):
    assert alarm(others | {"kind": "medication"}).kind is Kind.MEDICATION


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 5000])
def test_a_kind_survives_numbers_that_are_none(number):
    found = alarm('{"kind":"emergency","priority":' + number + "}")
    assert found.kind is Kind.EMERGENCY
    assert "priority: 1-5" in found.flaws


def test_a_kind_survives_bytes_that_are_no_utf8():
    found = alarm(json.dumps(BODY, ensure_ascii=False).encode("latin-1"))
    assert found == replace(ALARM, text="Tryk p\ufffd halssmykke", flaws=("payload: UTF-8",))


def test_a_kind_in_capitals_is_read():
    found = alarm(BODY | {"kind": " Emergency"})
    assert found == replace(ALARM, flaws=("kind: lower case",))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, Reason.MISSING_FIELD),
        ({"kind": None, "code": "a"}, Reason.MISSING_FIELD),
        ({"kind": "missed_visit", "code": "a"}, Reason.BAD_VALUE),
        ({"kind": "fire", "code": "a"}, Reason.BAD_VALUE),
        ({"kind": 1}, Reason.WRONG_TYPE),
        ({"kind": {}}, Reason.WRONG_TYPE),
        ([BODY], Reason.WRONG_TYPE),
        ("help", Reason.NOT_JSON),
        (b"", Reason.NOT_JSON),
        (b'{"kind":"emergency","te', Reason.NOT_JSON),
        (b"\xff\xff", Reason.NOT_UTF8),
        (b"x" * 1_000_000, Reason.TOO_LARGE),
        (b"[" * 1_000_000, Reason.TOO_LARGE),
        (b"[" * 200_000, Reason.TOO_DEEP),
        (b'{"kind":"emergency","x":' + b"[" * 200_000, Reason.TOO_DEEP),
    ],
)
def test_an_unreadable_alarm_sounds_and_says_whose_it_is(body, reason):
    error = refused(TOPIC, body)
    assert (error.reason, error.sounds, error.origin) == (reason, True, ORIGIN)


@pytest.mark.parametrize(
    ("topic", "sounds"),
    [
        ("hub/v1/0510/alarm", True),
        ("hub/v1/0510/a/b/alarm", True),
        ("hub/v2/0510/a/alarm", True),
        ("hub/v1/0510//alarm", True),
        ("hub/alarm", True),
        ("hub/", False),
        ("hub/v1/0510/a/picture", False),
        ("hub/v1/0510/a/reading/x", False),
    ],
)
def test_topics_that_the_tree_does_not_have(topic, sounds):
    error = refused(topic, BODY)
    assert (error.reason, error.sounds) == (Reason.UNKNOWN_TOPIC, sounds)
    assert error.origin is not None
    assert error.origin.device


def test_a_kommune_that_is_none_is_left_to_the_register():
    (signal,) = said("hub/v1/haderslev/pendant-17/alarm", BODY).signals
    assert signal.origin == replace(ORIGIN, kommune=None)


@pytest.mark.parametrize(("body", "online"), [({"state": "online"}, True), ("offline", False)])
def test_status(body, online):
    signals = said("hub/v1/0510/pendant-17/status", body).signals
    assert signals == (Status(origin=ORIGIN, online=online),)


def test_a_status_cleared_at_the_broker_and_our_own_receipt_say_nothing():
    assert said("hub/v1/0510/pendant-17/status", b"").signals == ()
    assert said("hub/v1/0510/pendant-17/receipt", {"id": "a", "state": "stored"}).signals == ()


def test_a_broken_status_does_not_sound():
    error = refused("hub/v1/0510/pendant-17/status", {"state": "asleep"})
    assert (error.reason, error.sounds) == (Reason.BAD_VALUE, False)
