import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.plots.ring import Ring

moments = st.integers(0, 60).map(float)
numbers = st.floats(allow_nan=False, allow_infinity=False)
pairs = st.tuples(moments, numbers)


@given(st.integers(1, 9), st.lists(pairs, max_size=60))
def test_it_keeps_the_latest_in_the_order_of_time_however_they_come(capacity, came):
    ring = Ring(capacity)
    known: dict[float, float] = {}
    for at, value in came:
        ring.add(at, value)
        known[at] = value
        known = dict(sorted(known.items())[-capacity:])
        assert ring.times.tolist() == list(known)
        assert ring.values.tolist() == list(known.values())
        assert len(ring) == len(known)


@given(st.integers(1, 9), st.lists(st.lists(pairs, max_size=12), max_size=6))
def test_many_at_once_are_the_same_as_one_by_one(capacity, batches):
    at_once, one_by_one = Ring(capacity), Ring(capacity)
    for batch in batches:
        at_once.extend([at for at, _ in batch], [value for _, value in batch])
        for at, value in batch:
            one_by_one.add(at, value)
    assert at_once.times.tolist() == one_by_one.times.tolist()


def test_appending_does_not_make_what_was_derived_wrong_and_a_late_value_does():
    ring = Ring(4)
    for at in range(9):
        ring.add(float(at), 1.0)
    assert ring.revision == 0
    ring.add(6.5, 2.0)
    assert ring.revision == 1
    assert ring.times.tolist() == [6.0, 6.5, 7.0, 8.0]


@pytest.mark.parametrize(("at", "value"), [(1.0, math.nan), (math.inf, 1.0), (1.0, -math.inf)])
def test_what_is_not_a_number_is_not_kept(at, value):
    ring = Ring(4)
    ring.add(at, value)
    ring.extend([at], [value])
    assert len(ring) == 0


def test_the_views_are_contiguous_over_the_wrap():
    ring = Ring(3)
    for at in range(5):
        ring.add(float(at), float(-at))
    assert ring.times.flags.c_contiguous
    assert ring.times.base is not None, "a view, not a copy"
    assert np.array_equal(ring.values, [-2.0, -3.0, -4.0])


def test_clear_forgets_everything():
    ring = Ring(3)
    ring.add(1.0, 1.0)
    ring.clear()
    assert len(ring) == 0
    ring.add(0.5, 2.0)
    assert ring.times.tolist() == [0.5]


def test_a_ring_of_nothing_is_refused():
    with pytest.raises(ValueError, match="0"):
        Ring(0)
