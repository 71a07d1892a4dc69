"""Opens the stations: the same for the desk and for the headless ingest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from workstation.adapters.db.database import Database
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.system.machine import machine_id
from workstation.application.hub_clock import HubClock
from workstation.application.ports import Clock
from workstation.application.session import Session
from workstation.bootstrap import (
    audit,
    broker,
    hub_watch,
    journaling,
    recording,
    retention,
    rules,
    scaip,
    served,
    store,
)
from workstation.bootstrap.station import Station
from workstation.settings import Settings

_GRACE_S: Final = 4.0
"""How long a database may take with what is left to store, once it is time to end."""


def open_database(settings: Settings, instance: str = "") -> Database:
    """Open the settings' database; raises SchemaMismatch or StoreUnavailable."""
    return Database.open(store.address(settings), clock=SystemClock(), machine=_machine(instance))


async def hub_clock(settings: Settings, database: Database, machine: Clock) -> Clock:
    """Return the clock of a command that writes into the history: a shared hub has one time.

    A desk's clock is put right by its heartbeats; a command has none and asks once. Raises
    StoreUnavailable.
    """
    if not settings.database.is_shared:
        return machine
    clock = HubClock(machine)
    clock.measured(await database.presence.time())
    return clock


@asynccontextmanager
async def station(
    settings: Settings, *, role: str, instance: str, session: Session
) -> AsyncIterator[Station]:
    """Open database and sessions, listen while the context lasts, and end in reverse order.

    Raises SchemaMismatch, StoreUnavailable or BrokerFailed for what does not pass by itself. A
    database that is locked or a broker that cannot be reached is no error: the station keeps trying
    and says so.
    """
    clock = HubClock(SystemClock())
    database = Database(store.address(settings), clock=clock, machine=_machine(instance), role=role)
    try:
        feeds = broker.feeds(settings, role, instance, clock)
        outage, feeds = journaling.outage(settings, role, instance, clock, feeds)
        one = Station(
            hub=rules.hub(settings),
            database=database,
            feeds=feeds,
            outage=outage,
            clock=clock,
            session=session,
            check=lambda: _check(settings, instance),
        )
        try:
            await one.start()
            if retention.purges(settings, role):
                purge = retention.nightly(
                    settings, database, clock, audit.purge_told(one, settings)
                )
                one.every(retention.EVERY_S, purge.look)
                told = audit.recordings_told(one, settings)
                recorded = recording.nightly(settings, database, clock, told)
                one.every(retention.EVERY_S, recorded.look)
            async with (
                hub_watch.watching(one, settings, role, instance),
                audit.publishing(one, settings, role, instance),
                scaip.receiving(one, settings, role),
            ):
                try:
                    yield one
                finally:
                    hurry(one)
        finally:
            await one.stop()
    finally:
        # It waits for who still asks, and the loop must go on meanwhile: `hurry` does not come else.
        await asyncio.to_thread(database.close)


def hurry(one: Station) -> None:
    """Go on without the database if it does not answer soon: the station is about to end.

    What is not stored by then is in the journal or stays with the broker, as at any power cut.
    """
    asyncio.get_running_loop().call_later(_GRACE_S, one.database.give_up)


def _check(settings: Settings, instance: str) -> None:
    """Raise SchemaMismatch or StoreUnavailable unless the database may be used as the settings say."""
    open_database(settings, instance).close()
    served.check(settings)


def _machine(instance: str) -> str:
    return "-".join(filter(None, (machine_id(), instance)))
