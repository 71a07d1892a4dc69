"""Calls and the day's round as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from workstation.domain.call import CallRecord
from workstation.domain.names import AlarmId, VisitId
from workstation.domain.round import Visit


class CallLog(Protocol):
    """Every attempt to call."""

    async def begin(self, record: CallRecord) -> None:
        """Write the row of a call that starts."""
        ...

    async def complete(self, record: CallRecord) -> None:
        """Complete the row of a call that was answered or ended."""
        ...

    async def unfinished(self) -> list[CallRecord]:
        """Return calls that this desk started and never ended (it crashed)."""
        ...

    async def listed(
        self, *, since: datetime | None = None, alarm: AlarmId | None = None
    ) -> list[CallRecord]:
        """Return the log, oldest first."""
        ...


class RoundStore(Protocol):
    """The day's round."""

    async def visits(self, start: datetime, end: datetime) -> list[Visit]:
        """Return visits with `start <= at < end`, in time order."""
        ...

    async def visit(self, visit: VisitId) -> Visit:
        """Return one; raises NotFound."""
        ...

    async def save(self, visit: Visit, *, expected_version: int) -> None:
        """Store a changed visit; raises Changed with the current one."""
        ...

    async def put(self, visits: Sequence[Visit]) -> None:
        """Insert all (an existing id is left as it stands) in one transaction."""
        ...
