"""What the operator sees of the telephone, and why a call may not be placed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from workstation.domain.call import (
    CITIZEN,
    CallEvent,
    CallResult,
    CallState,
    LineEvent,
    Quality,
    Transfer,
)
from workstation.domain.names import AlarmId, CallId, CitizenId
from workstation.domain.recording import TapeState

__all__ = ["CITIZEN", "LineBusy", "NoNumber", "PhoneView", "after"]


class NoNumber(Exception):
    """The citizen has no telephone number (left)."""


class LineBusy(Exception):
    """A call is on; it must be ended first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """How the recording of a call stands."""

    state: TapeState
    reason: str = ""
    """Why it failed: a reason of RecordingFailed."""

    @property
    def is_on(self) -> bool:
        """Whether it goes on, or may go on."""
        return self.state in (TapeState.ON, TapeState.PAUSED)


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
    incoming: bool = False
    """Somebody called us."""
    joined: bool = False
    """It is part of a conference here."""
    transfer: Transfer | None = None
    quality: Quality | None = None
    tape: Tape | None = None
    """How its recording stands; None for a call that is not recorded."""
    others: tuple[PhoneView, ...] = ()
    """The other calls of this desk that are on, on hold or in conference, the latest first."""

    @property
    def is_on(self) -> bool:
        """Whether a call is being placed or held."""
        return self.state not in (None, CallState.ENDED)

    @property
    def is_answered(self) -> bool:
        """Whether one talks with somebody, or has them on hold."""
        return self.state in (CallState.IN_CALL, CallState.HELD)


def after(view: PhoneView, event: CallEvent) -> PhoneView:
    """Return the call as it stands after what the line told."""
    return replace(
        view,
        state=event.state,
        muted=event.muted,
        held=event.state is CallState.HELD,
        sound_lost=event.sound_lost,
        codec=event.codec or view.codec,
        sip_code=event.sip_code or view.sip_code,
        sip_reason=event.sip_reason or view.sip_reason,
        result=event.result,
        joined=event.joined,
        transfer=event.transfer or view.transfer,
        quality=event.quality or view.quality,
    )
