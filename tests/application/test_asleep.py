"""Whether a machine slept, told from clocks that stand still and from clocks that do not."""

from hypothesis import given
from hypothesis import strategies as st

from workstation.application.asleep import ASLEEP_S, Asleep

DAY = 1e9


def test_time_that_passed_without_us_is_a_sleep() -> None:
    asleep = Asleep()
    looks = [(0.0, DAY), (1.0, DAY + 1), (2.0, DAY + 3600), (3.0, DAY + 3601)]
    assert [asleep.ended(*look) for look in looks] == [False, False, True, False]


def test_a_wait_that_was_far_too_long_is_a_sleep() -> None:
    asleep = Asleep()
    assert not asleep.ended(0.0, DAY)
    assert asleep.ended(3600.0, DAY + 3600, late=3599.0)
    assert not asleep.ended(3601.0, DAY + 3601, late=0.1)


def test_a_clock_that_is_set_back_is_none() -> None:
    asleep = Asleep()
    assert [asleep.ended(now, wall) for now, wall in ((0, DAY), (1, DAY - 3600))] == [False, False]


@given(
    steps=st.lists(
        st.tuples(st.floats(0, 4), st.floats(-0.9 * ASLEEP_S, 0.9 * ASLEEP_S)), max_size=30
    )
)
def test_small_corrections_are_none(steps: list[tuple[float, float]]) -> None:
    asleep, now, wall = Asleep(), 0.0, DAY
    assert not asleep.ended(now, wall)
    for passed, corrected in steps:
        now, wall = now + passed, wall + passed + min(corrected, ASLEEP_S / 2)
        assert not asleep.ended(now, wall, late=passed / 2)
