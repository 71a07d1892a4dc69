"""A hub under twenty times its traffic for as long as is wanted, watched while it works."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.chaos.actors import Actor, Gone, HeadlessDesk, ingest, window
from tests.chaos.traffic import Transmitters
from tests.chaos.world import register
from tests.peers.mosquitto import Mosquitto
from tests.peers.postgres import Postgres
from tests.soak.watching import Sample, look
from tests.waiting import until
from workstation.adapters.db.database import migrate

ALARMS_PER_S: Final = 5.0
READINGS_PER_S: Final = 200.0
"""Twenty times the busiest quarter of an hour of a hub with 1,000 citizens: an alarm every four seconds,
and each of 600 sensors heard once a minute."""
DESK, INGEST, HEADLESS = "desk", "ingest", "headless"


@dataclass(slots=True)
class Soaked:
    """What was seen."""

    samples: list[Sample] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    alarms: int = 0
    readings: int = 0
    handled: int = 0


class Clearing:
    """An operator who takes and closes whatever comes, so that what is open stays as it was."""

    def __init__(self, desk: HeadlessDesk) -> None:
        self.handled = 0
        self.wrong: list[str] = []
        self._desk = desk
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clearing")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                taken = self._desk.ask("take_next").get("alarm")
                if taken is None:
                    self._ending.wait(0.2)
                    continue
                self._desk.ask("note", alarm=taken["id"], text="Ringet op, alt er i orden")
                self._desk.ask("resolve", alarm=taken["id"], outcome="false_alarm")
                self.handled += 1
            except (Gone, TimeoutError) as error:
                self.wrong.append(f"{error!r}")
                self._ending.wait(1)


def run(
    folder: Path,
    *,
    minutes: float,
    every_s: float,
    keep: Callable[[list[Sample]], object] = lambda _samples: None,
) -> Soaked:
    """Soak, looking at the processes `every_s`; `keep` gets all samples so far, once a minute."""
    soaked = Soaked()
    with _hub(folder) as (actors, transmitters, clearing):
        started = transmitters.now()
        pause, kept = threading.Event(), 0
        while (minute := (transmitters.now() - started) / 60) < minutes:
            for name, actor in actors.items():
                if not actor.running:
                    soaked.wrong.append(f"{name} ended by itself")
                    return soaked
                soaked.samples.append(look(actor.pid, process=name, minute=minute))
            if int(minute) > kept:
                kept = int(minute)
                keep(soaked.samples)
            pause.wait(every_s)
        transmitters.pausing = True
        until(
            lambda: not transmitters.pending,
            timeout=60,
            why=lambda: f"{transmitters.pending} alarms have no receipt",
        )
        clearing.stop()
        soaked.handled, soaked.wrong = clearing.handled, clearing.wrong
        soaked.alarms = transmitters.pressed
        soaked.readings = transmitters.readings
        soaked.wrong += [
            f"{name}: {trace}" for name, actor in actors.items() for trace in actor.tracebacks()
        ]
    keep(soaked.samples)
    return soaked


@contextmanager
def _hub(folder: Path) -> Iterator[tuple[dict[str, Actor], Transmitters, Clearing]]:
    with ExitStack() as stack:
        broker = Mosquitto(folder / "broker")
        stack.callback(broker.close)
        broker.start()
        server = Postgres(settings={"synchronous_commit": "on"})
        stack.callback(server.close)
        server.start()
        database = server.create()
        migrate(server.url(database))
        asyncio.run(register(server.url(database)))
        headless = HeadlessDesk(HEADLESS, folder / HEADLESS, faked=False)
        actors: dict[str, Actor] = {
            DESK: window(DESK, folder / DESK, faked=False),
            HEADLESS: headless,
            INGEST: ingest(INGEST, folder / INGEST, faked=False),
        }
        for actor in actors.values():
            actor.configure(broker.port, server.port, database)
            stack.callback(actor.kill)
            actor.start()
        headless.opened()
        transmitters = stack.enter_context(
            Transmitters(
                broker.port, seed=0, alarms=ALARMS_PER_S, readings=READINGS_PER_S, buttons=40
            )
        )
        clearing = Clearing(headless)
        clearing.start()
        stack.callback(clearing.stop)
        yield actors, transmitters, clearing
