"""A desk of the demo at work, as a process of its own: `python -m tests.e2e.discreet_desk DATA SECONDS`.

It does what an operator does in an evening, and things go wrong meanwhile; its log is read later.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workstation import paths, settings
from workstation.adapters.mqtt.publisher import Publisher
from workstation.adapters.system.log import open_log
from workstation.application.errors import WorldError
from workstation.application.ports import RegisterEntry
from workstation.bootstrap import broker, demo
from workstation.bootstrap.desk import Desk
from workstation.complaints import sentence
from workstation.domain.access import Looked
from workstation.domain.citizen import Citizen
from workstation.domain.kind import Outcome

_log = logging.getLogger("evening")


async def until(one: Desk, fact: Callable[[], Any], within: float = 30.0) -> None:
    seen = asyncio.Event()

    async def look() -> None:
        if not seen.is_set() and fact():
            seen.set()

    one.station.every(0.05, look, at_once=True)
    await asyncio.wait_for(seen.wait(), within)


async def work(one: Desk, data: Path) -> None:
    station = one.station
    await until(one, lambda: [a for a in station.board.alarms() if a.saved and a.citizen])
    people = station.citizens.all()
    for citizen in people:
        await station.citizens.card(citizen.id, alarm=None)
        await station.citizens.cpr(citizen.id, alarm=None)
        await station.citizens.looked(citizen.id, Looked.TELEMETRY)
    await answer(one)
    await call(one, people[:3])
    await said_by_devices(one, people[0])
    await database_refuses(one, data, people)
    await database_is_locked(one, data, people)


async def answer(one: Desk) -> None:
    """Take every alarm there is, note on it who it is, and close it."""
    for alarm in list(one.station.board.alarms()):
        if alarm.citizen is None or not alarm.saved:
            continue
        card = await one.station.citizens.card(alarm.citizen, alarm=alarm.id)
        with contextlib.suppress(Exception):
            await one.station.desk.take(alarm.id)
            await one.station.desk.note(alarm.id, f"{card.name}, {card.address}: {card.numbers}")
            await one.station.desk.resolve(alarm.id, Outcome.SOLVED_BY_PHONE)


async def call(one: Desk, people: list[Citizen]) -> None:
    for citizen in people:
        await one.phone.call_citizen(citizen, alarm=None)
        await until(one, lambda: one.phone.view.state is not None)
        with contextlib.suppress(TimeoutError):
            await until(one, lambda: not one.phone.view.is_on, within=4.0)
        one.phone.hang_up()
        await until(one, lambda: not one.phone.view.is_on)


async def said_by_devices(one: Desk, citizen: Citizen) -> None:
    """Devices say what they like: free text, and texts where there should be none."""
    said = f"{citizen.name}, {citizen.address}, {citizen.numbers[0]}"
    address = broker.address(one.settings, "device", "")
    with Publisher(address) as publisher:
        for topic, payload in (
            ("hub/v1/0510/free/alarm", f'{{"kind":"emergency","text":"{said}"}}'),
            ("hub/v1/0510/broken/alarm", f'{{"kind":"emergency","text":"{said}'),
            ("hub/v1/0510/strange/alarm", f'{{"kind":"{said}","code":"{said}","id":"{said}"}}'),
            ("hub/v1/0510/far/reading", f'{{"values":{{"{said}":1,"pulse":"{said}"}}}}'),
            ("hub/v1/0510/odd/status", f'{{"battery":"{said}"}}'),
            ("hub/v1/0510/out/else", said),
            (f"zigbee2mqtt/{citizen.name}", f'{{"contact":"{said}","battery":1}}'),
            (f"homeassistant/sensor/{citizen.name}/config", f'{{"state_topic":"{said}"}}'),
        ):
            publisher.publish(topic.replace("+", ""), payload.encode())
        publisher.flush()
    await until(one, lambda: any("broken" in a.device for a in one.station.board.alarms()))


async def database_refuses(one: Desk, data: Path, people: list[Citizen]) -> None:
    """Rows are refused with their values in hand, by a rule that nobody foresaw."""
    with contextlib.closing(sqlite3.connect(data / "workstation.sqlite")) as connection:
        refuse = "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        for table in ("citizen", "access_log", "alarm_step"):
            connection.execute(f"CREATE TRIGGER bad_{table} BEFORE INSERT ON {table} {refuse}")
        connection.commit()
        for citizen in people[:2]:
            with contextlib.suppress(WorldError):
                await one.station.citizens.card(citizen.id, alarm=None)
        await broken_register(one, people[0])
        for table in ("citizen", "access_log", "alarm_step"):
            connection.execute(f"DROP TRIGGER bad_{table}")
        connection.commit()


async def broken_register(one: Desk, citizen: Citizen) -> None:
    """A card that cannot be stored, and a screen's own fault while it shows one."""
    try:
        await one.station.database.register.put([RegisterEntry(citizen=citizen)], [])
    except WorldError as error:
        _log.exception("%s", sentence(error))

    async def fails() -> None:
        raise KeyError(citizen)

    async def fails_too() -> None:
        raise ValueError(f"{citizen.name} is not a number")

    one.station.run(fails())
    one.station.run(fails_too())
    asyncio.get_running_loop().call_soon(int, citizen.name)
    await asyncio.sleep(0)


async def database_is_locked(one: Desk, data: Path, people: list[Citizen]) -> None:
    with contextlib.closing(sqlite3.connect(data / "workstation.sqlite")) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        for citizen in people[:2]:
            with contextlib.suppress(WorldError):
                await one.station.citizens.card(citizen.id, alarm=None)
                await one.station.citizens.cpr(citizen.id, alarm=None)
        connection.rollback()


async def main(data: Path) -> None:
    found = settings.load(None, os.environ, defaults=paths.default_config())
    open_log(found.log.level, found.log.file)
    async with demo.desk(found, demo.Demo(data=data)) as one:
        await work(one, data)
    _log.info("the evening is over")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
