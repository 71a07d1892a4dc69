"""Who does the work of the night, and when."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders import NOW
from tests.fakes import FakeClock
from tests.fakes_audit import FakeRetention
from workstation.application.nightly import NightlyTurn


class Process:
    """One of a hub; its work is due at three in the morning, Danish time."""

    def __init__(self, name: str, retention: FakeRetention) -> None:
        self.clock = FakeClock()
        self.clock.set(NOW)
        self.turn = NightlyTurn(
            "purge",
            retention=retention,
            holder=name,
            clock=self.clock,
            zone=ZoneInfo("Europe/Copenhagen"),
            at_hour=3,
        )

    def begins(self, at: datetime | None = None) -> bool:
        if at is not None:
            self.clock.set(at)
        return asyncio.run(self.turn.begin())

    def finishes(self) -> None:
        asyncio.run(self.turn.finish())


@pytest.fixture
def one() -> Process:
    return Process("desk-1", FakeRetention())


def test_it_is_done_once_a_night_at_its_hour(one: Process) -> None:
    assert one.begins(datetime(2026, 3, 14, 12, tzinfo=NOW.tzinfo))
    one.finishes()
    assert not one.begins(datetime(2026, 3, 14, 13, tzinfo=NOW.tzinfo))
    assert not one.begins(datetime(2026, 3, 15, 1, 59, tzinfo=NOW.tzinfo))
    assert one.begins(datetime(2026, 3, 15, 2, tzinfo=NOW.tzinfo))  # three in Denmark


def test_what_was_not_finished_is_tried_again(one: Process) -> None:
    assert one.begins()
    assert one.begins()


@pytest.mark.parametrize("minutes", [14, 16])
def test_who_is_not_heard_of_for_a_quarter_of_an_hour_loses_the_turn(minutes: int) -> None:
    retention = FakeRetention()
    one, other = Process("desk-1", retention), Process("desk-2", retention)
    assert one.begins()
    assert other.begins(NOW + timedelta(minutes=minutes)) == (minutes > 15)


def test_who_goes_on_keeps_it() -> None:
    retention = FakeRetention()
    one, other = Process("desk-1", retention), Process("desk-2", retention)
    assert one.begins()
    one.clock.set(NOW + timedelta(minutes=14))
    asyncio.run(one.turn.go_on())
    assert not other.begins(NOW + timedelta(minutes=28))
