"""Asks the sound player once which device it would sound the alarms on (`main.py check`)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

from workstation.application.errors import SoundFailed

_WITHIN_S = 10.0


def device(command: Sequence[str], wanted: str) -> str:
    """Return the device's name; raises SoundFailed."""
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
        raise SoundFailed("no_answer") from error
    for line in done.stdout.splitlines():
        said = json.loads(line)
        if said.get("event") == "device":
            return str(said["name"])
        if said.get("event") == "failed":
            raise SoundFailed(str(said["reason"]))
    raise SoundFailed("not_started")
