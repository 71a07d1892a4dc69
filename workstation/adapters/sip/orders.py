"""What the desk asks of its SIP process."""

from typing import Literal

import msgspec


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
    port: int = 0
    """The port to be called at; 0 is any, for a registrar tells callers where we are."""
    fallback: "Way | None" = None
    """A second registrar: registered at as well, and called through while the first is away."""
    takes_calls: bool = False
    """Whether whoever calls in rings here; else they are turned away."""
    takes_texts: bool = False
    """Whether MESSAGEs are taken, and answered by `AnswerText`."""
    stun: tuple[str, ...] = ()
    """STUN servers, `host` or `host:port`: how we learn our address behind a router."""
    ice: bool = False
    """Whether both ends try all ways between them (RFC 8445)."""
    keep_alive_s: int = 15
    """How often a router is reminded of us over UDP; 0 is never."""

    def __repr__(self) -> str:
        """Never show the password: reprs end in logs."""
        return f"Configure({self.kind} {self.address} {self.username} {self.sound})"


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A registrar and who we are there."""

    address: str
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Never show the password."""
        return f"Way({self.address} {self.username})"


class Dial(_Op, tag="call", frozen=True, kw_only=True):
    """Place a call; `record` is a WAV file for the incoming sound."""

    id: str
    uri: str
    ring_for_s: float = 35.0
    record: str | None = None
    fallback_uri: str = ""
    """What is dialled through the second registrar; empty where there is none."""


class Answer(_Op, tag="answer", frozen=True, kw_only=True):
    """Answer a call that rings here."""

    id: str


class Refer(_Op, tag="refer", frozen=True, kw_only=True):
    """Hand a call to `uri`, or, with `other`, to whom that call talks with (RFC 3515, RFC 3891)."""

    id: str
    uri: str = ""
    other: str = ""


class Join(_Op, tag="join", frozen=True, kw_only=True):
    """Let these calls hear each other, and no others."""

    ids: tuple[str, ...]


class Play(_Op, tag="play", frozen=True, kw_only=True):
    """Let the far end hear a WAV file instead of us, again and again."""

    id: str
    file: str


class Record(_Op, tag="record", frozen=True, kw_only=True):
    """Record an answered call into a sealed file, announced to both first. The key travels only here."""

    id: str
    recording: str
    file: str
    head: bytes
    """How the file begins."""
    key: bytes
    announcement: str
    """A WAV file; without one that can be played nothing is recorded."""

    def __repr__(self) -> str:
        """Never show the key."""
        return f"Record({self.id} {self.recording})"


class Tape(_Op, tag="tape", frozen=True, kw_only=True):
    """Leave a recording's next part out, go on with it, or end it; the call goes on."""

    id: str
    wish: Literal["pause", "resume", "stop"]


class SendText(_Op, tag="send_text", frozen=True, kw_only=True):
    """Send a MESSAGE; `id` comes back in `TextSent`."""

    id: str
    uri: str
    content_type: str
    body: str


class AnswerText(_Op, tag="answer_text", frozen=True, kw_only=True):
    """Answer a MESSAGE that came; without effect where the library has answered 200 by itself."""

    n: int
    code: int


class HangUp(_Op, tag="hang_up", frozen=True, kw_only=True):
    """End, cancel, or turn away what rings here: 480 lets the registrar ring on, 486 is busy."""

    id: str
    code: int = 480


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


CallOp = HangUp | Mute | Hold | Dtmf | Volume | Answer | Refer | Play | Record | Tape
"""What is asked of one call under way."""
Op = Configure | Dial | CallOp | Join | SendText | AnswerText | Ping | Quit
