"""`main.py ingest`: the alarm path without a window, as a service."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from workstation.application.errors import StoreUnavailable
from workstation.application.health import ALARMS, DATABASE, Works
from workstation.bootstrap import rules
from workstation.bootstrap.opening import station
from workstation.bootstrap.station import Station
from workstation.commands import ending
from workstation.complaints import of_part, sentence
from workstation.domain.names import SYSTEM
from workstation.settings import Settings

_log = logging.getLogger(__name__)
_AGAIN_S = 1.0
_COLLECT = (10_000, 50, 100)


def run(settings: Settings, *, instance: str, out: TextIO) -> int:
    """Ingest until SIGTERM or SIGINT; raises SchemaMismatch, or StoreUnavailable(`corrupt`)."""
    with ending.bounded() as ends:
        asyncio.run(_serve(settings, instance, out, ends))
    return 0


async def _serve(
    settings: Settings, instance: str, out: TextIO, ends: Callable[[], object]
) -> None:
    told = asyncio.Event()

    def end() -> None:
        told.set()
        ends()

    _on_end(end)
    trouble = ""
    session = rules.session(settings, instance, SYSTEM)
    while not told.is_set():
        try:
            async with station(settings, role="ingest", instance=instance, session=session) as one:
                _leave_alone_what_stays()
                _say_when_ready(one, out)
                _log_trouble(one)
                await told.wait()
        except StoreUnavailable as error:
            if error.reason not in StoreUnavailable.PASSING:
                raise
            # A service waits for its database; the broker keeps the alarms meanwhile.
            if error.reason != trouble:
                trouble = error.reason
                _log.warning("%s", sentence(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), _AGAIN_S)


def _leave_alone_what_stays() -> None:
    """Keep the collector from going through all modules and open alarms again and again.

    In a storm that was a quarter of the processor's time; what a storm leaves behind has no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)


def _say_when_ready(one: Station, out: TextIO) -> None:
    """Print `{"event":"ready"}` once, when subscribed and the database is open."""
    said = False

    def look() -> None:
        nonlocal said
        ready = all(one.health.part(name).works for name in (ALARMS, DATABASE))
        if ready and not said:
            said = True
            print(json.dumps({"event": "ready"}, separators=(",", ":")), file=out, flush=True)

    one.health.watch(look)
    look()


def _log_trouble(one: Station) -> None:
    """Write a line whenever a part that a service needs stops working or works again."""
    before: dict[str, tuple[Works, str]] = {}

    def look() -> None:
        for part in map(one.health.part, (ALARMS, DATABASE)):
            now = (part.state, part.reason)
            old = before.get(part.name)
            before[part.name] = now
            if (part.state is Works.DOWN or part.has_remark) and now != old:
                _log.warning("%s", of_part(part.name, part.reason, part.facts))
            elif part.state is Works.OK and old is not None and old[0] is Works.DOWN:
                _log.warning("%s: works again", part.name)

    one.health.watch(look)
    look()


def _on_end(end: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(name, end)
        except NotImplementedError:
            # Windows: the handler runs between byte codes and only asks the loop.
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(end))
