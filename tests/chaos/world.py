"""One hub in chaos: servers, processes, traffic and people, and what the faults do to them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.chaos.actors import Actor, HeadlessDesk, ingest, window
from tests.chaos.operators import Operator
from tests.chaos.schedule import Fault, Trouble
from tests.chaos.traffic import Transmitters
from tests.peers.mosquitto import Mosquitto
from tests.peers.postgres import Postgres
from tests.peers.proxy import Proxy, proxies
from tests.waiting import until
from workstation.adapters.db.database import Database, migrate
from workstation.adapters.system.clock import SystemClock
from workstation.application.ports import RegisterEntry
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import CitizenId, DeviceName, Kommune

PEOPLE: Final = ("anna", "bo", "cleo", "dan", "eva")
"""One at each headless desk."""
WINDOW: Final = "window"
QUIET_S: Final = 90.0
"""How long everything may take to come to rest once nothing disturbs it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """When a server was not there, of the transmitters' clock; `hard` where it was killed."""

    server: str
    hard: bool
    begins: float
    ends: float


@dataclass(slots=True)
class World:
    """Everything there is; made by `world`."""

    folder: Path
    broker: Mosquitto
    server: Postgres
    database: str
    desks: list[HeadlessDesk]
    others: list[Actor]
    """The window and the ingests."""
    transmitters: Transmitters
    operators: dict[str, Operator] = field(default_factory=dict)
    outages: list[Outage] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    """Processes that ended unasked."""
    done: list[str] = field(default_factory=list)
    """The faults so far, as they were."""

    @property
    def actors(self) -> list[Actor]:
        return [*self.desks, *self.others]

    def actor(self, name: str) -> Actor:
        return next(actor for actor in self.actors if actor.name == name)

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows of the database, past the product."""
        return self.server.run(query, *values, database=self.database)

    def run(self, troubles: Sequence[Trouble], say: Callable[[str], object]) -> None:
        """Let every fault begin and end at its time."""
        events: list[tuple[float, int, Callable[[], None]]] = []
        for number, trouble in enumerate(troubles):
            over = self._begin_of(trouble, say)
            events.append((trouble.begins, number, over.begin))
            events.append((trouble.ends, number, over.end))
        started = self.transmitters.now()
        pause = threading.Event()
        for when, _number, act in sorted(events, key=lambda event: event[:2]):
            pause.wait(max(0.0, started + when - self.transmitters.now()))
            self._look_for_deaths()
            act()

    def come_to_rest(self) -> None:
        """Wait until every alarm has its receipt and every desk shows what the database has."""
        for actor in self.actors:
            actor.start()
        for desk in self.desks:
            desk.opened()
        for operator in self.operators.values():
            operator.stop()
        self.transmitters.pausing = True
        until(
            lambda: not self.transmitters.pending and not self.transmitters.on_their_way,
            timeout=QUIET_S,
            why=lambda: f"{self.transmitters.pending} alarms have no receipt",
        )
        self.transmitters.say_again()
        until(
            lambda: not self.transmitters.on_their_way,
            timeout=QUIET_S,
            why=lambda: f"{self.transmitters.on_their_way} messages are unconfirmed",
        )
        until(self._same_picture, timeout=QUIET_S, why=self.differences)
        self._look_for_deaths()

    def differences(self) -> str:
        """Say where desks and database differ."""
        stored = self._stored()
        lines = []
        for desk in self.desks:
            state = desk.ask("state")
            shown = _shown(state)
            extra = {one: shown[one] for one in shown.keys() - stored.keys()}
            missing = {one: stored[one] for one in stored.keys() - shown.keys()}
            other = {
                one: (shown[one], stored[one])
                for one in shown.keys() & stored.keys()
                if shown[one] != stored[one]
            }
            lines.append(f"{desk.name}: {state['parts']} {extra=} {missing=} {other=}")
        return "\n".join(lines)

    def _same_picture(self) -> bool:
        stored = self._stored()
        return all(_shown(desk.ask("state")) == stored for desk in self.desks)

    def _stored(self) -> dict[str, Shown]:
        rows = self.ask(
            "SELECT id, version, device || '/' || code FROM alarm WHERE state <> 'resolved'"
        )
        return {alarm: (version, True, about) for alarm, version, about in rows}

    def _look_for_deaths(self) -> None:
        for actor in self.actors:
            if actor.wanted and not actor.running:
                self.deaths.append(f"{actor.name} ended by itself")
                actor.start()

    def _begin_of(self, trouble: Trouble, say: Callable[[str], object]) -> _Effect:
        effect = _EFFECTS[trouble.fault](self, trouble)

        def begin() -> None:
            say(str(trouble))
            self.done.append(str(trouble))
            effect.begin()

        return _Effect(begin, effect.end)


@dataclass(frozen=True, slots=True)
class _Effect:
    begin: Callable[[], None]
    end: Callable[[], None]


Shown = tuple[int, bool, str]
"""An alarm's version, whether it is shown as the database has it, and what it is about."""


def _shown(state: dict[str, Any]) -> dict[str, Shown]:
    return {
        alarm["id"]: (
            alarm["version"],
            alarm["saved"] and alarm["provisional"] is None,
            alarm["about"],
        )
        for alarm in state["alarms"]
    }


# --- The faults -----------------------------------------------------------------------------------


def _kill(world: World, trouble: Trouble) -> _Effect:
    actor = world.actor(trouble.target)
    return _Effect(actor.kill, actor.start)


def _freeze(world: World, trouble: Trouble) -> _Effect:
    actor = world.actor(trouble.target)
    return _Effect(actor.freeze, actor.thaw)


