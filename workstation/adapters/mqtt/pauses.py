"""How long to wait before the next attempt to connect."""

from __future__ import annotations

import random
from typing import Final

from workstation.application.ports import Clock

_FIRST_S: Final = 0.25
_LONGEST_S: Final = 5.0
_STEADY_S: Final = 10.0
"""A connection that has lasted as long was a good one: the next attempt may follow at once."""


class Pauses:
    """Growing pauses, spread so that fifty desks do not return in step."""

    def __init__(self, clock: Clock) -> None:
        """Begin with the shortest."""
        self._clock = clock
        self._attempts = 0
        self._connected_at = 0.0

    def connected(self) -> None:
        """Note that a connection stands."""
        self._connected_at = self._clock.monotonic()

    def ended(self) -> None:
        """Note its end: one that is soon thrown out again must not come back ever so fast."""
        if self._clock.monotonic() - self._connected_at >= _STEADY_S:
            self._attempts = 0

    def next(self) -> float:
        """Return the next pause in seconds."""
        longest = min(_LONGEST_S, _FIRST_S * 2.0**self._attempts)
        self._attempts = min(self._attempts + 1, 10)
        return random.uniform(longest / 2, longest)  # noqa: S311 - spreads load, guards nothing
