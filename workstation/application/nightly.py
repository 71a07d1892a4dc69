"""What is done once a night, by one process of the hub for all of them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final

from workstation.application.ports import Clock, Retention, Turn

_PATIENCE: Final = timedelta(minutes=15)
"""How long the others wait for a process that has the turn and says nothing any more."""


class NightlyTurn:
    """The turn of this process at one such piece of work; each method raises StoreUnavailable."""

    def __init__(
        self,
        name: str,
        *,
        retention: Retention,
        holder: str,
        clock: Clock,
        zone: tzinfo,
        at_hour: int,
    ) -> None:
        """`name` is the work's, `holder` this process's; `at_hour` is the zone's."""
        self._name = name
        self._retention = retention
        self._holder = holder
        self._clock = clock
        self._zone = zone
        self._hour = at_hour
        self._due: datetime | None = None
        self._done_for: datetime | None = None

    async def begin(self) -> bool:
        """Return whether it is time, nobody has done it, and nobody else is at it."""
        self._due = self._hour_passed_last()
        return self._done_for != self._due and await self._retention.take(self._turn(self._due))

    async def go_on(self) -> None:
        """Have the others wait longer; between portions of the work."""
        if self._due is not None:
            await self._retention.take(self._turn(self._due))

    async def finish(self) -> None:
        """Say that it is done for this night; without that it is tried again."""
        if self._due is not None:
            await self._retention.finish(self._turn(self._due))
            self._done_for = self._due

    def _hour_passed_last(self) -> datetime:
        now = self._clock.now().astimezone(self._zone)
        today = now.replace(hour=self._hour, minute=0, second=0, microsecond=0)
        return today if today <= now else today - timedelta(days=1)

    def _turn(self, due: datetime) -> Turn:
        now = self._clock.now()
        return Turn(name=self._name, holder=self._holder, now=now, until=now + _PATIENCE, due=due)
