"""Lets go of what need not be kept: raw readings, minutes, and what tells redeliveries."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from workstation.adapters.db.database import Database
from workstation.application.ports import Clock

_log = logging.getLogger(__name__)
EVERY_S = 6 * 3600.0
_MINUTES_KEPT = timedelta(days=400)
_MESSAGES_KEPT = timedelta(days=60)
"""Twice as long as any broker keeps a session: what could still be redelivered is still known."""


def forgetting(
    database: Database, clock: Clock, *, raw_days: int
) -> Callable[[], Coroutine[Any, Any, None]]:
    """Return the work to be done every `EVERY_S`; what it removed is counted in the log."""

    async def forget() -> None:
        now, kept = clock.now(), database.retention
        raw = await kept.forget_readings(now - timedelta(days=raw_days))
        minutes = await kept.forget_minutes(now - _MINUTES_KEPT)
        messages = await kept.forget_messages(now - _MESSAGES_KEPT)
        if raw or minutes or messages:
            _log.info(
                "let go of %d readings older than %d days, %d of their minutes, %d messages",
                raw,
                raw_days,
                minutes,
                messages,
            )

    return forget
