"""Recorded calls: which calls may be, how a recording stands, and what is kept of one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune

RATE: Final = 16_000
"""Samples of a recording a second, 16 bits each (little-endian), one channel."""
BYTES_A_SECOND: Final = 2 * RATE
RecordingId = NewType("RecordingId", str)
"""Random: a file's name tells nobody whose voice it is."""


class TapeState(StrEnum):
    """How a recording stands; ENDED and FAILED are final."""

    ON = "on"
    PAUSED = "paused"
    ENDED = "ended"
    FAILED = "failed"
    """What was written until then is kept, and says that it was cut off."""


class Recorded(StrEnum):
    """Which calls a hub records."""

    NONE = "off"
    ALARM_CALLS = "alarm_calls"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRule:
    """Which calls are recorded: of these, those of kommuner that allow it."""

    calls: Recorded
    kommuner: AbstractSet[Kommune]

    def holds(self, *, alarm: AlarmId | None, kommune: Kommune | None) -> bool:
        """Whether a call is recorded; one that is nobody's kommune's never is."""
        if self.calls is Recorded.NONE or kommune not in self.kommuner:
            return False
        return self.calls is Recorded.ALL or alarm is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeEvent:
    """The line says how a recording stands; lengths and sums come with its end."""

    call: CallId
    recording: RecordingId
    state: TapeState
    at: datetime
    reason: str = ""
    """Why it failed: `disk_full`, `not_writable`, `no_folder`, `no_announcement` and the like."""
    length: timedelta = timedelta()
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is kept of one; the sound lies in a sealed file that is called as `id` is."""

    id: RecordingId
    call: CallId
    kommune: Kommune
    started_at: datetime
    key: str
    """Which of the hub's keys opens it."""
    citizen: CitizenId | None = None
    alarm: AlarmId | None = None
    ended_at: datetime | None = None
    length: timedelta = timedelta()
    """How much was recorded: pauses and holds are left out."""
    size: int = 0
    """Bytes of the file."""
    sha256: str = ""
    """Of the file, in hexadecimal; empty until it is complete."""
    reason: str = ""
    """Why it ended before its call; empty where it did not."""
    deleted_at: datetime | None = None
    """When its file was removed, because its time was over."""
