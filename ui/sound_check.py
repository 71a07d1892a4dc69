"""Asks the sound player once which device it would sound the alarms on (`main.py check`)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

from workstation.application.errors import WorldError

_WITHIN_S = 10.0


class NoSound(WorldError):
    """Alarms cannot be heard at this desk; `reason` is a key of `ui.sounds.REASONS`."""


def device(command: Sequence[str], wanted: str) -> str:
    """Return the device's name; raises NoSound."""
    try:
        # The end of its input tells the player to end, after it has said what it found.
        done = subprocess.run(  # noqa: S603 - our own program
            [*command, wanted],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoSound("no_answer") from error
    for line in done.stdout.splitlines():
        said = json.loads(line)
        if said.get("event") == "device":
            return str(said["name"])
        if said.get("event") == "failed":
            raise NoSound(str(said["reason"]))
    raise NoSound("not_started")
