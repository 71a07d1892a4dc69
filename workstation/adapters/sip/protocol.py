"""What the desk and its SIP process say to each other: one JSON object a line, version 1."""

from typing import Literal

import msgspec

from workstation.adapters.sip.orders import Op

VERSION = 1


class _Event(msgspec.Struct, tag_field="event", frozen=True, kw_only=True):
    """Something the process tells the desk."""


class Hello(_Event, tag="hello", frozen=True, kw_only=True):
    """The first line: who speaks which version of this protocol."""

    v: int
    library: str
    sound_devices: tuple[str, ...] = ()


class Ready(_Event, tag="ready", frozen=True, kw_only=True):
    """Configured: calls can be placed (with a registrar, once it has accepted us)."""

    library: str
    has_sound_device: bool


class Refused(_Event, tag="refused", frozen=True, kw_only=True):
    """The configuration cannot be used, and no call is placed with another one in its stead."""

    reason: Literal["no_sound_device", "unknown_sound_device", "no_codec", "transport_failed"]
    facts: dict[str, str] = {}


class Registration(_Event, tag="registration", frozen=True, kw_only=True):
    """What the registrar answered: 200 with a lifetime, or why not."""

    code: int
    reason: str
    expires_s: int = 0
    fallback: bool = False
    """It is the second registrar that answered."""


GaveUp = Literal["", "rang_out", "no_reply", "hung_up"]
"""Why we ended a call ourselves; empty when the far end did or something failed."""


class Incoming(_Event, tag="incoming", frozen=True, kw_only=True):
    """Somebody calls; it rings here until `Answer`, `HangUp` or its end."""

    id: str
    caller: str
    name: str
    called: str
    fallback: bool = False
    dialog: str = ""
    """Its Call-ID, the same wherever it was forked to."""


class Progress(_Event, tag="call", frozen=True, kw_only=True):
    """A call moved on; `sip_code` is the last status code (0 when none came)."""

    id: str
    state: Literal["dialling", "ringing", "in_call", "ended"]
    sip_code: int = 0
    sip_reason: str = ""
    gave_up: GaveUp = ""
    elsewhere: bool = False
    """It rang here and was answered at another telephone (RFC 3326)."""


class Media(_Event, tag="media", frozen=True, kw_only=True):
    """The sound path was (re)made: codec, and who holds the call."""

    id: str
    codec: str
    held: bool
    remote_held: bool = False


class Muted(_Event, tag="muted", frozen=True, kw_only=True):
    """Our sound is off, or on again."""

    id: str
    muted: bool


class Sound(_Event, tag="sound", frozen=True, kw_only=True):
    """Packets that came stopped coming (`lost`), or came again."""

    id: str
    lost: bool


class Heard(_Event, tag="heard", frozen=True, kw_only=True):
    """What the far end's packets were like so far."""

    id: str
    packets: int
    lost: int
    jitter_ms: float
    round_trip_ms: float


class Referred(_Event, tag="referred", frozen=True, kw_only=True):
    """How a transfer goes: 1xx and 202 on the way, then the new far end's last answer."""

    id: str
    code: int
    final: bool


class Joined(_Event, tag="joined", frozen=True, kw_only=True):
    """A call hears the others of its conference, or no longer."""

    id: str
    joined: bool


class Recorded(_Event, tag="recorded", frozen=True, kw_only=True):
    """How a recording stands; with `ended` and `failed` what has been written."""

    id: str
    recording: str
    state: Literal["on", "paused", "ended", "failed"]
    reason: str = ""
    seconds: float = 0.0
    size: int = 0
    sha256: str = ""


class TextCame(_Event, tag="text", frozen=True, kw_only=True):
    """A MESSAGE came."""

    n: int
    sender: str
    recipient: str
    content_type: str
    body: bytes
    source: str = ""
    """`host:port` that it came from."""


class TextSent(_Event, tag="text_sent", frozen=True, kw_only=True):
    """What became of a MESSAGE of ours."""

    id: str
    code: int
    reason: str


class Digit(_Event, tag="dtmf", frozen=True, kw_only=True):
    """The far end sent a tone."""

    id: str
    digit: str


class Devices(_Event, tag="devices", frozen=True, kw_only=True):
    """A sound device went, or came back: what is used now, and how that stands to what was set."""

    microphone: str
    headset: str
    instead: Literal["", "replaced", "gone"]


class Fault(_Event, tag="fault", frozen=True, kw_only=True):
    """Something failed that did not end a call; for the log."""

    where: str
    what: str
    id: str = ""


class Pong(_Event, tag="pong", frozen=True, kw_only=True):
    """The answer to the ping of this number, from the thread that owns the library."""

    n: int


CallTold = Progress | Media | Muted | Sound | Heard | Referred | Joined
"""What is told of one call and changes how it stands."""
LineTold = Hello | Ready | Refused | Registration | Devices
"""What is told of the line itself."""
TextTold = TextCame | TextSent
Event = LineTold | Incoming | CallTold | TextTold | Recorded | Digit | Fault | Pong

_encoder = msgspec.json.Encoder()
_ops: msgspec.json.Decoder[Op] = msgspec.json.Decoder(Op)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def line_of(message: Op | Event) -> bytes:
    """Return `message` as one line, with its line feed."""
    return _encoder.encode(message) + b"\n"


def op_of(line: bytes) -> Op:
    """Read a line of the desk's; raises msgspec.DecodeError (also for wrong types)."""
    return _ops.decode(line)


def event_of(line: bytes) -> Event:
    """Read a line of the process's; raises msgspec.DecodeError (also for wrong types)."""
    return _events.decode(line)
