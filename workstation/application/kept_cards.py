"""Keeps the cards on this machine's disk up to date, and gives them when the database is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from workstation.application.cards import CardCache, Cards, needed
from workstation.application.errors import CacheUnavailable
from workstation.application.ports import Clock
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import Kommune

_log = logging.getLogger(__name__)
_ANEW: Final = timedelta(minutes=10)
"""How often unchanged cards are written: their age must not be told as more than it is."""


class KeptCards:
    """The cards of the kommuner a desk serves; a cache that fails is told in the log, and goes on."""

    def __init__(self, cache: CardCache, *, kommuner: Iterable[Kommune], clock: Clock) -> None:
        self._cache = cache
        self._kommuner = frozenset(kommuner)
        self._clock = clock
        self._written: Cards | None = None

    async def read(self) -> Cards | None:
        """Return the cards kept last, None for none that may be used."""
        try:
            return await asyncio.to_thread(self._cache.read)
        except CacheUnavailable as error:
            _log.warning("the kept cards cannot be read: %s", error.reason)
            return None

    async def write(
        self, citizens: Iterable[Citizen], devices: Iterable[Device], at: datetime
    ) -> None:
        """Keep what was read just now, where it has changed or was written long ago."""
        cards = needed(citizens, devices, kommuner=self._kommuner, at=at)
        old = self._written
        if old is not None and at - old.at < _ANEW and _same(old, cards):
            return
        try:
            await asyncio.to_thread(self._cache.write, cards)
        except CacheUnavailable as error:
            _log.warning("the cards cannot be kept: %s", error.reason)
        else:
            self._written = cards


def _same(one: Cards, other: Cards) -> bool:
    return (one.citizens, one.devices) == (other.citizens, other.devices)
