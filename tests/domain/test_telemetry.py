"""Limits with patience, and the one table of channels."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from workstation.domain.telemetry import CHANNELS, Breach, Channel, Limits, channel

PULSE = Limits(low=45, high=120, after=timedelta(minutes=2))


def test_a_value_must_stay_outside_for_its_time_and_is_told_once_per_stay() -> None:
    breach = Breach(PULSE)
    told = [breach.tell(130, NOW + timedelta(seconds=30 * step)) for step in range(8)]
    assert told == [False, False, False, False, True, False, False, False]
    assert breach.is_told
    assert not breach.tell(80, NOW + timedelta(minutes=5))
    assert not breach.is_told
    assert not breach.tell(130, NOW + timedelta(minutes=6))
    assert breach.tell(130, NOW + timedelta(minutes=8))


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0, 200)), max_size=60))
def test_one_alarm_per_stay_outside(readings: list[tuple[int, float]]) -> None:
    breach, now, told_since_inside = Breach(PULSE), NOW, False
    for seconds, value in readings:
        now += timedelta(seconds=seconds)
        told = breach.tell(value, now)
        if PULSE.contain(value):
            assert not told
            told_since_inside = False
        assert not (told and told_since_inside)
        told_since_inside = told_since_inside or told


def test_limits_contain_their_bounds() -> None:
    assert PULSE.contain(45)
    assert PULSE.contain(120)
    assert not PULSE.contain(44.9)
    assert Limits(low=None, high=None).contain(1e9)


def test_each_channel_stands_once_in_the_table() -> None:
    keys = [one.key for one in CHANNELS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("one", [one for one in CHANNELS if one.plotted], ids=lambda one: one.key)
def test_no_two_plotted_channels_look_the_same_in_one_unit(one: Channel) -> None:
    looks = [(other.colour, other.line, other.unit) for other in CHANNELS if other.plotted]
    assert looks.count((one.colour, one.line, one.unit)) == 1


def test_an_undeclared_channel_is_drawn_under_its_own_key() -> None:
    assert (channel("voc").key, channel("voc").title, channel("voc").limits) == ("voc", "voc", None)
