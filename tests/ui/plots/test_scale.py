import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.plots.scale import digits, scale, step_for, value_ticks
from workstation.domain.telemetry import CHANNELS, channel

values = st.floats(-1e5, 1e5)


@given(st.sampled_from(CHANNELS), values, values)
def test_the_curve_and_the_limits_are_in_sight(one, first, second):
    low, high = scale(one, (min(first, second), max(first, second)))
    assert low <= min(first, second) <= max(first, second) <= high
    if one.limits is not None:
        assert all(
            low < value < high for value in (one.limits.low, one.limits.high) if value is not None
        )


def test_a_moving_curve_within_its_limits_does_not_move_the_axis():
    assert scale(channel("pulse"), (60, 80)) == scale(channel("pulse"), (65, 99))


def test_without_a_value_there_is_an_axis_still():
    low, high = scale(channel("activity"), None)
    assert low < high
    low, high = scale(channel("temperature"), (21.0, 21.0))
    assert low < 16
    assert high > 30


def test_a_state_has_an_axis_of_its_own():
    assert scale(channel("in_bed"), None) == scale(channel("in_bed"), (0.0, 1.0))


@given(st.floats(1e-3, 1e6), values, st.integers(2, 8))
def test_written_values_are_round_and_not_at_the_edge(span, low, wanted):
    found = value_ticks(low, low + span, wanted)
    assert all(low < value < low + span for value in found)
    assert len(found) <= wanted * 2 + 1


@pytest.mark.parametrize(("span", "step"), [(4, 1), (10, 2.5), (75, 20), (0.4, 0.1)])
def test_steps_are_round(span, step):
    assert step_for(span) == pytest.approx(step)


@pytest.mark.parametrize(
    ("step", "wanted"), [(20, 0), (1, 0), (0.5, 1), (0.1, 1), (0.25, 1), (0.01, 2)]
)
def test_as_many_decimals_as_tell_two_apart(step, wanted):
    assert digits(step) == wanted
