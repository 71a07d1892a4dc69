from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ui.plots.columns import (
    NONE,
    Of,
    Peaks,
    each,
    gap_limit,
    gather,
    means,
    merge,
    of_buckets,
    polyline,
    steps,
    within,
)
from ui.plots.ring import Ring
from workstation.domain.telemetry import Bucket

values = st.floats(-1e6, 1e6, allow_nan=False)
# Quarters of a second and powers of two: exact in floating point, so that a grid is one grid.
widths = st.sampled_from([0.5, 1.0, 4.0, 32.0])
GAP = 20.0


@st.composite
def readings(draw, most=80):
    steps_between = draw(st.lists(st.integers(1, 160), max_size=most))
    times = np.cumsum(np.array(steps_between, dtype=float)) / 4
    drawn = draw(st.lists(values, min_size=len(times), max_size=len(times)))
    return times, np.array(drawn)


@given(readings(), widths)
def test_each_column_tells_first_lowest_highest_and_last(came, width):
    times, seen = came
    found = gather(times, seen, width)
    slots = np.floor(times / width)
    for place, slot in enumerate(np.unique(slots)):
        inside, at = seen[slots == slot], times[slots == slot]
        column = found[:, place]
        assert column[Of.FIRST_AT] == at[0]
        assert column[Of.LAST_AT] == at[-1]
        assert column[Of.FIRST] == inside[0]
        assert column[Of.LAST] == inside[-1]
        assert column[Of.LOW] == inside.min()
        assert column[Of.HIGH] == inside.max()
        assert column[Of.COUNT] == len(inside)
        assert np.isclose(column[Of.TOTAL], inside.sum())
    assert found[Of.COUNT].sum() == len(times)


@given(readings(), widths)
def test_no_peak_is_lost_on_the_way_to_the_line(came, width):
    times, seen = came
    _x, y = polyline(gather(times, seen, width), GAP)
    drawn = y[np.isfinite(y)]
    if len(seen):
        assert drawn.min() == seen.min()
        assert drawn.max() == seen.max()
    else:
        assert not len(drawn)


@given(readings(), widths)
def test_the_line_runs_forward_in_time_and_has_few_points(came, width):
    columns = gather(came[0], came[1], width)
    x, _y = polyline(columns, GAP)
    assert (np.diff(x) >= 0).all()
    assert len(x) <= 5 * columns.shape[1]


@given(readings())
def test_a_line_breaks_exactly_where_values_are_missing(came):
    times, seen = came
    x, y = polyline(each(times, seen), GAP)
    breaks = x[np.isnan(y)]
    missing = times[:-1][np.diff(times) > GAP]
    assert breaks.tolist() == missing.tolist()
    assert x[np.isfinite(y)].tolist() == times.tolist()
    assert y[np.isfinite(y)].tolist() == seen.tolist()


@given(readings(), widths)
def test_a_gap_wider_than_a_column_is_never_drawn_over(came, width):
    times, _seen = came
    x, y = polyline(gather(came[0], came[1], width), GAP)
    for before, after in pairwise(times):
        if after - before > max(GAP, width):
            between = (x >= before) & (x <= after)
            assert np.isnan(y[between]).any()


@given(readings())
def test_steps_hold_a_value_until_the_next(came):
    times, seen = came
    x, y = steps(each(times, seen), 1e9)
    for at, value in zip(times[1:], seen[:-1], strict=True):
        first = int(np.searchsorted(x, at))
        assert x[first] == at
        assert y[first] == value


def test_steps_do_not_hold_over_a_gap():
    x, y = steps(each(np.array([0.0, 1.0, 100.0]), np.array([1.0, 0.0, 1.0])), GAP)
    assert np.isnan(y[(x > 1.0) & (x < 100.0)]).all()
    assert np.isnan(y).any()


