"""A telephone call: its states, and what a SIP answer means to an operator."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune, Operator


class CallState(StrEnum):
    """Where a call stands; ENDED is final."""

    DIALLING = "dialling"
    RINGING = "ringing"
    INCOMING = "incoming"
    """Somebody calls and it rings at this desk."""
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
    NOT_ENCRYPTED = "not_encrypted"
    """An encrypted line, and the far end takes the call on no such terms."""
    CANCELLED = "cancelled"
    TAKEN_ELSEWHERE = "taken_elsewhere"
    """Somebody called in, and another desk answered."""
    ABANDONED = "abandoned"
    """Somebody called in and gave up before an answer."""
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
class Quality:
    """How well the far end is heard here, as measured over the call so far."""

    mos: float
    """Mean opinion score, 1.0 to 4.5, estimated by `quality.mos`."""
    loss_percent: float
    """Of the packets that should have come, how many did not, 0 to 100."""
    jitter_ms: float
    round_trip_ms: float
    """0.0 until the far end's first report (RTCP)."""


class TransferState(StrEnum):
    """How far a transfer has come; DONE and FAILED are final."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    """The far end is trying the new number."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A call being handed to somebody else."""

    state: TransferState
    sip_code: int = 0
    """What the far end, or the new one through it, answered last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingCall:
    """Somebody calls this desk."""

    call: CallId
    caller: str
    """The SIP address as it came; it is not proven."""
    number: str
    """The caller's number where its address has one (E.164 or short), else empty."""
    name: str
    """What the caller calls itself."""
    called: str
    """The user that was called, e.g. `hub`."""
    at: datetime
    to_fallback: bool = False
    """It came by the second telephone system."""
    dialog: str = ""
    """Its SIP Call-ID, the same at every desk that it was forked to; empty where it is not known."""


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
    quality: Quality | None = None
    joined: bool = False
    """It hears other calls of this desk, and they hear it."""
    transfer: Transfer | None = None


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
    fallback: bool = False
    """Only the second telephone system has accepted us."""
    sound: Literal["", "replaced", "gone"] = ""
    """Whether another sound device is used than the one that was set, or none; "" as set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage:
    """A SIP MESSAGE that came."""

    number: int
    """Tells it from others of this line, for `MessageLine.answer`."""
    sender: str
    """The SIP address as it came; it is not proven."""
    recipient: str
    content_type: str
    body: bytes
    at: datetime
    source: str = ""
    """`host:port` that it came from: a sender's address has no port (RFC 3261 section 20.20)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """A call that was handed to somebody else, as the call log keeps it."""

    target: str
    at: datetime
    state: TransferState
    sip_code: int = 0


CITIZEN: Final = "citizen"
"""The `whom` of a call with the citizen; anyone else stands by name."""


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
    """Who was meant to answer: CITIZEN, or a relative's or responder's name."""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: CallResult | None = None
    sip_code: int = 0
    sip_reason: str = ""
    incoming: bool = False
    """Somebody called in; `target` is then who called."""
    name: str = ""
    """What the far end calls itself; it is not proven."""
    called: str = ""
    """The number that was called, of a call that came in."""
    dialog: str = ""
    """Of a call that came in, its SIP Call-ID: the same at every desk that it rang at."""
    kommune: Kommune | None = None
    """Whose call it is: its alarm's, else its citizen's; None leaves that to the log."""
    kind: Kind | None = None
    """Of its alarm; None leaves that to the log."""
    quality: Quality | None = None
    transfers: tuple[Transferred, ...] = ()

    @property
    def waited(self) -> timedelta:
        """How long the caller waited for an answer, or for giving up; nothing while it rings."""
        return (self.answered_at or self.ended_at or self.started_at) - self.started_at

    @property
    def talked(self) -> timedelta:
        """How long it lasted from the answer to its end; nothing for one that is on."""
        if self.answered_at is None or self.ended_at is None:
            return timedelta()
        return self.ended_at - self.answered_at
