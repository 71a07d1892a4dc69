"""The call log's rows of this desk: each begun before it is completed, and none lost to a busy database."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from workstation.application.errors import RowRefused
from workstation.application.late_rows import LateRows
from workstation.application.ports import CallLog
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.names import CallId


class CallRows:
    """Writes each call's row as it stands; what the database cannot take now is written later."""

    def __init__(
        self,
        *,
        log: CallLog,
        started_at: datetime,
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`started_at` is when this desk started: open rows from before are of a desk that crashed."""
        self._log = log
        self._started_at = started_at
        self._rows: LateRows[CallId, CallRecord] = LateRows("call", write=self._write, run=run)
        self._begun: set[CallId] = set()
        self._old_ones_done = False

    def put(self, record: CallRecord) -> None:
        """Have the row written as `record` has it, behind what is being written."""
        self._rows.put(record.id, record)

    async def catch_up(self, now: datetime) -> None:
        """Write what is due, and complete the rows that a crashed desk left open; raises nothing."""
        await self._rows.catch_up(partial(self._complete_old, now))

    async def _write(self, record: CallRecord) -> None:
        if record.id in self._begun:
            await self._log.complete(record)
        else:
            await self._begin(record)
        if record.ended_at is not None:
            self._begun.discard(record.id)

    async def _begin(self, record: CallRecord) -> None:
        try:
            await self._log.begin(record)
        except RowRefused:
            # An earlier try got through although it looked as if it had not.
            await self._log.complete(record)
        self._begun.add(record.id)

    async def _complete_old(self, now: datetime) -> None:
        if self._old_ones_done:
            return
        for record in await self._log.unfinished():
            if record.started_at < self._started_at:
                ended = replace(record, ended_at=now, result=CallResult.LINE_LOST)
                await self._log.complete(ended)
        self._old_ones_done = True
