"""The time."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the current time, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump, for measuring durations."""
        ...
