"""Whole stations of one hub in one process: a database that is there or not, and a broker in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from tests.builders import HADERSLEV, a_hub, a_message
from tests.fakes import FakeFeed, FakeSession
from workstation.adapters.db.database import Database
from workstation.adapters.db.journal import LocalJournal
from workstation.adapters.system.clock import SystemClock
from workstation.application.cards import CardCache
from workstation.application.hub_clock import HubClock
from workstation.application.kept_cards import KeptCards
from workstation.application.ports import FeedState
from workstation.bootstrap.outage import DeskOutage
from workstation.bootstrap.station import Station
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim
from workstation.domain.names import AlarmId, Operator
from workstation.wire import claim as wire

CLOCK = SystemClock()


class Bus:
    """What a broker does with claims: each goes to every desk, the one that sent it as well."""

    def __init__(self) -> None:
        self.feeds: list[BusFeed] = []
        self.claims: list[tuple[str, bytes]] = []
        self.cut: set[str] = set()
        """Desks that hear nothing of the others."""

    def spread(self, topic: str, payload: bytes) -> None:
        self.claims.append((topic, payload))
        for feed in self.feeds:
            if feed.name not in self.cut and feed.connected:
                feed.on_message(a_message(payload, topic, received_at=CLOCK.now()), object())


class BusFeed(FakeFeed):
    """A desk's session on the bus."""

    def __init__(self, name: str, bus: Bus) -> None:
        super().__init__()
        self.name = name
        self._bus = bus

    def start(self, on_message: object, on_state: object) -> None:
        super().start(on_message, on_state)
        self._bus.feeds.append(self)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        if not self.connected or self not in self._bus.feeds:
            return False
        self.published.append((topic, payload))
        if wire.is_claim(topic) and self.name not in self._bus.cut:
            self._bus.spread(topic, payload)
        return True

    def stop(self) -> None:
        super().stop()
        if self in self._bus.feeds:
            self._bus.feeds.remove(self)


class HubDesk:
    """One desk, `url` being what its settings say of the database."""

    def __init__(
        self, name: str, url: str, bus: Bus, folder: Path, cards: CardCache | None = None
    ) -> None:
        self.name = name
        self.me = Operator(name.title())
        self.database = Database(url, clock=CLOCK, machine=name)
        self.alarms, readings = BusFeed(name, bus), FakeFeed()
        journal = LocalJournal(folder / f"{name}.sqlite", CLOCK)
        kept = None
        if cards is not None:
            kept = KeptCards(cards, kommuner=[HADERSLEV], clock=CLOCK)
        self.outage = DeskOutage(desk=name, journal=journal, cards=kept)
        self.journal = journal
        self.station = Station(
            hub=a_hub(),
            database=self.database,
            feeds={"alarms": self.outage.listening(self.alarms), "readings": readings},
            clock=HubClock(CLOCK),
            session=FakeSession(self.me),
            check=lambda: Database.open(url, clock=CLOCK, machine=name).close(),
            outage=self.outage,
        )
        self.readings = readings
        self.board = self.station.board
        self.desk = self.station.desk
        self.lost: list[tuple[Alarm, Claim]] = []
        self.outage.claims.watch_lost(lambda alarm, claim: self.lost.append((alarm, claim)))

    def connect(self) -> None:
        for feed in (self.alarms, self.readings):
            feed.on_state(FeedState(connected=True, at=CLOCK.now()))

    def take_in(self, payload: str, topic: str, token: object, **how: object) -> None:
        message = a_message(payload, topic, received_at=CLOCK.now(), **how)
        self.alarms.on_message(message, token)

    async def until(self, fact: Callable[[], object]) -> None:
        """Wait for a fact, looked for by the station's own beat."""
        seen = asyncio.Event()

        async def look() -> None:
            if not seen.is_set() and fact():
                seen.set()

        self.station.every(0.01, look, at_once=True)
        await asyncio.wait_for(seen.wait(), 30)

    async def sees(self, device: str = "pendant-1", **fields: object) -> Alarm:
        """Return a device's only alarm as soon as it is shown with these fields."""

        def fits() -> bool:
            found = self.of(device)
            return len(found) == 1 and all(
                getattr(found[0], name) == value for name, value in fields.items()
            )

        await self.until(fits)
        return self.one(device)

    async def sees_no(self, device: str = "pendant-1") -> None:
        """Wait until no alarm of a device is shown."""
        await self.until(lambda: not self.of(device))

    async def away(self) -> None:
        """Wait until this desk knows that its database is away."""
        await self.until(lambda: self.outage.is_on)

    async def back(self) -> None:
        """Wait until the database has everything that this desk kept."""
        await self.until(lambda: not self.outage.is_on and self.journal.pending() == 0)

    def of(self, device: str = "pendant-1") -> list[Alarm]:
        """Return what is shown of a device; a conflict about its alarm is another matter."""
        shown = self.board.alarms()
        return [one for one in shown if one.device == device and one.code != "claim_conflict"]

    def one(self, device: str = "pendant-1") -> Alarm:
        (alarm,) = self.of(device)
        return alarm

    def conflicts(self) -> list[Alarm]:
        return [alarm for alarm in self.board.alarms() if alarm.code == "claim_conflict"]


def press(
    *desks: HubDesk, device: str = "pendant-1", id_: str | None = None, at: datetime | None = None
) -> None:
    """Have a device call for help; every desk hears it."""
    moment = at or CLOCK.now()
    number = id_ or str(moment)
    body = f'{{"id":"{number}","at":"{moment.isoformat()}","kind":"emergency","code":"press"}}'
    for desk in desks:
        desk.take_in(body, f"hub/v1/0510/{device}/alarm", (device, number))


@asynccontextmanager
async def hub(
    url: str, folder: Path, *names: str, patience_s: float = 15, bus: Bus | None = None
) -> AsyncIterator[tuple[HubDesk, ...]]:
    """Run desks; they end in order."""
    bus = bus or Bus()
    async with AsyncExitStack() as stack:
        desks = []
        for name in names:
            desk = HubDesk(name, url, bus, folder)
            stack.callback(desk.database.close)
            stack.push_async_callback(desk.station.stop)
            await desk.station.start(patience_s=patience_s)
            desk.connect()
            desks.append(desk)
        yield tuple(desks)


async def stored(desk: HubDesk, alarm: AlarmId) -> Alarm:
    """Return an alarm as the database has it."""
    return await desk.database.alarms.find(alarm)


async def everything(desk: HubDesk) -> list[Alarm]:
    """Return all alarms of the database."""
    return await desk.database.alarms.listed(everything=True, since=None)
