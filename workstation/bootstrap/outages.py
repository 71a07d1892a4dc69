"""What a station asks of whatever goes on while its database is away, and what it hands over for it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.citizens import Citizens
from workstation.application.health import DeskHealth
from workstation.application.inbox import Inbox
from workstation.application.ingest import Ingest
from workstation.application.ports import Clock, MessageFeed
from workstation.application.reconciling import Shared
from workstation.domain.alarm import Alarm
from workstation.domain.names import Kommune


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The parts of a station that go on while the database is away."""

    board: Board
    desk: AlarmDesk
    citizens: Citizens
    ingest: Ingest
    feed: MessageFeed
    inbox: Inbox
    shared: Shared
    health: DeskHealth
    clock: Clock
    home: Kommune
    taken: Callable[[Alarm], None]
    run: Callable[[Coroutine[Any, Any, None]], object]
    every: Callable[[float, Callable[[], Coroutine[Any, Any, object]]], object]


class Outage(Protocol):
    """What a station does about a database that is away."""

    @property
    def waiting(self) -> int:
        """How many alarms and steps are kept here and not yet in the database, a second ago."""
        ...

    def join(self, parts: Joined) -> None:
        """Take part in a station; before it starts."""
        ...

    async def begin(self) -> None:
        """Look what was kept before this start; raises nothing."""
        ...

    async def restore(self) -> None:
        """Show and sound what was kept: the database is away at the start. Once; raises nothing."""
        ...

    async def store(self) -> None:
        """Store what was kept: the database answers; raises nothing."""
        ...

    async def end(self) -> None:
        """Close the journal, after the writers."""
        ...


class NoOutage:
    """A database of one machine: its disk is the journal's, and alarms stay with the broker."""

    waiting = 0

    def join(self, parts: Joined) -> None:
        """Nothing takes part."""

    async def begin(self) -> None:
        """Nothing was kept."""

    async def restore(self) -> None:
        """Nothing was kept."""

    async def store(self) -> None:
        """Nothing was kept."""

    async def end(self) -> None:
        """Nothing to close."""
