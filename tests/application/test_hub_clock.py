"""The hub's time: the database's, whatever this machine's clock says and whoever sets it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeClock
from workstation.application.hub_clock import HubClock, RoundTrip


class Machine:
    """A machine whose clock is `ahead` seconds, and a database that is right."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.right = FakeClock()
        self.clock = FakeClock(self.right.now() + timedelta(seconds=ahead))
        self.hub = HubClock(self.clock)

    def pass_by(self, seconds: float) -> None:
        self.right.advance(seconds)
        self.clock.advance(seconds)

    def ask(self, there: float = 0.001, back: float = 0.001) -> None:
        asked = self.clock.monotonic()
        self.pass_by(there)
        told = self.right.now()
        self.pass_by(back)
        self.hub.measured(RoundTrip(told=told, asked=asked, answered=self.clock.monotonic()))

    @property
    def error(self) -> float:
        """By how many seconds the hub's time is ahead of the right one."""
        return (self.hub.now() - self.right.now()).total_seconds()


def test_before_the_first_answer_it_is_the_machines(clock: FakeClock) -> None:
    hub = HubClock(clock)
    assert hub.now() == clock.now()
    assert hub.monotonic() == clock.monotonic()
    assert (hub.offset, hub.is_off) == (timedelta(0), False)


@pytest.mark.parametrize("ahead", [3600.0, 2.5, -2.5, -86_400.0])
def test_a_clock_that_is_off_is_put_right_by_the_first_answer(ahead: float) -> None:
    machine = Machine(ahead)
    machine.ask()
    assert machine.error == pytest.approx(0, abs=0.001)
    assert machine.hub.offset.total_seconds() == pytest.approx(-ahead, abs=0.003)
    assert machine.hub.is_off


def test_two_seconds_are_still_in_order() -> None:
    machine = Machine(1.9)
    machine.ask()
    assert not machine.hub.is_off
    assert machine.error == pytest.approx(0, abs=0.001)


def test_a_clock_that_fits_the_answer_is_left_as_it_is() -> None:
    machine = Machine(0.02)
    machine.ask(0.05, 0.05)
    assert machine.hub.offset == timedelta(0)
    assert machine.hub.now() == machine.clock.now()


def test_the_quickest_answer_counts() -> None:
    machine = Machine(5)
    machine.ask(0.001, 0.001)
    machine.pass_by(5)
    machine.ask(0.4, 0.0)
    machine.pass_by(11)
    assert machine.error == pytest.approx(0, abs=0.002)


def test_a_small_correction_is_spread_and_time_never_runs_backwards() -> None:
    machine = Machine(5)
    machine.ask(0.4, 0.0)
    assert machine.error == pytest.approx(0.2, abs=0.001)
    machine.ask()
    assert machine.error == pytest.approx(0.2, abs=0.01), "nothing jumps"
    before = machine.hub.now()
    for _ in range(100):
        machine.pass_by(0.1)
        assert machine.hub.now() > before
        before = machine.hub.now()
    assert machine.error == pytest.approx(0, abs=0.002)


@pytest.mark.parametrize("jump", [3600, -3600])
def test_somebody_sets_the_machines_clock_and_the_hubs_time_runs_on(jump: int) -> None:
    machine = Machine()
    machine.ask()
    machine.clock.set(machine.clock.now() + timedelta(seconds=jump))
    machine.pass_by(4)
    assert machine.error == pytest.approx(0, abs=0.001)
    machine.ask()
    assert machine.error == pytest.approx(0, abs=0.003)
    assert machine.hub.offset.total_seconds() == pytest.approx(-jump, abs=0.003)


def test_the_databases_clock_is_set_and_is_followed_at_once() -> None:
    machine = Machine()
    machine.ask()
    machine.right.set(machine.right.now() + timedelta(seconds=60))
    machine.pass_by(5)
    machine.ask(0.1, 0.1)
    assert machine.error == pytest.approx(0, abs=0.101)


def test_a_machine_that_slept_has_the_right_time_a_minute_later_at_the_latest() -> None:
    machine = Machine(10)
    machine.ask()
    # Asleep the counter stands still and the clock does not.
    machine.right.set(machine.right.now() + timedelta(hours=8))
    machine.clock.set(machine.clock.now() + timedelta(hours=8))
    machine.pass_by(61)
    assert machine.error == pytest.approx(0, abs=0.003)


@given(
    st.floats(-1e6, 1e6),
    st.lists(st.tuples(st.floats(0, 2), st.floats(0, 2), st.floats(0, 60)), min_size=1),
)
def test_it_is_never_more_wrong_than_the_answers_took(
    ahead: float, asks: list[tuple[float, float, float]]
) -> None:
    machine = Machine(ahead)
    worst = 0.01
    for there, back, pause in asks:
        machine.ask(there, back)
        worst = max(worst, there + back + 0.01)
        assert abs(machine.error) <= worst
        machine.pass_by(pause)
        assert abs(machine.error) <= worst
