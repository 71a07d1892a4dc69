"""Has a station look at what others did: at word of it where the database tells, else by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from workstation.adapters.db.database import Database
from workstation.application.inbox import Inbox
from workstation.bootstrap.background import Background

_POLL_S: Final = 0.5
_NET_S: Final = 5.0
"""How often is looked although nobody said anything: for word that was lost on its way."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Steps up to a number are committed; 0 when nobody knows how many."""

    upto: int


class News:
    """Looks once for however many words came while it was looking."""

    def __init__(
        self,
        *,
        database: Database,
        inbox: Inbox,
        background: Background,
        look: Callable[[], Awaitable[None]],
        seen: Callable[[], int],
    ) -> None:
        """`look` reads what is new and raises nothing; `seen` is the number it has come to."""
        self._feed = database.change_feed()
        self._inbox = inbox
        self._background = background
        self._look = look
        self._seen = seen
        self._looking = False
        self._again = False
        inbox.on(_Told, self._told)

    def start(self) -> None:
        """Look from now on."""
        if self._feed is not None:
            self._feed.start(lambda upto: self._inbox.post(_Told(upto)))
        self._background.every(_POLL_S if self._feed is None else _NET_S, self._look_all)

    async def stop(self) -> None:
        """Listen no longer."""
        if self._feed is not None:
            await asyncio.to_thread(self._feed.stop)

    def _told(self, fact: _Told) -> None:
        if fact.upto == 0 or fact.upto > self._seen():
            self._background.run(self._look_all())

    async def _look_all(self) -> None:
        self._again = True
        if self._looking:
            return
        self._looking = True
        try:
            while self._again:
                self._again = False
                await self._look()
        finally:
            self._looking = False
