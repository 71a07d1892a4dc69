"""What the desk and its SIP process say to each other: one JSON object a line, version 1."""

from typing import Literal

import msgspec

VERSION = 1


class _Op(msgspec.Struct, tag_field="op", frozen=True, kw_only=True):
    """Something the desk asks of the process."""


class Configure(_Op, tag="configure", frozen=True, kw_only=True):
    """The first thing said: how to reach the telephone network. The password travels only here."""

    kind: Literal["direct", "registrar"]
    address: str = ""
    """`host` or `host:port` of the peer that takes numbers, or of the registrar."""
    username: str = ""
    """`user`, or `user@domain` where the domain is not the registrar's host."""
    password: str = ""
    codecs: tuple[str, ...] = ("G722", "PCMA", "PCMU")
    """In order of preference; every other codec is off."""
    sound: str = "null"
    """`null` (silence, for tests and headless calls), `default`, or a sound device's name."""
    microphone: str = ""
    """The device that hears the operator; empty for that of `sound`."""
    echo_cancelling: bool = True
    noise_suppression: bool = True
    """Needs the canceller, as does the next."""
    automatic_gain: bool = True
    transport: Literal["udp", "tcp", "tls"] = "udp"
    """With `tls` what is spoken is encrypted as well (SRTP), or there is no call."""
    ca_file: str = ""
    """The certificates that the far end's is checked against, with `tls`."""

    def __repr__(self) -> str:
        """Never show the password: reprs end in logs."""
        return f"Configure({self.kind} {self.address} {self.username} {self.sound})"


class Dial(_Op, tag="call", frozen=True, kw_only=True):
    """Place a call; `record` is a WAV file for the incoming sound."""

    id: str
    uri: str
    ring_for_s: float = 35.0
    record: str | None = None


class HangUp(_Op, tag="hang_up", frozen=True, kw_only=True):
    """End or cancel."""

    id: str


class Mute(_Op, tag="mute", frozen=True, kw_only=True):
    """Send silence instead of our sound."""

    id: str
    muted: bool


class Hold(_Op, tag="hold", frozen=True, kw_only=True):
    """Put on hold, or resume."""

    id: str
    held: bool


class Dtmf(_Op, tag="dtmf", frozen=True, kw_only=True):
    """Send tones as telephone events (RFC 4733)."""

    id: str
    digits: str


class Volume(_Op, tag="volume", frozen=True, kw_only=True):
    """How loud the far end is heard here: 1.0 as sent; a recording is not changed."""

    id: str
    level: float


class Ping(_Op, tag="ping", frozen=True, kw_only=True):
    """Show that you are alive."""

    n: int


class Quit(_Op, tag="quit", frozen=True, kw_only=True):
    """Hang up, unregister, end."""


Op = Configure | Dial | HangUp | Mute | Hold | Dtmf | Volume | Ping | Quit


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


GaveUp = Literal["", "rang_out", "no_reply", "hung_up"]
"""Why we ended a call ourselves; empty when the far end did or something failed."""


class Progress(_Event, tag="call", frozen=True, kw_only=True):
    """A call moved on; `sip_code` is the last status code (0 when none came)."""

    id: str
    state: Literal["dialling", "ringing", "in_call", "ended"]
    sip_code: int = 0
    sip_reason: str = ""
    gave_up: GaveUp = ""


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


class Digit(_Event, tag="dtmf", frozen=True, kw_only=True):
    """The far end sent a tone."""

    id: str
    digit: str


class Fault(_Event, tag="fault", frozen=True, kw_only=True):
    """Something failed that did not end a call; for the log."""

    where: str
    what: str
    id: str = ""


class Pong(_Event, tag="pong", frozen=True, kw_only=True):
    """The answer to the ping of this number, from the thread that owns the library."""

    n: int


CallTold = Progress | Media | Muted | Sound
"""What is told of one call and changes how it stands."""
Event = Hello | Ready | Refused | Registration | CallTold | Digit | Fault | Pong

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
