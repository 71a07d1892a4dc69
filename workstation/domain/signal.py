"""What a message from a device says, whatever convention it was written in."""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName, Kommune


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One MQTT message as it arrived; `received_at` is aware UTC."""

    topic: str
    payload: bytes
    received_at: datetime
    retained: bool = False
    duplicate: bool = False
    """The broker's DUP flag: it may have been delivered before."""
    packet: int | None = None
    """The broker's number of this delivery in this session; None where it keeps none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose message it is: `kommune` is None where only the register can tell."""

    source: Source
    device: DeviceName
    kommune: Kommune | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """An edge: something happened once (a button, a fall). Each one counts."""

    origin: Origin
    kind: Kind
    code: str
    text: str = ""
    at: datetime | None = None
    """The device's own time, aware UTC."""
    id: str | None = None
    """The device's own id of this event, for telling a repetition from a new event."""
    priority: int | None = None
    location: str | None = None
    voice: str | None = None
    """A `sip:` address on which the unit can be spoken to."""
    flaws: tuple[str, ...] = ()
    """`"<field>: <what was expected>"` for each field that was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A state that lasts: an alarm from the first time it is active until it has been inactive."""

    origin: Origin
    kind: Kind
    code: str
    active: bool
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value of one channel (`channel` is a key as in `domain.telemetry`); always finite."""

    origin: Origin
    channel: str
    value: float
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The device, or its gateway on its behalf, says whether it can be reached."""

    origin: Origin
    online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A device (or one entity of it) describes itself; `gone` when that was withdrawn."""

    origin: Origin
    title: str
    model: str = ""
    topics: tuple[str, ...] = ()
    """Topics that carry its state and must be listened to."""
    battery_powered: bool | None = None
    gone: bool = False


Signal = Pressed | Level | Reading | Status | Described