def _server(world: World, trouble: Trouble) -> _Effect:
    hard = trouble.fault in (Fault.BROKER_KILL, Fault.DATABASE_KILL)
    server: Mosquitto | Postgres = world.broker if trouble.target == "broker" else world.server
    since: list[float] = []

    def begin() -> None:
        since.append(world.transmitters.now())
        if hard:
            server.kill()
        elif trouble.fault is Fault.DATABASE_STARTING:
            world.server.starting_up()
        else:
            server.stop()

    def end() -> None:
        if trouble.fault is Fault.DATABASE_STARTING:
            world.server.started_up()
        else:
            server.start()
        now = world.transmitters.now()
        world.outages.append(Outage(server=trouble.target, hard=hard, begins=since[0], ends=now))

    return _Effect(begin, end)


def _link(world: World, trouble: Trouble) -> _Effect:
    name, _, which = trouble.target.partition(".")
    actor = world.actor(name)
    proxy = actor.broker_link if which == "broker" else actor.database_link
    assert proxy is not None
    begin = {
        Fault.STALL: proxy.stall,
        Fault.CUT: proxy.cut,
        Fault.SLOW: lambda: proxy.slow(trouble.amount),
    }[trouble.fault]
    return _Effect(begin, proxy.heal)


def _full_disk(world: World, trouble: Trouble) -> _Effect:
    actor = world.actor(trouble.target)
    return _Effect(actor.fill_disk, actor.clear_disk)


def _clock(world: World, trouble: Trouble) -> _Effect:
    actor = world.actor(trouble.target)
    return _Effect(lambda: actor.set_clock(int(trouble.amount)), lambda: actor.set_clock(0))


def _disorder(world: World, _trouble: Trouble) -> _Effect:
    def put(*, on: bool) -> None:
        world.transmitters.disorder = on

    return _Effect(lambda: put(on=True), lambda: put(on=False))


_EFFECTS: Final[dict[Fault, Callable[[World, Trouble], _Effect]]] = {
    Fault.KILL: _kill,
    Fault.FREEZE: _freeze,
    Fault.BROKER_RESTART: _server,
    Fault.BROKER_KILL: _server,
    Fault.DATABASE_RESTART: _server,
    Fault.DATABASE_KILL: _server,
    Fault.DATABASE_STARTING: _server,
    Fault.STALL: _link,
    Fault.CUT: _link,
    Fault.SLOW: _link,
    Fault.FULL_DISK: _full_disk,
    Fault.CLOCK: _clock,
    Fault.DISORDER: _disorder,
}


# --- Making it ------------------------------------------------------------------------------------


@contextmanager
def world(folder: Path, *, seed: int, ingests: int = 1) -> Iterator[World]:
    """Give a running hub: servers, six desks, `ingests`, transmitters, and operators at work."""
    with ExitStack() as stack:
        broker = Mosquitto(folder / "broker", settings="autosave_interval 5")
        stack.callback(broker.close)
        broker.start()
        # What a killed server has written stays with the system: only a power cut needs fsync.
        server = Postgres(settings={"synchronous_commit": "on"})
        stack.callback(server.close)
        server.start()
        database = server.create()
        migrate(server.url(database))
        asyncio.run(register(server.url(database)))
        make = stack.enter_context(proxies())
        desks = [HeadlessDesk(name, folder / name) for name in PEOPLE]
        others = [window(WINDOW, folder / WINDOW)]
        others += [
            ingest(f"ingest-{number}", folder / f"ingest-{number}") for number in range(ingests)
        ]
        transmitters = Transmitters(broker.port, seed=seed)
        one = World(
            folder=folder,
            broker=broker,
            server=server,
            database=database,
            desks=desks,
            others=others,
            transmitters=transmitters,
        )
        _start(one, make, stack)
        stack.enter_context(transmitters)
        one.operators = {desk.name: Operator(desk, seed) for desk in desks}
        for operator in one.operators.values():
            operator.start()
            stack.callback(operator.stop)
        yield one


def _start(one: World, make: Callable[[int], Proxy], stack: ExitStack) -> None:
    for actor in one.actors:
        actor.link(make(one.broker.port), make(one.server.port), one.database)
        stack.callback(actor.kill)
        actor.start()
    for desk in one.desks:
        desk.opened()
    # Before the first alarm all have a session at the broker, as in a hub that was there yesterday.
    clients = len(one.actors)
    until(
        lambda: _sessions(one) >= clients,
        timeout=60,
        why=lambda: (
            f"{_sessions(one)} of {clients} sessions; {one.others[0].log.read_text()[-2000:]}"
        ),
    )


def _sessions(one: World) -> int:
    names = {
        line.partition(" as ")[2].split(" ")[0]
        for line in one.broker.output.splitlines()
        if " as eteam-" in line and "reading" not in line
    }
    return len({name for name in names if name.startswith(("eteam-desk-", "eteam-ingest-"))})


async def register(url: str) -> None:
    """Put some citizens and their pendants into the database."""
    database = Database(url, clock=SystemClock(), machine="chaos")
    citizens = [
        RegisterEntry(
            citizen=Citizen(id=CitizenId(f"c{n}"), name=f"Borger {n}", kommune=Kommune("0510"))
        )
        for n in range(20)
    ]
    devices = [
        Device(name=DeviceName(f"pendant-{n}"), kommune=Kommune("0510"), citizen=CitizenId(f"c{n}"))
        for n in range(20)
    ]
    await database.register.put(citizens, devices)
    database.close()
