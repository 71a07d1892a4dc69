from datetime import UTC, datetime, timedelta

import numpy as np

from ui.plots.columns import Of
from ui.plots.plan import HOUR, MINUTE
from ui.plots.series import Series
from workstation.domain.telemetry import Bucket

START = datetime(2026, 3, 14, 12, tzinfo=UTC)
BEGIN = START.timestamp()


def at(seconds):
    return START + timedelta(seconds=seconds)


def buckets(*minutes):
    return [Bucket(at=at(60 * minute), low=1.0, high=9.0, mean=5.0, count=6) for minute in minutes]


def test_live_values_join_the_history_that_is_loaded_behind_their_back():
    series = Series()
    series.add(at(100), 3.0)
    series.load([(at(0), 1.0), (at(50), 2.0), (at(100), 3.0)])
    series.add(at(150), 4.0)
    trace = series.trace(start=BEGIN, end=BEGIN + 200, width=0.0)
    assert trace.columns[Of.FIRST].tolist() == [1.0, 2.0, 3.0, 4.0]


def test_behind_the_roll_ups_stand_the_values_as_they_come():
    series = Series()
    series.add(at(30), 2.0)  # told by the first roll-up already
    series.load_buckets(buckets(0, 1), MINUTE)
    series.add(at(125), 7.0)
    trace = series.trace(start=BEGIN, end=BEGIN + 200, width=0.0)
    assert trace.columns[Of.COUNT].tolist() == [6.0, 6.0, 1.0]
    assert series.latest == (BEGIN + 125, 7.0)


def test_a_device_that_reports_seldom_has_no_gaps_and_one_that_stops_has():
    seldom = Series()
    seldom.load([(at(3600 * hour), 20.0) for hour in range(8)])
    assert seldom.trace(start=BEGIN, end=BEGIN + 1e5, width=0.0).gap == 5 * 3600
    often = Series()
    often.load([(at(second), 20.0) for second in range(0, 600, 10)])
    assert often.trace(start=BEGIN, end=BEGIN + 600, width=0.0).gap == 120.0


def test_one_missing_hour_is_forgiven_and_two_are_not():
    series = Series()
    series.load_buckets(buckets(*(60 * hour for hour in range(10))), HOUR)
    gap = series.trace(start=BEGIN, end=BEGIN + 1e6, width=0.0).gap
    assert 3600 < gap < 2 * 3600


def test_another_span_forgets_the_roll_ups():
    series = Series()
    series.load_buckets(buckets(0, 1), MINUTE)
    series.load([(at(1), 1.0)])
    trace = series.trace(start=BEGIN, end=BEGIN + 200, width=0.0)
    assert trace.columns.shape[1] == 1


def test_the_latest_comes_from_the_roll_ups_while_nothing_has_come():
    series = Series()
    assert series.latest is None
    series.load_buckets(buckets(0), MINUTE)
    assert series.latest == (BEGIN + 60, 5.0)


def test_a_day_at_ten_hertz_becomes_a_column_per_pixel():
    series = Series(capacity=864_000)
    times = BEGIN + np.arange(864_000) / 10
    series._ring.extend(times, np.sin(times / 5000))
    columns = series.trace(start=times[0], end=times[-1], width=86_400 / 700).columns
    assert columns.shape[1] <= 702
    assert columns[Of.COUNT].sum() == 864_000
