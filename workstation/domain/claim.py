"""What one desk says it has done with an alarm while the database cannot say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from workstation.domain.kind import Outcome
from workstation.domain.names import Operator

ClaimId = NewType("ClaimId", str)

TOLERANCE: Final = timedelta(seconds=2)
"""How far two desks' clocks may be apart before that is told as a fault."""


class Said(StrEnum):
    """What was done."""

    TAKEN = "taken"
    RELEASED = "released"
    """Given back to the queue, or put aside: nobody has it."""
    RESOLVED = "resolved"
    NOTED = "noted"
    """Whoever has it did something: a note, a call, a responder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing done to an alarm by `operator` at `desk`; the desks' own alarm ids differ."""

    id: ClaimId
    what: Said
    operator: Operator
    desk: str
    """The client id of the desk's session at the broker, unique among desks."""
    at: datetime
    fold_key: str
    """Which alarm: device, kind and code (`Alarm.fold_key`)."""
    raised_at: datetime
    """When that alarm was raised, as the claiming desk has it."""
    outcome: Outcome | None = None
    """Of RESOLVED."""
    stored: bool = False
    """The database has it already: told for desks that cannot reach it."""

    @property
    def order(self) -> tuple[bool, datetime, str, str]:
        """What two desks compare when both took an alarm: the lower one has it, on every desk."""
        return (not self.stored, self.at, self.desk, self.id)

    def is_about(self, fold_key: str, raised_at: datetime) -> bool:
        """Whether it means the alarm of that key: not a later one of the same device."""
        if fold_key != self.fold_key:
            return False
        return raised_at == self.raised_at or raised_at <= self.at + TOLERANCE
