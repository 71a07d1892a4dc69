"""The volume that a Linux desktop has for a sound device, asked of PulseAudio or PipeWire by pactl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any, Final

from workstation.application.health import Volume

_WITHIN_S: Final = 2.0


class PulseLoudspeaker:
    """A `Loudspeaker`; tells nothing where there is no pactl or no sound server."""

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self._pactl = shutil.which("pactl")

    def volume(self, device: str) -> Volume | None:
        """Return mute and volume of the device so described, else of the system's own."""
        sinks = self._ask("list", "sinks")
        if not isinstance(sinks, list) or not sinks:
            return None
        of_device = [one for one in sinks if one.get("description") == device]
        return _volume(of_device[0] if of_device else self._of_system(sinks))

    def _of_system(self, sinks: list[dict[str, Any]]) -> dict[str, Any]:
        server = self._ask("info")
        default = server.get("default_sink_name") if isinstance(server, dict) else None
        return next((one for one in sinks if one.get("name") == default), sinks[0])

    def _ask(self, *words: str) -> Any:  # noqa: ANN401 - whatever JSON says; looked at by who asks
        if self._pactl is None:
            return None
        try:
            done = subprocess.run(  # noqa: S603 - found by the system itself
                [self._pactl, "--format=json", *words],
                env=os.environ | {"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_WITHIN_S,
                check=True,
            )
            return json.loads(done.stdout)
        except (OSError, ValueError, subprocess.SubprocessError):
            return None


def _volume(sink: dict[str, Any]) -> Volume | None:
    channels = sink.get("volume")
    muted = sink.get("mute")
    if not isinstance(channels, dict) or not isinstance(muted, bool):
        return None
    loudest = [_percent(one) for one in channels.values() if isinstance(one, dict)]
    return Volume(muted=muted, percent=max(loudest, default=0))


def _percent(channel: dict[str, Any]) -> int:
    said = str(channel.get("value_percent", "")).strip(" %")
    return int(said) if said.isdecimal() else 0
