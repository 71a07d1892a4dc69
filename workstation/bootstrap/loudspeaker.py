"""Whether this machine's own sound is on: asked of Windows, or of a Linux desktop's sound server."""

from __future__ import annotations

import sys
from typing import Final

from workstation.application.loudspeaker import Loudspeaker, LoudspeakerWatch
from workstation.bootstrap.station import Station
from workstation.settings import Settings

_LOOK_EVERY_S: Final = 3.0


def watch(settings: Settings, one: Station) -> None:
    """Look at mute switch and volume for as long as the desk is open."""
    watching = LoudspeakerWatch(
        speaker=_speaker(),
        health=one.health,
        clock=one.clock,
        least_percent=settings.sound.least_volume_percent,
    )
    one.every(_LOOK_EVERY_S, watching.look, at_once=True)


def _speaker() -> Loudspeaker:
    if sys.platform == "win32":
        from workstation.adapters.windows.volume import WindowsLoudspeaker

        return WindowsLoudspeaker()
    from workstation.adapters.system.pulse_volume import PulseLoudspeaker

    return PulseLoudspeaker()
