"""What the settings say of the hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from workstation.domain.kind import Kind
from workstation.domain.names import Kommune


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What the settings say of this hub, as the use cases need it."""

    kommuner: tuple[Kommune, ...]
    escalate_after: dict[Kind, timedelta]
    untouched_after: dict[Kind, timedelta]
    unsaved_after: timedelta = timedelta(seconds=1)
    heartbeat: timedelta = timedelta(seconds=5)
    lease: timedelta = timedelta(seconds=30)
    """How long behind its last heartbeat a desk keeps its operator's alarms."""
    unwatched_after: timedelta = timedelta(seconds=60)
    """How long a kommune may be without anybody who could answer."""

    shares_readings: bool = False
    """Each reading goes to one of the hub's processes: what is known of a device is in the database."""

    @property
    def home(self) -> Kommune:
        """The kommune that an unknown device is put under: the first."""
        return self.kommuner[0]
