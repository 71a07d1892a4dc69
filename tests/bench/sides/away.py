"""A desk that comes back after others have made many changes.

Arguments: the database's URL, how many changes.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import timedelta
from typing import cast

from tests.bench.measuring import tell
from tests.builders import a_hub, a_report, an_alarm
from workstation.adapters.db.alarm_store import SqlAlarmStore
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.statements import change_alarms
from workstation.adapters.db.steps import step_row
from workstation.adapters.db.tables import ALARM_STEP
from workstation.adapters.db.worker import Worker
from workstation.adapters.system.clock import SystemClock
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.following import Following
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Outcome
from workstation.domain.names import DeviceName, Operator
from workstation.domain.steps import AnyStep, Noted, Resolved, Taken

_BEAT_S = 0.005


class NobodysDesk:
    """Has done nothing meanwhile."""

    async def catch_up(self) -> None:
        """There is nothing to store."""


def raised(count: int, name: str) -> list[Alarm]:
    """Return alarms of as many devices."""
    now = SystemClock().now()
    return [
        an_alarm(f"{name}{n:06d}", device=DeviceName(f"{name}-{n}"), received_at=now, raised_at=now)
        for n in range(count)
    ]


def steps_of(alarm: Alarm, number: int) -> list[AnyStep]:
    """Return what was done to one alarm: half of them are closed, the others taken and noted."""
    by, at = Operator("anna"), alarm.received_at
    steps: list[AnyStep] = [Taken(at=at + timedelta(seconds=5), by=by)]
    steps.append(Noted(at=at + timedelta(seconds=9), by=by, text="Ringet op, ingen svarer"))
    if number % 2:
        outcome = Outcome.SOLVED_BY_PHONE
        steps.append(Resolved(at=at + timedelta(seconds=60), by=by, outcome=outcome))
    return steps


def happen(connections: Connections, changes: int) -> int:
    """Store so many steps of others: alarms raised, taken, noted, and every second one resolved.

    Returns how many alarms it were.
    """
    writer = SqlAlarmWriter(connections)
    left, alarms = changes, iter(enumerate(raised(changes, "new")))
    while left > 0:
        batch: list[tuple[Alarm, list[AnyStep]]] = []
        while left > 0 and len(batch) < 500:
            number, alarm = next(alarms)
            steps = steps_of(alarm, number)[: left - 1]
            batch.append((alarm, steps))
            left -= 1 + len(steps)
        writer.file([a_report(alarm) for alarm, _steps in batch])
        with connections.writing(steps=True) as connection:
            for alarm, steps in batch:
                after = alarm
                for step in steps:
                    after = after.after(step)
                    connection.execute(ALARM_STEP.insert(), step_row(alarm.id, step))
                change_alarms(connection, [(after, alarm.version)])
    return next(alarms)[0]


async def measured(url: str, changes: int) -> None:
    """Load, go away, come back, and tell how long that took."""
    connections = Connections(url)
    writer = SqlAlarmWriter(connections)
    writer.file([a_report(alarm) for alarm in raised(200, "old")])
    worker, clock = Worker(Connections(url), "database"), SystemClock()
    board = Board(clock, a_hub())
    desk = cast("AlarmDesk", NobodysDesk())
    following = Following(store=SqlAlarmStore(worker), board=board, desk=desk, clock=clock)
    await following.load()
    shown: set[str] = set()
    board.watch(lambda alarm: shown.add(alarm.id), shown.add)
    alarms = happen(connections, changes)
    held = 0.0

    async def beat() -> None:
        nonlocal held
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_BEAT_S)
            held = max(held, time.perf_counter() - before - _BEAT_S)

    beating = asyncio.ensure_future(beat())
    started = time.perf_counter()
    await following.catch_up()
    seconds = time.perf_counter() - started
    await asyncio.sleep(2 * _BEAT_S)
    beating.cancel()
    tell(seconds=seconds, alarms=alarms, put=len(shown), held_ms=held * 1e3)
    worker.close()
    writer.close()


if __name__ == "__main__":
    asyncio.run(measured(sys.argv[1], int(sys.argv[2])))
