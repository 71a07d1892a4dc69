"""The calls that are under way, as events for the desk are made of what the process says."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workstation.adapters.sip.protocol import (
    CallTold,
    Heard,
    Joined,
    Media,
    Muted,
    Progress,
    Referred,
    Sound,
)
from workstation.domain.call import (
    CallEvent,
    CallResult,
    CallState,
    Quality,
    Transfer,
    TransferState,
    result_of,
)
from workstation.domain.names import CallId
from workstation.domain.quality import quality_of

_CANCELLED = 487
_OK, _NOT_OK = 200, 300
_OFFER_REFUSED = (488, 606)
"""Codecs are refused so as well; but what we offer has one that every telephone has."""
_STATES = {
    "dialling": CallState.DIALLING,
    "ringing": CallState.RINGING,
    "in_call": CallState.IN_CALL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ongoing:
    """One call as it stands; every change is a new value."""

    call: CallId
    state: CallState = CallState.DIALLING
    rang: bool = False
    muted: bool = False
    sound_lost: bool = False
    codec: str = ""
    sip_code: int = 0
    sip_reason: str = ""
    result: CallResult | None = None
    quality: Quality | None = None
    joined: bool = False
    transfer: Transfer | None = None
    incoming: bool = False
    encrypted: bool = False
    """Whether this line speaks encrypted or not at all."""

    @property
    def answered(self) -> bool:
        """Whether somebody has taken it."""
        return self.state in (CallState.IN_CALL, CallState.HELD)

    def event(self, at: datetime) -> CallEvent:
        """Return what the desk is told."""
        return CallEvent(
            call=self.call,
            state=self.state,
            at=at,
            muted=self.muted,
            sound_lost=self.sound_lost,
            codec=self.codec,
            result=self.result,
            sip_code=self.sip_code,
            sip_reason=self.sip_reason,
            quality=self.quality,
            joined=self.joined,
            transfer=self.transfer,
        )


def rings_here(call: CallId) -> Ongoing:
    """Return a call that has just come in."""
    return Ongoing(call=call, state=CallState.INCOMING, incoming=True)


def after(call: Ongoing, told: CallTold) -> Ongoing:
    """Return the call as it stands after what the process told."""
    match told:
        case Progress():
            return _progressed(call, told)
        case Media():
            return _connected(call, told)
        case _:
            return replace(call, **_changed(told))


def _changed(told: Muted | Sound | Heard | Referred | Joined) -> dict[str, Any]:
    match told:
        case Muted():
            return {"muted": told.muted}
        case Sound():
            return {"sound_lost": told.lost}
        case Heard():
            return {"quality": _quality(told)}
        case Joined():
            return {"joined": told.joined}
        case Referred():
            return {"transfer": _transferred(told)}


def lost(call: Ongoing) -> Ongoing:
    """Return the call as it ends with our own process."""
    return replace(
        call, state=CallState.ENDED, result=CallResult.LINE_LOST, sip_code=0, sip_reason=""
    )


def _progressed(call: Ongoing, told: Progress) -> Ongoing:
    if told.state == "ended":
        return _ended(call, told)
    return replace(
        call,
        state=_STATES[told.state],
        rang=call.rang or told.state == "ringing",
        sip_code=told.sip_code,
        sip_reason=told.sip_reason,
    )


def _connected(call: Ongoing, told: Media) -> Ongoing:
    if not call.answered:  # sound before the answer: an announcement of the network's
        return replace(call, codec=told.codec)
    state = CallState.HELD if told.held else CallState.IN_CALL
    return replace(call, state=state, codec=told.codec)


def _ended(call: Ongoing, told: Progress) -> Ongoing:
    return replace(
        call,
        state=CallState.ENDED,
        sound_lost=False,
        joined=False,
        result=_came_to(call, told),
        sip_code=told.sip_code,
        sip_reason=told.sip_reason,
    )


def _came_to(call: Ongoing, told: Progress) -> CallResult:
    if call.incoming and not call.answered:
        return _was_not_taken(told)
    result = result_of(
        told.sip_code,
        answered=call.answered,
        rang_out=told.gave_up == "rang_out",
        rang=call.rang,
    )
    # Hung up before a reply: the library may have no code of the far end's to tell.
    if told.gave_up == "hung_up" and not call.answered and told.sip_code in (0, _CANCELLED):
        return CallResult.CANCELLED
    if result is CallResult.NO_COMMON_SOUND and call.encrypted and told.sip_code in _OFFER_REFUSED:
        return CallResult.NOT_ENCRYPTED
    return result


def _was_not_taken(told: Progress) -> CallResult:
    if told.elsewhere:
        return CallResult.TAKEN_ELSEWHERE
    return CallResult.DECLINED if told.gave_up == "hung_up" else CallResult.ABANDONED


def _quality(told: Heard) -> Quality:
    return quality_of(
        packets=told.packets,
        lost=told.lost,
        jitter_ms=told.jitter_ms,
        round_trip_ms=told.round_trip_ms,
    )


def _transferred(told: Referred) -> Transfer:
    if not told.final:
        return Transfer(state=TransferState.ACCEPTED, sip_code=told.code)
    done = _OK <= told.code < _NOT_OK
    return Transfer(state=TransferState.DONE if done else TransferState.FAILED, sip_code=told.code)
