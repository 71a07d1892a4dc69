"""What the operator sees of the telephone, and why a call may not be placed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.call import CallResult, CallState, LineEvent
from workstation.domain.names import AlarmId, CallId, CitizenId

CITIZEN = "citizen"
"""The `whom` of a call to the citizen; anyone else stands by name."""


class NoNumber(Exception):
    """The citizen has no telephone number (left)."""


class LineBusy(Exception):
    """A call is on; it must be ended first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    """What the operator sees of the telephone."""

    line: LineEvent | None = None
    call: CallId | None = None
    state: CallState | None = None
    target: str = ""
    whom: str = ""
    citizen: CitizenId | None = None
    alarm: AlarmId | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    muted: bool = False
    held: bool = False
    volume: float = 1.0
    sound_lost: bool = False
    codec: str = ""
    result: CallResult | None = None
    sip_code: int = 0
    sip_reason: str = ""
    next_number: str | None = None
    last_target: str | None = None

    @property
    def is_on(self) -> bool:
        """Whether a call is being placed or held."""
        return self.state not in (None, CallState.ENDED)
