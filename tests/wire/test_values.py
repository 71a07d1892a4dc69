from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import values
from workstation.wire.values import NAME_LIMIT, clean, moment, name, number, rfc3339


@given(st.text(st.characters(codec=None)))
def test_a_cleaned_text_can_be_stored(text):
    cleaned = clean(text)
    cleaned.encode()
    assert "\0" not in cleaned
    assert len(cleaned) == len(text)
    assert len(name(text)) <= NAME_LIMIT


def test_danish_letters_lines_and_emoji_are_kept():
    assert clean("Blåbærgrød\n\tæøå 🆘") == "Blåbærgrød\n\tæøå 🆘"
    assert clean("a\0b\ud800c\x1b") == "a\ufffdb\ufffdc\ufffd"


@given(values)
def test_a_number_is_finite_and_no_bool(value):
    found = number(value)
    assert found is None or (not isinstance(value, bool) and abs(found) < float("inf"))


@pytest.mark.parametrize("value", [True, "7", None, float("nan"), float("inf"), 10**400, [1]])
def test_what_is_no_number(value):
    assert number(value) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-04-17T23:33:22+08:00", datetime(2026, 4, 17, 15, 33, 22, tzinfo=UTC)),
        ("2026-04-17T15:33:22.5Z", datetime(2026, 4, 17, 15, 33, 22, 500_000, tzinfo=UTC)),
        (1776440002, datetime(2026, 4, 17, 15, 33, 22, tzinfo=UTC)),
        (1776440002000, datetime(2026, 4, 17, 15, 33, 22, tzinfo=UTC)),
        (1700000000.1, datetime(2023, 11, 14, 22, 13, 20, 100_000, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_in_every_form(said, expected):
    assert moment(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "2026-04-17T23:33:22",
        "2026-04-17",
        "yesterday",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        1e300,
        -1e300,
        True,
        None,
        {},
    ],
)
def test_no_times(said):
    assert moment(said) is None
    assert rfc3339(said) is None


@given(values)
def test_a_time_is_aware_utc(value):
    at = moment(value)
    assert at is None or at.tzinfo is UTC
