"""How long to wait before the next attempt to connect."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from workstation.application.ports import Clock

_SHORTEST_S: Final = 0.05
_FIRST_S: Final = 1.0
_LONGEST_S: Final = 5.0
_STEADY_S: Final = 10.0
"""A connection that has lasted as long was a good one: the pauses begin anew."""


class Pauses:
    """Growing pauses, spread over their whole length: a broker that was away a moment meets no herd.

    Fifty desks lose it at the same instant. Half a second is what one of them loses by waiting for
    its turn; without it nine of ten would come within a tenth of a second.
    """

    def __init__(
        self, clock: Clock, *, between: Callable[[float, float], float] = random.uniform
    ) -> None:
        """Begin with the shortest; `between` chooses a number from one to another."""
        self._clock = clock
        self._between = between
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
        return self._between(_SHORTEST_S, longest)
