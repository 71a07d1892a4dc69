"""The machine's clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The one place that reads the time."""

    def now(self) -> datetime:
        """Return the current time, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()
