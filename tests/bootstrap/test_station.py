"""The composed station on a real database: what it does when that is away, and how it ends."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ANNA, HADERSLEV, a_hub, a_message
from tests.fakes import FakeFeed, FakeSession
from workstation.adapters.db.database import Database, migrate
from workstation.adapters.system.clock import SystemClock
from workstation.application.errors import SchemaMismatch, StoreUnavailable
from workstation.application.health import ALARMS, DATABASE, Works
from workstation.application.hub_clock import HubClock
from workstation.application.ports import FeedState, RegisterEntry
from workstation.bootstrap.station import Station
from workstation.domain.citizen import Citizen, Device
from workstation.domain.kind import Outcome
from workstation.domain.names import CitizenId, DeviceName

CLOCK = HubClock(SystemClock())
KAREN = Citizen(id=CitizenId("c1"), kommune=HADERSLEV, name="Karen")
PENDANT = Device(name=DeviceName("pendant-1"), kommune=HADERSLEV, citizen=KAREN.id)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one citizen and her pendant."""
    path = tmp_path / "hub.db"
    migrate(url(path))
    database = Database(url(path), clock=CLOCK, machine="m")
    asyncio.run(database.register.put([RegisterEntry(citizen=KAREN)], [PENDANT]))
    database.close()
    return path


def url(file: Path) -> str:
    return f"sqlite:///{file}"


class Open:
    """A station with its sessions in the test's hand."""

    def __init__(self, file: Path, readings: FakeFeed | None = None) -> None:
        self.database = Database(url(file), clock=CLOCK, machine="m")
        self.alarms, self.readings = FakeFeed(), readings or FakeFeed()
        self.tokens = 0

        def check() -> None:
            Database.open(url(file), clock=CLOCK, machine="m").close()

        self.station = Station(
            hub=a_hub(),
            database=self.database,
            feeds={"alarms": self.alarms, "readings": self.readings},
            clock=CLOCK,
            session=FakeSession(ANNA),
            check=check,
        )
        self.board = self.station.board

    def connect(self) -> None:
        for feed in (self.alarms, self.readings):
            feed.on_state(FeedState(connected=True, at=CLOCK.now()))

    def press(self, device: str = "pendant-1") -> None:
        self.tokens += 1
        at = CLOCK.now().isoformat()
        body = f'{{"id":"{self.tokens}","at":"{at}","kind":"emergency","code":"press"}}'
        message = a_message(body, f"hub/v1/0510/{device}/alarm", received_at=CLOCK.now())
        self.alarms.on_message(message, self.tokens)

    def lamp(self, name: str) -> tuple[Works, str]:
        part = self.station.health.part(name)
        return part.state, part.reason

    async def until(self, fact: Callable[[], object]) -> None:
        """Wait for a fact, looked for by the station's own beat."""
        seen = asyncio.Event()

        async def look() -> None:
            if fact():
                seen.set()

        self.station.every(0.01, look, at_once=True)
        await asyncio.wait_for(seen.wait(), 15)


@asynccontextmanager
async def opened(file: Path, patience_s: float = 0.2) -> AsyncIterator[Open]:
    one = Open(file)
    try:
        await one.station.start(patience_s=patience_s)
        one.connect()
        yield one
    finally:
        await one.station.stop()
        one.database.close()


