"""A telephone call: its states, and what a SIP answer means to an operator."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workstation.domain.names import AlarmId, CallId, CitizenId, Operator


class CallState(StrEnum):
    """Where a call stands; ENDED is final."""

    DIALLING = "dialling"
    RINGING = "ringing"
    IN_CALL = "in_call"
    HELD = "held"
    ENDED = "ended"


class CallResult(StrEnum):
    """How an attempt ended; each has its own sentence on the screen."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    UNKNOWN_NUMBER = "unknown_number"
    NO_COMMON_SOUND = "no_common_sound"
    CANCELLED = "cancelled"
    LINE_LOST = "line_lost"
    """Our own telephone process died or was stopped while the call was on."""
    FAILED = "failed"


_REQUEST_TIMEOUT = 408

# RFC 3261 section 21 (and RFC 4028 for 422); what is not named is FAILED.
_BY_CODE: dict[int, CallResult] = {
    401: CallResult.UNAUTHORISED,
    403: CallResult.UNAUTHORISED,
    407: CallResult.UNAUTHORISED,
    404: CallResult.UNKNOWN_NUMBER,
    410: CallResult.UNKNOWN_NUMBER,
    484: CallResult.UNKNOWN_NUMBER,
    485: CallResult.UNKNOWN_NUMBER,
    604: CallResult.UNKNOWN_NUMBER,
    408: CallResult.UNREACHABLE,
    430: CallResult.UNREACHABLE,
    480: CallResult.NO_ANSWER,
    486: CallResult.BUSY,
    600: CallResult.BUSY,
    603: CallResult.DECLINED,
    607: CallResult.DECLINED,
    487: CallResult.CANCELLED,
    415: CallResult.NO_COMMON_SOUND,
    488: CallResult.NO_COMMON_SOUND,
    606: CallResult.NO_COMMON_SOUND,
    502: CallResult.UNREACHABLE,
    503: CallResult.UNREACHABLE,
    504: CallResult.UNREACHABLE,
}


def result_of(sip_code: int, *, answered: bool, rang_out: bool, rang: bool = False) -> CallResult:
    """Return what a finished attempt means.

    `sip_code` is the last status code (0 when none came), `answered` whether it was ever in call,
    `rang_out` whether we gave up waiting ourselves, `rang` whether the far end reported ringing:
    a 408 after ringing is nobody at home, a 408 without it nobody on the line.
    """
    if answered:
        return CallResult.ANSWERED
    if rang_out or (sip_code == _REQUEST_TIMEOUT and rang):
        return CallResult.NO_ANSWER
    return _BY_CODE.get(sip_code, CallResult.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """The line says that a call changed; times are aware UTC."""

    call: CallId
    state: CallState
    at: datetime
    muted: bool = False
    sound_lost: bool = False
    """Packets came and then stopped for the watchdog's time (never while held)."""
    codec: str = ""
    result: CallResult | None = None
    sip_code: int = 0
    sip_reason: str = ""


class LineState(StrEnum):
    """Whether calls can be placed."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    UNREGISTERED = "unregistered"
    """Running, but the registrar did not accept us: see the code."""
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEvent:
    """The line itself changed."""

    state: LineState
    at: datetime
    sip_code: int = 0
    reason: str = ""
    library: str = ""
    """Name and version of the SIP library, once it runs."""
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One attempt as the call log keeps it: written when it starts, completed when it ends."""

    id: CallId
    operator: Operator
    target: str
    """What was dialled, as an E.164 number or a SIP address."""
    started_at: datetime
    alarm: AlarmId | None = None
    citizen: CitizenId | None = None
    whom: str = ""
    """Who was meant to answer: `citizen`, or a relative's or responder's name."""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: CallResult | None = None
    sip_code: int = 0
    sip_reason: str = ""
