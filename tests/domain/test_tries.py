"""Waits that grow, and a lock: what is counted, and what is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.tries import Attempt, Standing, Throttle, Tried, standing

NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
THROTTLE = Throttle(tries=5, lock=timedelta(minutes=15))


def after(*lines: tuple[float, Tried], now: float) -> Standing:
    attempts = [
        Attempt(at=NOW + timedelta(seconds=at), name="anna", source="desk-1", result=result)
        for at, result in lines
    ]
    return standing(attempts, THROTTLE, NOW + timedelta(seconds=now))


def wrong(*moments: float) -> list[tuple[float, Tried]]:
    return [(at, result) for at in moments for result in (Tried.TRIED, Tried.WRONG)]


@pytest.mark.parametrize(
    ("failures", "wait"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 15 * 60), (9, 15 * 60)]
)
def test_the_wait_doubles_and_ends_in_a_lock(failures: int, wait: float) -> None:
    stood = after(*wrong(*range(failures)), now=failures - 1)
    assert stood.wait == timedelta(seconds=wait)
    assert stood.refusal is (Tried.LOCKED if failures >= 5 else Tried.THROTTLED)


def test_a_wait_ends() -> None:
    assert after(*wrong(0), now=0.5).refusal is Tried.THROTTLED
    assert after(*wrong(0), now=1).refusal is None
    assert after(*wrong(0, 1, 2, 3, 4), now=4 + 15 * 60 - 1).refusal is Tried.LOCKED
    assert after(*wrong(0, 1, 2, 3, 4), now=4 + 15 * 60) == Standing()


def test_a_success_and_a_quiet_time_forget_the_failures() -> None:
    lines = [*wrong(0, 1, 2), (3, Tried.TRIED), (3, Tried.SIGNED_IN)]
    assert after(*lines, now=4) == Standing()
    assert after(*wrong(0, 1, 2, 3), *wrong(4 + 15 * 60), now=4 + 15 * 60).failures == 1


def test_what_was_refused_makes_nothing_longer() -> None:
    lines = [*wrong(0, 1, 2, 3, 4), *[(at, Tried.LOCKED) for at in range(5, 100)]]
    assert after(*lines, now=100).wait == timedelta(seconds=15 * 60 - 96)


def test_no_more_are_on_their_way_than_may_still_fail() -> None:
    assert not after(*[(0, Tried.TRIED)] * 4, now=0).busy
    assert after(*[(0, Tried.TRIED)] * 5, now=0).busy
    assert after(*wrong(0, 1), *[(5, Tried.TRIED)] * 3, now=5).busy


def test_what_never_ended_failed() -> None:
    assert after((0, Tried.TRIED), now=29).failures == 0
    assert after((0, Tried.TRIED), now=31).failures == 1
    assert after(*[(0, Tried.TRIED)] * 5, now=31).locked


def test_a_clock_that_goes_back_locks_nobody_longer_than_the_lock() -> None:
    assert after(*wrong(0, 1, 2, 3, 4), now=-60).wait <= timedelta(minutes=17)


@given(
    st.lists(
        st.tuples(st.floats(0, 3600), st.sampled_from([Tried.TRIED, Tried.WRONG, Tried.SIGNED_IN]))
    ),
    st.floats(3600, 7200),
)
def test_whatever_the_log_holds_a_wait_is_never_longer_than_the_lock(
    lines: list[tuple[float, Tried]], now: float
) -> None:
    stood = after(*sorted(lines, key=lambda line: line[0]), now=now)
    assert timedelta(0) <= stood.wait <= THROTTLE.lock
    assert stood.locked is (stood.failures >= THROTTLE.tries)
