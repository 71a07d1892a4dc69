from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import times

NOW = datetime(2026, 11, 22, 20, 14, 7, tzinfo=UTC)


def test_a_time_is_the_danish_clock_in_winter_and_in_summer():
    assert times.clock(NOW) == "21:14:07"
    assert times.clock(datetime(2026, 7, 1, 20, 14, 7, tzinfo=UTC)) == "22:14:07"


def test_another_day_is_named():
    yesterday = NOW - timedelta(days=1)
    assert times.when(NOW, NOW) == "21:14:07"
    assert times.when(yesterday, NOW) == "Nov 21 21:14:07"
    assert times.since(yesterday, NOW) == "Nov 21 21:14"
    assert times.hour_or_day(NOW, NOW) == "21:14"
    assert times.hour_or_day(yesterday, NOW) == "Nov 21"


def test_today_is_the_danish_day():
    # 23:30 UTC in winter is half past midnight of the next Danish day.
    assert times.since(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), NOW) == "Nov 23 00:30"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0:00"),
        (0, "0:00"),
        (42, "0:42"),
        (751, "12:31"),
        (3599, "59:59"),
        (3900, "1 h 05"),
        (86_399, "23 h 59"),
        (2 * 86_400, "2 d"),
    ],
)
def test_a_duration_runs(seconds, said):
    assert times.running(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "5 s"), (400, "6 min"), (7300, "2 h"), (90_000, "1 d")]
)
def test_a_rough_duration_has_one_unit(seconds, said):
    assert times.rough(timedelta(seconds=seconds)) == said


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_a_duration_is_never_longer_than_its_column(span):
    assert len(times.running(span)) <= len("23 h 59")


def test_an_age_changes_on_the_birthday():
    born = date(1942, 11, 22)
    assert times.age(born, NOW) == 84
    assert times.age(born, NOW - timedelta(days=1)) == 83


def test_the_day_of_the_week_is_local():
    assert times.weekday(NOW) == "Sun Nov 22"
