"""Locks a desk that nobody touches; alarms are shown and sound all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from workstation.application.ports import Clock
from workstation.application.session import Session


class IdleLock:
    """Told of every key and movement by the screen; `look` is the beat."""

    def __init__(
        self,
        *,
        session: Session,
        clock: Clock,
        after: timedelta,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """`busy` says that the person is at work without touching anything: in a call."""
        self._session = session
        self._clock = clock
        self._after = after.total_seconds()
        self._busy = busy
        self._touched = clock.monotonic()
        session.watch(self.touched)

    def touched(self) -> None:
        """Somebody is there."""
        self._touched = self._clock.monotonic()

    def look(self) -> None:
        """Lock when nobody has been there for long enough."""
        if self._busy():
            self.touched()
        elif self._clock.monotonic() - self._touched >= self._after:
            self._session.lock()
