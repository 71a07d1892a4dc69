"""Pauses between attempts: growing, spread, short again after a good connection."""

from tests.fakes import FakeClock
from workstation.adapters.mqtt.pauses import Pauses

LIMITS = [0.25, 0.5, 1, 2, 4, 5, 5, 5, 5, 5, 5, 5]


def test_they_grow_and_are_spread(clock: FakeClock) -> None:
    several = []
    for _ in range(20):
        pauses = Pauses(clock)
        several.append([pauses.next() for _ in LIMITS])
    for limit, chosen in zip(LIMITS, zip(*several, strict=True), strict=True):
        assert all(limit / 2 <= pause <= limit for pause in chosen)
        assert len(set(chosen)) == 20


def test_a_connection_that_lasted_begins_them_anew(clock: FakeClock) -> None:
    pauses = Pauses(clock)
    grown = [pauses.next() for _ in LIMITS][-1]
    pauses.connected()
    clock.advance(9)
    pauses.ended()
    assert pauses.next() >= grown / 2
    pauses.connected()
    clock.advance(10)
    pauses.ended()
    assert pauses.next() <= LIMITS[0]
