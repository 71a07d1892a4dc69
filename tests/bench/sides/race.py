"""Desks that race for alarms, and the alarms they race for.

Arguments: `fill URL COUNT`, or `run URL CLIENTS NUMBER`.
"""

from __future__ import annotations

import asyncio
import sys
import time

from tests.bench.measuring import tell, tell_ready
from tests.builders import a_report, an_alarm
from workstation.adapters.db.alarm_store import SqlAlarmStore
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.worker import Worker
from workstation.adapters.system.clock import SystemClock
from workstation.application.errors import Changed
from workstation.domain.alarm import Alarm
from workstation.domain.names import DeviceName, Operator
from workstation.domain.steps import Taken


def fill(url: str, count: int) -> None:
    """Raise alarms that fold into no other."""
    writer = SqlAlarmWriter(Connections(url))
    now = SystemClock().now()
    alarms = [
        an_alarm(f"a{n:06d}", device=DeviceName(f"pendant-{n}"), received_at=now, raised_at=now)
        for n in range(count)
    ]
    writer.file([a_report(alarm) for alarm in alarms])
    writer.close()
    tell(filled=count)


async def race(url: str, clients: int, number: int) -> None:
    """Let so many desks go through all alarms, each taking what it can."""
    stores = [
        SqlAlarmStore(Worker(Connections(url), f"client-{number}-{one}")) for one in range(clients)
    ]
    alarms = await stores[0].open_alarms()
    for store in stores:
        await store.find(alarms[0].id)  # a desk that is open has its connection
    tell_ready()
    sys.stdin.readline()
    began = time.monotonic()
    won = await asyncio.gather(
        *(_desk(store, alarms, f"{number}-{one}") for one, store in enumerate(stores))
    )
    tell(won=sum(won), attempts=clients * len(alarms), began=began, ended=time.monotonic())
    for store in stores:
        store._worker.close()


async def _desk(store: SqlAlarmStore, alarms: list[Alarm], name: str) -> int:
    clock, won = SystemClock(), 0
    for alarm in alarms:
        step = Taken(at=clock.now(), by=Operator(name))
        try:
            await store.save(alarm.after(step), step, expected_version=alarm.version)
        except Changed as error:
            assert error.current.taken_by not in (None, name)  # type: ignore[attr-defined]  # it has one
        else:
            won += 1
    return won


def main() -> None:
    """Do what the first argument says."""
    what, url, *numbers = sys.argv[1:]
    if what == "fill":
        fill(url, int(numbers[0]))
    else:
        asyncio.run(race(url, int(numbers[0]), int(numbers[1])))


if __name__ == "__main__":
    main()
