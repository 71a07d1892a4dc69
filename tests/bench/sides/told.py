"""Desks that are told of steps, and somebody who takes them.

Arguments: `listen URL DESKS COUNT`, or `write URL COUNT RATE`.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time

from sqlalchemy import make_url

from tests.bench.measuring import tell, tell_ready
from tests.builders import a_report, an_alarm
from workstation.adapters.db.address import address
from workstation.adapters.db.alarm_store import SqlAlarmStore
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.change_feed import ChangeFeed
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.worker import Worker
from workstation.adapters.system.clock import SystemClock
from workstation.domain.names import Operator
from workstation.domain.steps import Noted

FIRST = 2
"""The number of the first note: the alarm it is about was raised by step 1."""


class Ear:
    """One desk's feed, and when it was told of each step."""

    def __init__(self, url: str, count: int) -> None:
        self.stands = threading.Event()
        self.done = threading.Event()
        self.times: list[float] = []
        self._count = count
        self.feed = ChangeFeed(address(make_url(url)))
        self.feed.start(self._told)

    def _told(self, seq: int) -> None:
        now = time.monotonic()
        if seq == 0:
            self.stands.set()
        # Notices that come together are told as one number.
        while len(self.times) <= seq - FIRST:
            self.times.append(now)
        if len(self.times) >= self._count:
            self.done.set()


def listen(url: str, desks: int, count: int) -> None:
    """Be told of `count` steps, so many times."""
    ears = [Ear(url, count) for _ in range(desks)]
    for ear in ears:
        ear.stands.wait(30)
    tell_ready()
    for ear in ears:
        ear.done.wait(100)
        ear.feed.stop()
    tell(heard=[ear.times for ear in ears])


async def write(url: str, count: int, rate: float) -> None:
    """Note something so many times, evenly; tell when each was begun."""
    connections = Connections(url)
    writer = SqlAlarmWriter(connections)
    alarm = an_alarm()
    writer.file([a_report(alarm)])
    worker = Worker(Connections(url), "writer")
    store, clock, begun = SqlAlarmStore(worker), SystemClock(), []
    tell_ready()
    sys.stdin.readline()
    due = time.monotonic()
    for number in range(count):
        due += 1 / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        step = Noted(at=clock.now(), by=Operator("anna"), text=str(number))
        after = alarm.after(step)
        begun.append(time.monotonic())
        await store.save(after, step, expected_version=alarm.version)
        alarm = after
    tell(begun=begun)
    worker.close()
    writer.close()


def main() -> None:
    """Do what the first argument says."""
    what, url, *numbers = sys.argv[1:]
    if what == "listen":
        listen(url, int(numbers[0]), int(numbers[1]))
    else:
        asyncio.run(write(url, int(numbers[0]), float(numbers[1])))


if __name__ == "__main__":
    main()
