from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ui import times
from ui.plots.time_axis import TimeAxis, step_for, ticks

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
lengths = st.sampled_from([600, 3600, 86_400, 30 * 86_400])


@given(moments, lengths, st.integers(2, 14))
def test_ticks_stand_at_round_local_times_inside_the_view(end, length, labels):
    start = end.timestamp() - length
    step = step_for(length, labels)
    found = ticks(start, end.timestamp(), step)
    assert all(start <= at <= end.timestamp() for at in found)
    assert len(found) <= length / step + 3
    for at in found:
        local = datetime.fromtimestamp(at, times.LOCAL)
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        assert seconds % min(step, 3600) == 0


@given(moments, lengths)
def test_there_is_always_a_tick_to_read(end, length):
    step = step_for(length, 6)
    assert ticks(end.timestamp() - length, end.timestamp(), step)


def test_a_day_with_a_changed_clock_keeps_round_ticks():
    # 29 March 2026, 02:00 becomes 03:00 in Denmark.
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    found = ticks(start.timestamp(), (start + timedelta(hours=23)).timestamp(), 3 * 3600)
    said = [times.hour(datetime.fromtimestamp(at, UTC)) for at in found]
    assert said[:4] == ["00:00", "03:00", "06:00", "09:00"]


def test_labels_are_clock_times_and_over_days_dates(qapp):
    axis = TimeAxis()
    at = datetime(2026, 3, 14, 20, 14, tzinfo=UTC).timestamp()
    assert axis.tickStrings([at], 1.0, 3600.0) == ["21:14"]
    assert axis.tickStrings([at], 1.0, 86_400.0) == ["Mar 14"]
    assert len(axis.tickValues(at - 600, at, 400.0)[0][1]) <= 6
