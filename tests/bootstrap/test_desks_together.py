"""Stations on one PostgreSQL: what one does, the other shows; of two who take, one is told by whom."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.builders import ANNA, BO, a_hub, a_message
from tests.fakes import FakeFeed, FakeSession
from tests.peers.postgres import Postgres
from workstation.adapters.db.database import Database
from workstation.adapters.system.clock import SystemClock
from workstation.application.errors import AlreadyTaken
from workstation.application.ports import FeedState
from workstation.bootstrap.station import Station
from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Outcome
from workstation.domain.names import Operator

pytestmark = pytest.mark.peer
CLOCK = SystemClock()


class Desk:
    """A station with its sessions in the test's hand."""

    def __init__(self, url: str, name: str, operator: Operator) -> None:
        self.database = Database(url, clock=CLOCK, machine=name, role="desk")
        self.alarms = FakeFeed()
        self.station = Station(
            hub=a_hub(),
            database=self.database,
            feeds={"alarms": self.alarms, "readings": FakeFeed()},
            clock=CLOCK,
            session=FakeSession(operator),
        )

    def press(self, number: int) -> None:
        body = (
            f'{{"id":"{number}","at":"{CLOCK.now().isoformat()}","kind":"emergency","code":"sos"}}'
        )
        topic = f"hub/v1/0510/pendant-{number}/alarm"
        self.alarms.on_message(a_message(body, topic, received_at=CLOCK.now()), number)

    def shown(self) -> list[Alarm]:
        return self.station.board.alarms()

    async def sees(self, *states: tuple[State, str | None]) -> None:
        seen = asyncio.Event()

        async def look() -> None:
            if Counter((one.state, one.taken_by) for one in self.shown()) == Counter(states):
                seen.set()

        self.station.every(0.01, look, at_once=True)
        await asyncio.wait_for(seen.wait(), 20)


@asynccontextmanager
async def desks(url: str) -> AsyncIterator[tuple[Desk, Desk]]:
    both = Desk(url, "one", ANNA), Desk(url, "two", BO)
    try:
        for desk in both:
            await desk.station.start()
            desk.alarms.on_state(FeedState(connected=True, at=CLOCK.now()))
        yield both
    finally:
        for desk in both:
            await desk.station.stop()
            desk.database.close()


def test_what_one_desk_does_the_other_shows(postgres_url: str) -> None:
    async def act() -> None:
        async with desks(postgres_url) as (one, two):
            one.press(1)
            await two.sees((State.RAISED, None))
            [alarm] = two.shown()
            await two.station.desk.take(alarm.id)
            await one.sees((State.TAKEN, BO))
            await two.station.desk.resolve(alarm.id, Outcome.FALSE_ALARM)
            await one.sees()

    asyncio.run(act())


def test_of_two_who_take_at_once_one_is_told_who_has_it(postgres_url: str) -> None:
    async def act() -> None:
        async with desks(postgres_url) as (one, two):
            for number in range(10):
                one.press(number)
            await two.sees(*[(State.RAISED, None)] * 10)
            await one.sees(*[(State.RAISED, None)] * 10)
            for alarm in one.shown():
                ends = await asyncio.gather(
                    one.station.desk.take(alarm.id),
                    two.station.desk.take(alarm.id),
                    return_exceptions=True,
                )
                [taken] = [end for end in ends if isinstance(end, Alarm)]
                [beaten] = [end for end in ends if isinstance(end, AlreadyTaken)]
                assert (beaten.by, beaten.at) == (taken.taken_by, taken.taken_at)

    asyncio.run(act())


def test_a_server_that_was_away_is_caught_up_with(
    postgres_server: Postgres, postgres_url: str
) -> None:
    name = postgres_url.rpartition("/")[2]

    async def act() -> None:
        async with desks(postgres_url) as (one, two):
            one.press(1)
            await two.sees((State.RAISED, None))
            await asyncio.to_thread(postgres_server.throw_out, name)
            [alarm] = two.shown()
            await two.station.desk.take(alarm.id)
            await one.sees((State.TAKEN, BO))

    asyncio.run(act())
