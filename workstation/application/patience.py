"""A database that is reachable and busy is not away: it is asked again for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from workstation.application.errors import StoreUnavailable

BUSY_S: Final = 5.0
"""For how long is tried before a busy database counts as one that is away."""
_PAUSE_S: Final = 0.1
Answer = TypeVar("Answer")


def is_busy(error: StoreUnavailable) -> bool:
    """Whether the database works, and others have their turn at it."""
    return error.reason == "locked"


async def patiently(act: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    """Return what `act` returns, tried again while the database is busy; raises StoreUnavailable."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            return await act()
        except StoreUnavailable as error:
            if not is_busy(error) or time.monotonic() >= until:
                raise
        await asyncio.sleep(_PAUSE_S)


def patiently_here(act: Callable[[], Answer], ends: Callable[[float], bool]) -> Answer:
    """Do the same on a thread; `ends` waits so long and says whether it is time to end."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            return act()
        except StoreUnavailable as error:
            if not is_busy(error) or time.monotonic() >= until or ends(_PAUSE_S):
                raise
