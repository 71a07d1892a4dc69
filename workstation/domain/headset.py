"""What the buttons of a headset say, and what its lights show."""

from dataclasses import dataclass
from enum import StrEnum


class Press(StrEnum):
    """What somebody did with a headset."""

    OFF_HOOK = "off_hook"
    """Taken from its cradle, or its button pressed to answer."""
    ON_HOOK = "on_hook"
    """Put back, or its button pressed to end the call."""
    HOOK = "hook"
    """One button for both, which does not tell which."""
    MUTE = "mute"
    """One button for both, which does not tell which."""
    MUTED = "muted"
    UNMUTED = "unmuted"
    HOLD = "hold"
    REDIAL = "redial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lights:
    """What a headset is to show; many act on it: off hook opens the way of the sound."""

    off_hook: bool = False
    muted: bool = False
    ringing: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsetFound:
    """The headset whose buttons are heard now; "" when there is none."""

    name: str
