"""Notices that this machine was asleep: what it was connected to then says nothing any more."""

from __future__ import annotations

from typing import Final

ASLEEP_S: Final = 5.0
"""So much time has passed that nobody here has seen pass."""


class Asleep:
    """Compares two clocks, look by look; each of those who wait for a network has its own.

    On Linux monotonic time stands still while the machine sleeps and the day goes on; on Windows
    both go on, and only a wait that should have been short tells.
    """

    def __init__(self) -> None:
        """Nothing to compare with yet."""
        self._offset: float | None = None

    def ended(self, now: float, wall: float, *, late: float = 0.0) -> bool:
        """Take monotonic and wall time in seconds; return whether the machine slept since the last look.

        `late` is how much longer a wait was than it was meant to be. A clock that was set ahead, and
        a process that was stopped, look the same; whoever asks begins anew once too often.
        """
        before, self._offset = self._offset, wall - now
        return late >= ASLEEP_S or (before is not None and self._offset - before >= ASLEEP_S)
