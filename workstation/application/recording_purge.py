"""Recordings whose time is over: the file goes, and that it went stands in the access log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Final, Protocol

from workstation.application.errors import RecordingFailed
from workstation.application.listening import NOBODY
from workstation.application.nightly import NightlyTurn
from workstation.application.ports import NOTHING, Clock, Removed, Retention
from workstation.application.recording_ports import RecordingRows, SealedFiles
from workstation.domain.access import Look, Looked
from workstation.domain.names import SYSTEM
from workstation.domain.recording import Recording

_log = logging.getLogger(__name__)
KIND: Final = "recordings"
"""What the purge log calls them."""
_PORTION: Final = 200
_STRAY: Final = timedelta(days=1)
"""A file that no row tells of goes a day later: its row may have been late."""


class Chain(Protocol):
    """The chain of the access log that this process writes."""

    writer: str

    async def log(self, look: Look) -> None:
        """Write one entry at the end."""
        ...


class RecordingPurge:
    """Removes what is over its time, once a night, in one process of the hub."""

    def __init__(  # noqa: PLR0913 - what there is to remove, how, and when
        self,
        *,
        rows: RecordingRows,
        files: SealedFiles,
        retention: Retention,
        chain: Chain,
        clock: Clock,
        zone: tzinfo,
        at_hour: int,
        kept: timedelta,
        tell: Callable[[str], None],
    ) -> None:
        """`tell` hears a reason of RecordingFailed, or "" when nothing stands against it (any more)."""
        self._rows = rows
        self._files = files
        self._retention = retention
        self._chain = chain
        self._clock = clock
        self._kept = kept
        self._tell = tell
        self._turn = NightlyTurn(
            KIND,
            retention=retention,
            holder=chain.writer,
            clock=clock,
            zone=zone,
            at_hour=at_hour,
        )

    async def look(self) -> None:
        """Remove them if it is time and nobody else does; raises StoreUnavailable."""
        if not await self._turn.begin():
            return
        before = self._clock.now() - self._kept
        try:
            removed = await self._remove(before)
            strays = await asyncio.to_thread(self._files.remove_older, before - _STRAY)
        except RecordingFailed as error:
            _log.warning("recordings over their time could not be removed: %s", error.reason)
            self._tell(error.reason)
            return  # at the next look again
        self._tell("")
        if removed.count:
            await self._retention.note(
                KIND, removed, before=before, at=self._clock.now(), by=self._chain.writer
            )
        _log.info("%d recordings removed, and %d stray files", removed.count, strays)
        await self._turn.finish()

    async def _remove(self, before: datetime) -> Removed:
        removed = NOTHING
        while portion := await self._rows.over(before, most=_PORTION):
            for one in portion:
                await asyncio.to_thread(self._files.remove, one.id)
                await self._note(one)
                removed += Removed(count=1, earliest=one.started_at, latest=one.started_at)
            await self._turn.go_on()
        return removed

    async def _note(self, recording: Recording) -> None:
        now = self._clock.now()
        await self._chain.log(
            Look(
                at=now,
                operator=SYSTEM,
                citizen=recording.citizen or NOBODY,
                what=Looked.RECORDING,
                alarm=recording.alarm,
                why=f"removed {recording.id} of call {recording.call}",
            )
        )
        await self._rows.removed(recording.id, now)
