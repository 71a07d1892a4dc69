"""How loud a sound is to be played, from the settings and the rules."""

from collections.abc import Mapping
from typing import Final

from workstation.application.tones import Level, Play

DUCKED_TO: Final = 0.25
"""Share of its volume that a sound keeps while an operator talks."""


def volume_of(play: Play, volumes: Mapping[str, float]) -> float:
    """Return how loud `play` is to be, 0 to 1; `volumes` is `[sound]`'s share per kind.

    A loud emergency is not lowered by a setting.
    """
    name = play.tone.removesuffix("_loud")
    volume = min(max(volumes.get(name, 1.0), 0.0), 1.0)
    match play.level:
        case Level.LOUD:
            return 1.0
        case Level.DUCKED:
            return volume * DUCKED_TO
        case Level.NORMAL:
            return volume
