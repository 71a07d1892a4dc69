"""The ends of the access log's chains: published by every station, each hour and when it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

from workstation.adapters.mqtt.published_heads import MqttHeads
from workstation.application.errors import BrokerFailed, StoreUnavailable
from workstation.application.heads import Heads
from workstation.application.health import ALARMS, Works
from workstation.application.purge import Tell
from workstation.application.supervision import OwnReports
from workstation.application.watching import HUB
from workstation.bootstrap import broker
from workstation.bootstrap.alarm_path import new_alarm_id
from workstation.bootstrap.background import Background
from workstation.bootstrap.retention import sealed
from workstation.bootstrap.station import Station
from workstation.domain.chain import Head
from workstation.domain.kind import Kind, Source
from workstation.domain.names import Kommune
from workstation.settings import Settings

_log = logging.getLogger(__name__)
ACCESS_LOG_BROKEN: Final = "access_log_broken"
"""The code of the alarm that somebody has edited the access log."""
ACCESS_LOG_KEPT: Final = "access_log_kept"
"""The code of the alarm that what is over its time stays in the access log: nobody can sign for it."""
RECORDINGS_KEPT: Final = "recordings_kept"
"""The code of the alarm that recordings whose time is over could not be removed."""
_LAST_S: Final = 5.0


@asynccontextmanager
async def publishing(
    one: Station, settings: Settings, role: str, instance: str, *, look_s: float = 300.0
) -> AsyncIterator[None]:
    """Publish while the context lasts, and this station's own chain once more at its end.

    Every `look_s` it is looked whether an hour has passed since it was done.
    """
    address = broker.address(settings, f"{role}-audit", instance)
    heads = Heads(
        log=one.database.access,
        published=_WhileHeard(MqttHeads(replace(address, session_expiry=timedelta(0))), one),
        clock=one.clock,
        is_signed=sealed(settings),
        tell=lambda fault: _raise_alarm(one, settings, ACCESS_LOG_BROKEN, fault.writer),
    )
    background = Background()
    background.every(look_s, heads.look)
    try:
        yield
    finally:
        await background.stop()
        await _last(heads)


class _WhileHeard:
    """What is published at the broker, as long as that is there: nobody waits for one that is not."""

    def __init__(self, published: MqttHeads, one: Station) -> None:
        self._published = published
        self._health = one.health

    async def read(self) -> list[Head]:
        """Return what was published last; raises BrokerFailed."""
        part = self._health.part(ALARMS)
        if part.state is not Works.OK:
            raise BrokerFailed(part.reason or "unreachable")
        return await self._published.read()

    async def publish(self, heads: Sequence[Head]) -> None:
        """Replace it; raises BrokerFailed."""
        await self._published.publish(heads)


async def _last(heads: Heads) -> None:
    try:
        await asyncio.wait_for(heads.publish(own=True), _LAST_S)
    except (StoreUnavailable, TimeoutError) as error:
        _log.info("where the access log ends was not published: %s", type(error).__name__)


def purge_told(one: Station, settings: Settings) -> Tell:
    """Return who tells IT in the window, and not in the log alone, what a purge could not do."""

    def tell(what: str, writer: str) -> None:
        if what == "broken":
            _raise_alarm(one, settings, ACCESS_LOG_BROKEN, writer)
        else:
            _raise_alarm(one, settings, ACCESS_LOG_KEPT, what, active=bool(what))

    return tell


def recordings_told(one: Station, settings: Settings) -> Callable[[str], None]:
    """Return who tells IT why recordings whose time is over could not be removed."""
    return lambda why: _raise_alarm(one, settings, RECORDINGS_KEPT, why, active=bool(why))


def _raise_alarm(
    one: Station, settings: Settings, code: str, text: str, *, active: bool = True
) -> None:
    reports = OwnReports(
        directory=lambda: one.citizens.directory, clock=one.clock, new_id=new_alarm_id
    )
    home = Kommune(settings.hub.kommuner[0])
    report = reports.report(Source.WATCH, Kind.TECHNICAL, code, text, (home, HUB), active=active)
    one.file(report)
