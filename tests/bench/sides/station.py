"""Our side of the storm: the whole headless product on a broker, with or without its database.

Arguments: `store` or `forget`, the settings file, how many alarms.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tests.bench.measuring import tell, tell_ready
from tests.fakes import FakeSession
from workstation import paths, settings
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.database import Database
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.adapters.system.clock import SystemClock
from workstation.application.health import ALARMS, Works
from workstation.application.hub_clock import HubClock
from workstation.application.ports import AlarmWriter, Filed, Report, Token
from workstation.bootstrap import broker, rules
from workstation.bootstrap.opening import open_database
from workstation.bootstrap.station import Station
from workstation.domain.names import SYSTEM
from workstation.domain.signal import Message


class Forgetting:
    """A writer that says it has stored everything, at once."""

    def file(self, reports: Sequence[Report]) -> list[Filed]:
        return [Filed(report=report, alarm=report.alarm) for report in reports]

    def join(self, at: datetime) -> None:
        """Every message is its own."""

    def begin(self, at: datetime) -> None:
        """As above."""

    def levels(self) -> frozenset[str]:
        return frozenset()

    def close(self) -> None:
        """Nothing was opened."""


class Watched:
    """The database with a writer that notes how long after its sending each alarm was committed."""

    def __init__(self, database: Database, *, forget: bool) -> None:
        self._database = database
        self._forget = forget
        self.took_ms: list[float] = []
        self.batches = 0

    def alarm_writer(self) -> WatchedWriter:
        writer = Forgetting() if self._forget else self._database.alarm_writer()
        return WatchedWriter(writer, self)

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)


class WatchedWriter:
    """Asks the real one, then looks at the clock."""

    def __init__(self, writer: SqlAlarmWriter | Forgetting, watched: Watched) -> None:
        self._writer: AlarmWriter = writer
        self.join, self.begin = writer.join, writer.begin
        self.levels = writer.levels
        self.close = writer.close
        self._watched = watched

    def file(self, reports: Sequence[Report]) -> list[Filed]:
        filed = self._writer.file(reports)
        now = time.time_ns()
        self._watched.took_ms += [(now - int(report.alarm.text)) / 1e6 for report in reports]
        self._watched.batches += 1
        return filed


class WatchedFeed:
    """A feed that counts what comes and what is acknowledged."""

    def __init__(self, feed: PahoFeed, count: int, done: Callable[[], None]) -> None:
        self._feed = feed
        self._missing = count
        self._done = done
        self.subscribe, self.publish, self.stop = feed.subscribe, feed.publish, feed.stop
        self.first = (0.0, 0.0)
        self.last = (0.0, 0.0)

    def start(self, on_message: Callable[[Message, Token], None], on_state: object) -> None:
        def heard(message: Message, token: Token) -> None:
            if not self.first[0]:
                self.first = (time.perf_counter(), time.process_time())
            on_message(message, token)

        self._feed.start(heard, on_state)

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        self._feed.acknowledge(tokens)
        self._missing -= len(tokens)
        if self._missing <= 0 and not self.last[0]:
            self.last = (time.perf_counter(), time.process_time())
            self._done()


async def measured(config: Path, count: int, *, forget: bool) -> None:
    """Run until `count` alarms are acknowledged; tell rate, processor time, batches and latencies."""
    found = settings.load(config, {}, defaults=paths.default_config())
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    clock = HubClock(SystemClock())
    made = broker.feeds(found, "bench", "", clock)
    feed = WatchedFeed(made["alarms"], count, lambda: loop.call_soon_threadsafe(done.set))
    database = open_database(found)
    watched = Watched(database, forget=forget)
    one = Station(
        hub=rules.hub(found),
        database=watched,
        feeds={**made, "alarms": feed},
        clock=clock,
        session=FakeSession(SYSTEM),
    )
    await one.start()
    one.health.watch(ready := _once(lambda: _connected(one), tell_ready))
    ready()
    await asyncio.wait_for(done.wait(), 100)
    wall, cpu = (now - then for now, then in zip(feed.last, feed.first, strict=True))
    tell(
        rate=count / wall,
        cpu_us=cpu / count * 1e6,
        batch=count / watched.batches,
        took_ms=watched.took_ms,
    )
    await one.stop()
    database.close()


def _connected(one: Station) -> bool:
    return one.health.part(ALARMS).state is Works.OK


def _once(fact: Callable[[], bool], act: Callable[[], None]) -> Callable[[], None]:
    acted = False

    def look() -> None:
        nonlocal acted
        if not acted and fact():
            acted = True
            act()

    return look


if __name__ == "__main__":
    asyncio.run(measured(Path(sys.argv[2]), int(sys.argv[3]), forget=sys.argv[1] == "forget"))
