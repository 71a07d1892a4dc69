"""What goes when its time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class HistoryKind(StrEnum):
    """History that is removed when its time is over; the words stand in the purge log."""

    ALARMS = "alarms"
    CALLS = "calls"
    VISITS = "visits"
    ATTEMPTS = "attempts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """How many rows were removed, and from what period (None where it is not known)."""

    count: int = 0
    earliest: datetime | None = None
    latest: datetime | None = None

    def __add__(self, other: Removed) -> Removed:
        """Return both together."""
        earliest = [at for at in (self.earliest, other.earliest) if at is not None]
        latest = [at for at in (self.latest, other.latest) if at is not None]
        return Removed(
            count=self.count + other.count,
            earliest=min(earliest, default=None),
            latest=max(latest, default=None),
        )


NOTHING = Removed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that only one process of a hub does, once in a while."""

    name: str
    holder: str
    now: datetime
    until: datetime
    """How long the others wait for it, if nothing is heard of it."""
    due: datetime
    """Who finished it since then did it for all."""


class Retention(Protocol):
    """Removes what has been kept for its time, a little at a time; never blocks the loop."""

    async def take(self, turn: Turn) -> bool:
        """Return whether it is this process's turn; taken again, it lasts longer."""
        ...

    async def finish(self, turn: Turn) -> None:
        """Say that it is done, if it still is this process's turn."""
        ...

    async def forget_readings(self, before: datetime) -> Removed:
        """Remove raw readings from before a time; their roll-ups stay."""
        ...

    async def forget_minutes(self, before: datetime) -> Removed:
        """Remove roll-ups by minute from before a time; those by hour stay."""
        ...

    async def forget_hours(self, before: datetime) -> Removed:
        """Remove roll-ups by hour from before a time."""
        ...

    async def forget_messages(self, before: datetime) -> Removed:
        """Forget which messages were received before a time, but for retained ones."""
        ...

    async def forget_history(
        self, kind: HistoryKind, before: datetime, *, at: datetime, by: str
    ) -> Removed:
        """Remove history from before a time, noting each portion where it is removed.

        Of alarms only closed ones, with their steps; of calls those whose alarm is gone.
        """
        ...

    async def note(
        self, kind: str, removed: Removed, *, before: datetime, at: datetime, by: str
    ) -> None:
        """Write into the purge log what was removed of another kind."""
        ...
