"""Notices that this machine slept, or has another address than before."""

from typing import Final

from workstation.application.asleep import Asleep

LOOK_EVERY_S: Final = 1.0


class Surroundings:
    """Compares each look with the one before; a registration made before says nothing any more."""

    def __init__(self) -> None:
        self._address: str | None = None
        self._look_at = 0.0
        self._asleep = Asleep()

    def is_due(self, now: float) -> bool:
        """Whether it is time for a look, in monotonic seconds."""
        return now >= self._look_at

    def slept(self, now: float, wall: float) -> bool:
        """Take monotonic and wall time in seconds; return whether the machine slept since the last look.

        A clock that was set ahead looks the same, and costs one registration too many.
        """
        late = now - self._look_at if self._look_at else 0.0
        self._look_at = now + LOOK_EVERY_S
        return self._asleep.ended(now, wall, late=late)

    def moved(self, address: str) -> bool:
        """Take our address towards the telephone system, "" for no way there; True for a new one."""
        if not address:
            return False
        before, self._address = self._address, address
        return before is not None and before != address