@given(readings(), widths, st.sampled_from([2, 8]))
def test_merging_columns_is_gathering_in_wider_ones(came, width, factor):
    merged, gathered = (
        merge(gather(came[0], came[1], width), width * factor),
        gather(came[0], came[1], width * factor),
    )
    assert np.allclose(merged, gathered)


@given(readings(), st.lists(st.integers(1, 20), max_size=20), widths)
def test_keeping_up_is_the_same_as_starting_anew(came, sizes, width):
    times, seen = came
    ring, peaks = Ring(10_000), Peaks()
    done = 0
    for size in [*sizes, len(times)]:
        for at, value in zip(times[done : done + size], seen[done : done + size], strict=True):
            ring.add(at, value)
        done = min(done + size, len(times))
        assert np.allclose(peaks.of(ring, width), gather(ring.times, ring.values, width))


@given(readings(), st.integers(1, 20), widths)
def test_what_the_ring_forgot_goes_from_the_columns(came, capacity, width):
    ring, peaks = Ring(capacity), Peaks()
    for at, value in zip(*came, strict=True):
        ring.add(at, value)
        columns = peaks.of(ring, width)
        assert columns[Of.LAST_AT, 0] >= ring.times[0]
        assert columns[Of.LAST_AT, -1] == ring.times[-1]
        assert columns[Of.HIGH].max() >= ring.values.max()


def test_a_late_value_and_another_width_are_seen():
    ring, peaks = Ring(10), Peaks()
    ring.extend([0.0, 10.0], [1.0, 2.0])
    assert peaks.of(ring, 1.0).shape[1] == 2
    ring.add(5.0, 9.0)
    assert peaks.of(ring, 1.0)[Of.HIGH].tolist() == [1.0, 9.0, 2.0]
    assert peaks.of(ring, 100.0)[Of.HIGH].tolist() == [9.0]
    ring.clear()
    assert peaks.of(ring, 100.0).shape[1] == 0


def test_a_roll_up_is_as_wide_as_it_is_and_a_missing_one_is_seen():
    start = datetime(2026, 3, 14, 12, tzinfo=UTC)
    hours = [
        Bucket(at=start + timedelta(hours=hour), low=1.0, high=5.0, mean=2.0, count=4)
        for hour in (0, 1, 6)
    ]
    columns = of_buckets(hours, 3600.0)
    assert (columns[Of.LAST_AT] - columns[Of.FIRST_AT] == 3600.0).all()
    _x, mean = means(columns, gap_limit(np.array([0.0, 4 * 3600.0]), factor=0, floor=5400.0))
    assert np.isnan(mean).sum() == 1
    assert mean[np.isfinite(mean)].tolist() == [2.0, 2.0, 2.0]
    _x, line = polyline(columns, 1e9)
    assert (line.min(), line.max()) == (1.0, 5.0)


@given(readings(), st.integers(0, 100), st.integers(0, 100))
def test_a_view_has_one_column_more_on_either_side(came, one, other):
    start, end = sorted((float(one), float(other)))
    columns = each(*came)
    seen = within(columns, start, end)
    times = came[0]
    inside = times[(times >= start) & (times <= end)]
    assert np.isin(inside, seen[Of.FIRST_AT]).all()
    before, after = times[times < start], times[times > end]
    if len(before):
        assert before[-1] in seen[Of.FIRST_AT]
    if len(after):
        assert after[0] in seen[Of.FIRST_AT]
    assert seen.shape[1] <= len(inside) + 2


def test_nothing_is_drawn_of_nothing():
    assert not len(polyline(NONE, GAP)[0])
    assert not len(steps(NONE, GAP)[0])
    assert not len(means(NONE, GAP)[0])
    assert merge(NONE, 1.0).shape[1] == 0
    assert of_buckets([], 60.0).shape[1] == 0
    assert within(NONE, 0.0, 1.0).shape[1] == 0
    assert gap_limit(np.empty(0), factor=5, floor=120.0) == 120.0
