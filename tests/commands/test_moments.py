"""Times as people write them on the command line."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.commands.moments import a_day, a_moment

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)


def refuses(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("90min", NOW - timedelta(minutes=90)),
        ("24h", NOW - timedelta(days=1)),
        ("7d", NOW - timedelta(days=7)),
        ("2026-03-14T18:00:00Z", NOW),
        ("2026-03-14T19:00:00+01:00", NOW),
        ("2026-03-14T19:00", NOW),
        ("2026-03-14", datetime(2026, 3, 13, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_time_a_day_or_how_long_ago(text: str, at: datetime) -> None:
    assert a_moment(text).resolved(NOW, COPENHAGEN) == at


@pytest.mark.parametrize("text", ["", "yesterday", "2m", "-1h", "0001-01-01", "9999-12-31"])
def test_anything_else_is_refused(text: str) -> None:
    assert refuses(a_moment, text)


@given(st.text())
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    try:
        moment = a_moment(text)
    except ValueError:
        return
    assert moment.resolved(NOW, COPENHAGEN).tzinfo is UTC


def test_a_day_is_written_in_full() -> None:
    assert a_day("2026-03-14") == date(2026, 3, 14)
    for text in ("20260314", "2026-02-30", "0001-01-01", "14-03-2026"):
        assert refuses(a_day, text)
