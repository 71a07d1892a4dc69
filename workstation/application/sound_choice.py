"""The sound devices that whoever sits at a desk chose, and what takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundChoice:
    """A name each, as the settings have them."""

    headset: str
    """`sip.sound`: a device, `default` or `null`."""
    microphone: str = ""
    """`sip.microphone`; empty for the headset's own."""
    ring_device: str = ""
    """`sound.ring_device`; empty for where the alarms sound."""


@runtime_checkable
class TunableLine(Protocol):
    """A telephone line whose sound devices can be changed."""

    def use_sound(self, headset: str, microphone: str) -> None:
        """Use these from now on; only while there is no call."""
        ...
