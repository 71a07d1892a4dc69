"""The call log's rows of this desk: each begun before it is completed, and none lost to a busy database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.ports import CallLog
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.names import CallId

_log = logging.getLogger(__name__)


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
        self._run = run
        self._due: dict[CallId, CallRecord] = {}
        self._begun: set[CallId] = set()
        self._writing = False
        self._old_ones_done = False

    def put(self, record: CallRecord) -> None:
        """Have the row written as `record` has it, behind what is being written."""
        self._due[record.id] = record
        self._run(self.catch_up())

    async def catch_up(self, now: datetime | None = None) -> None:
        """Write what is due; with `now`, also complete the rows that a crashed desk left open."""
        if self._writing:
            return
        self._writing = True
        try:
            while self._due:
                await self._write(next(iter(self._due.values())))
            if now is not None and not self._old_ones_done:
                await self._complete_old(now)
        except StoreUnavailable as error:
            _log.warning("a call's row waits for the database: %s", error.reason)
        finally:
            self._writing = False

    async def _write(self, record: CallRecord) -> None:
        try:
            if record.id in self._begun:
                await self._log.complete(record)
            else:
                await self._begin(record)
        except RowRefused as error:
            _log.warning("the database refuses the row of a call: %s", error.reason)
        if record.ended_at is not None:
            self._begun.discard(record.id)
        if self._due.get(record.id) is record:
            del self._due[record.id]

    async def _begin(self, record: CallRecord) -> None:
        try:
            await self._log.begin(record)
        except RowRefused:
            # An earlier try got through although it looked as if it had not.
            await self._log.complete(record)
        self._begun.add(record.id)

    async def _complete_old(self, now: datetime) -> None:
        for record in await self._log.unfinished():
            if record.started_at < self._started_at:
                ended = replace(record, ended_at=now, result=CallResult.LINE_LOST)
                await self._log.complete(ended)
        self._old_ones_done = True
