"""Notices that this machine slept, or has another address than before."""

from typing import Final

LOOK_EVERY_S: Final = 1.0
_ASLEEP_S: Final = 5.0
"""So much more of the day has passed than of this process's time: it was not running."""


class Surroundings:
    """Compares each look with the one before; a registration made before says nothing any more."""

    def __init__(self) -> None:
        self._address: str | None = None
        self._look_at = 0.0
        self._offset: float | None = None

    def is_due(self, now: float) -> bool:
        """Whether it is time for a look, in monotonic seconds."""
        return now >= self._look_at

    def slept(self, now: float, wall: float) -> bool:
        """Take monotonic and wall time in seconds; return whether the machine slept in between.

        A clock that was set ahead looks the same, and costs one registration too many.
        """
        before, self._offset = self._offset, wall - now
        self._look_at = now + LOOK_EVERY_S
        return before is not None and self._offset - before >= _ASLEEP_S

    def moved(self, address: str) -> bool:
        """Take our address towards the telephone system, "" for no way there; True for a new one."""
        if not address:
            return False
        before, self._address = self._address, address
        return before is not None and before != address
