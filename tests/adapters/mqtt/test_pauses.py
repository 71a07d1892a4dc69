"""Pauses between attempts: growing, spread, short again after a good connection."""

import pytest

from tests.bench.returning import busiest, returning
from tests.fakes import FakeClock
from workstation.adapters.mqtt.pauses import Pauses

LIMITS = [1, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5]


def longest(clock: FakeClock) -> Pauses:
    """Pauses that are always as long as they may be."""
    return Pauses(clock, between=lambda _low, high: high)


def test_they_grow(clock: FakeClock) -> None:
    pauses = longest(clock)
    assert [pauses.next() for _ in LIMITS] == LIMITS


def test_they_are_spread_over_their_whole_length(clock: FakeClock) -> None:
    first = sorted(Pauses(clock).next() for _ in range(200))
    assert first[0] >= 0.05
    assert first[-1] <= 1
    assert first[20] < 0.4
    assert first[180] > 0.6
    assert len(set(first)) == 200


def test_a_connection_that_lasted_begins_them_anew(clock: FakeClock) -> None:
    pauses = longest(clock)
    grown = [pauses.next() for _ in LIMITS][-1]
    pauses.connected()
    clock.advance(9)
    pauses.ended()
    assert pauses.next() == grown
    pauses.connected()
    clock.advance(10)
    pauses.ended()
    assert pauses.next() == LIMITS[0]


@pytest.mark.parametrize("away", [0.05, 0.5, 2, 10, 60, 600])
@pytest.mark.parametrize("seed", range(5))
def test_fifty_desks_that_come_back_are_no_herd(away: float, seed: int) -> None:
    back = returning(50, away, seed)
    assert busiest(back) <= 16, "a third of them at most within a tenth of a second"
    assert back[25] <= 2.5
    assert back[-1] <= 5
