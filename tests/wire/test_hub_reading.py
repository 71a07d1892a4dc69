import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import bodies, outcome, readings, refused, said
from workstation.domain.kind import Source
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.signal import Origin, Reading
from workstation.wire.errors import Reason, WireError

TOPIC = "hub/v1/0510/watch-17/reading"
ORIGIN = Origin(source=Source.HUB, device=DeviceName("watch-17"), kommune=Kommune("0510"))
AT = datetime(2026, 3, 14, 20, 51, 3, tzinfo=UTC)


def one(channel: str, value: float, at: datetime | None = AT) -> Reading:
    return Reading(origin=ORIGIN, channel=channel, value=value, at=at)


@given(bodies(st.sampled_from(["at", "values"])))
def test_any_bytes_are_finite_readings_or_a_wire_error(payload):
    found = outcome(TOPIC, payload)
    if isinstance(found, WireError):
        assert not found.sounds
    else:
        assert all(math.isfinite(value) for value in readings(found).values())


def test_values_of_one_moment():
    body = {"at": "2026-03-14T21:51:03+01:00", "values": {"pulse": 72, "spo2": 0.97}}
    assert said(TOPIC, body).signals == (one("pulse", 72.0), one("spo2", 0.97))


def test_a_list_of_moments():
    body = [{"at": AT.isoformat(), "values": {"pulse": n}} for n in (70, 71)]
    assert said(TOPIC, body).signals == (one("pulse", 70.0), one("pulse", 71.0))


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "1e999", "true", '"72"', "null", "[]", "{}"])
def test_a_value_that_is_no_number_takes_no_other_with_it(bad):
    body = '{"at":"2026-03-14T20:51:03Z","values":{"pulse":BAD,"spo2":0.97}}'.replace("BAD", bad)
    decoded = said(TOPIC, body)
    assert decoded.signals == (one("spo2", 0.97),)
    assert [(p.reason, p.where, p.sounds) for p in decoded.problems] == [
        (Reason.BAD_VALUE, "values.pulse", False)
    ]


@pytest.mark.parametrize(
    ("at", "reason"),
    [("soon", Reason.BAD_VALUE), (None, Reason.MISSING_FIELD), (1776440002, Reason.BAD_VALUE)],
)
def test_without_a_time_the_values_are_kept(at, reason):
    decoded = said(TOPIC, {"at": at, "values": {"pulse": 72}})
    assert decoded.signals == (one("pulse", 72.0, None),)
    assert [(p.reason, p.where) for p in decoded.problems] == [(reason, "at")]


def test_of_a_list_only_the_broken_part_is_lost():
    good = {"at": AT.isoformat(), "values": {"pulse": 72}}
    decoded = said(TOPIC, [good, 7, {"at": AT.isoformat(), "values": []}, {"at": AT.isoformat()}])
    assert decoded.signals == (one("pulse", 72.0),)
    assert [(p.reason, p.where) for p in decoded.problems] == [
        (Reason.WRONG_TYPE, "[1]"),
        (Reason.WRONG_TYPE, "[2].values"),
        (Reason.MISSING_FIELD, "[3].values"),
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("7", Reason.WRONG_TYPE),
        ("", Reason.NOT_JSON),
        (b"[" * 200_000, Reason.TOO_DEEP),
        (b" " * 1_000_000, Reason.TOO_LARGE),
    ],
)
def test_what_is_no_reading_is_technical(body, reason):
    error = refused(TOPIC, body)
    assert (error.reason, error.sounds, error.origin) == (reason, False, ORIGIN)


def test_channels_have_one_name():
    body = {"at": AT.isoformat(), "values": {"Battery_Percentage": 80, "lqi": 90, "a\0": 1}}
    assert readings(said(TOPIC, body)) == {"battery": 80.0, "linkquality": 90.0, "a\ufffd": 1.0}
