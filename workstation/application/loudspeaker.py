"""Whether this machine lets alarms be heard: its own mute switch and volume, watched all the time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from workstation.application.health import SOUND, DeskHealth, Volume
from workstation.application.ports import Clock


class Loudspeaker(Protocol):
    """The mute switch and the volume that the system has for a sound device."""

    def volume(self, device: str) -> Volume | None:
        """Return those of the device of that name, of the system's own where there is none such.

        None where the system does not tell. Blocks; in any thread.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudspeakerWatch:
    """Tells the desk's lamp how loud the device is on which alarms sound."""

    speaker: Loudspeaker
    health: DeskHealth
    clock: Clock
    least_percent: int
    """Below it the lamp says so (`sound.least_volume_percent`)."""

    async def look(self) -> None:
        """Ask once."""
        device = str(self.health.part(SOUND).facts.get("device", ""))
        found = await asyncio.to_thread(self.speaker.volume, device)
        self.health.volume(found, least_percent=self.least_percent, at=self.clock.now())