@contextmanager
def locked(file: Path) -> Iterator[Callable[[], None]]:
    """Another program keeps the whole file for itself until the result is called."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE level SET active = active")
        yield other.close


def run(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(act())


def test_with_its_database_a_station_loads_listens_stores_and_answers(file: Path) -> None:
    async def act() -> None:
        async with opened(file, patience_s=15) as one:
            assert one.station.citizens.name_of(KAREN.id) == "Karen"
            assert one.lamp(DATABASE) == (Works.OK, "")
            one.press()
            await one.until(lambda: one.alarms.published)
            (alarm,) = one.board.alarms()
            assert (alarm.citizen, alarm.saved) == (KAREN.id, True)
            assert one.alarms.acknowledged == [1]
            assert one.alarms.published[0][0] == "hub/v1/0510/pendant-1/receipt"
            await one.until(lambda: one.lamp(ALARMS) == (Works.OK, ""))

    run(act)


def test_a_locked_database_at_the_start_hides_no_alarm_and_says_so(file: Path) -> None:
    async def before() -> None:
        async with opened(file, patience_s=15) as one:
            one.press("pendant-0")
            await one.until(lambda: one.alarms.acknowledged)

    async def act() -> None:
        with locked(file) as release:
            async with opened(file) as one:
                one.press()
                await one.until(one.board.alarms)
                await one.until(lambda: one.lamp(DATABASE) == (Works.DOWN, "locked"))
                (alarm,) = one.board.alarms()
                await one.until(lambda: not one.board.alarms()[0].saved)
                taken = await one.station.desk.take(alarm.id)
                assert (taken.taken_by, taken.citizen) == (ANNA, None)
                assert one.alarms.acknowledged == []
                release()
                await one.until(lambda: len(one.board.alarms()) == 2)
                await one.until(lambda: one.alarms.acknowledged)
                await one.until(lambda: all(alarm.saved for alarm in one.board.alarms()))
                await one.until(lambda: one.board.get(alarm.id).citizen == KAREN.id)
                await one.until(lambda: one.lamp(DATABASE) == (Works.OK, ""))
                stored = await one.database.alarms.find(alarm.id)
                assert (stored.taken_by, stored.citizen) == (ANNA, KAREN.id)
                assert stored == one.board.get(alarm.id)

    run(before)
    run(act)


def test_a_station_whose_database_never_answers_ends_all_the_same(file: Path) -> None:
    async def act() -> None:
        with locked(file):
            async with opened(file) as one:
                one.press()
                await one.until(one.board.alarms)
            assert one.alarms.acknowledged == []
            assert not one.alarms.connected

    run(act)


@pytest.mark.parametrize("what", ["newer", "corrupt"])
def test_what_does_not_pass_by_itself_is_said_at_the_start_and_nothing_stays_behind(
    file: Path, what: str
) -> None:
    if what == "newer":
        with closing(sqlite3.connect(file)) as other, other:
            other.execute("UPDATE alembic_version SET version_num = '9999'")
    else:
        file.write_bytes(b"this is no database at all" * 1000)
    before = threading.active_count()

    async def act() -> None:
        async with opened(file, patience_s=15):
            raise AssertionError("it must not start")

    with pytest.raises((SchemaMismatch, StoreUnavailable)) as refused:
        run(act)
    assert refused.value.reason == what
    assert threading.active_count() <= before


def test_a_session_that_cannot_be_started_leaves_nothing_behind(file: Path) -> None:
    class Broken(FakeFeed):
        def start(self, on_message: object, on_state: object) -> None:
            raise OSError("no thread")

    async def act() -> None:
        one = Open(file, Broken())
        try:
            with pytest.raises(OSError, match="no thread"):
                await one.station.start(patience_s=15)
        finally:
            await one.station.stop()
            one.database.close()
        assert not one.alarms.connected

    run(act)


def test_two_desks_see_each_other(file: Path) -> None:
    async def act() -> None:
        async with opened(file, 15) as one, opened(file, 15) as two:
            one.press()
            await two.until(two.board.alarms)
            (alarm,) = two.board.alarms()
            await one.until(lambda: one.board.get(alarm.id))
            await two.station.desk.take(alarm.id)
            await one.until(lambda: one.board.get(alarm.id).taken_by == ANNA)
            await two.station.desk.resolve(alarm.id, Outcome.TEST)
            await one.until(lambda: not one.board.alarms())
            assert one.board.last_resolved is not None

    run(act)


def test_a_lasting_state_survives_a_restart_and_can_end_and_come_again(file: Path) -> None:
    def water(leaks: bool) -> Any:
        body = f'{{"water_leak":{str(leaks).lower()}}}'
        return a_message(body, "zigbee2mqtt/pendant-1", received_at=CLOCK.now())

    async def first() -> None:
        async with opened(file, 15) as one:
            one.alarms.on_message(water(True), 1)
            await one.until(lambda: one.alarms.acknowledged)

    async def second() -> None:
        async with opened(file, 15) as one:
            (alarm,) = one.board.alarms()
            one.alarms.on_message(water(True), 1)
            one.alarms.on_message(water(False), 2)
            await one.until(lambda: one.board.get(alarm.id).restored_at)
            one.alarms.on_message(water(True), 3)
            await one.until(lambda: one.board.get(alarm.id).repeats == 1)

    run(first)
    run(second)


def test_a_register_that_another_program_fills_is_read_again(file: Path) -> None:
    async def act() -> None:
        async with opened(file, 15) as one:
            new = Citizen(id=CitizenId("c2"), kommune=HADERSLEV, name="Aksel")
            await one.database.register.put([RegisterEntry(citizen=new)], [])
            await one.station.citizens.load()
            assert one.station.citizens.name_of(new.id) == "Aksel"

    run(act)
