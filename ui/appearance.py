"""Which theme and which size are meant: by hand, by the system, or by the clock."""

import sys
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt

from ui.theme import LARGEST_SCALE, ThemeName

DARK_FROM: Final = time(21)
DARK_UNTIL: Final = time(7)
"""The hub's night, local time (`Appearance.CLOCK`)."""


class Appearance(StrEnum):
    """What `[hub] theme` may say."""

    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"
    """As the system's own windows are."""
    CLOCK = "clock"
    """Dark from 21 to 7."""


def theme_name(wanted: Appearance, *, scheme: Qt.ColorScheme, local: datetime) -> ThemeName:
    """Return the theme to show; `scheme` is `app.styleHints().colorScheme()`, `local` wall time.

    A system that does not say (`Unknown`) gets the light theme.
    """
    match wanted:
        case Appearance.LIGHT:
            return "light"
        case Appearance.DARK:
            return "dark"
        case Appearance.AUTO:
            return "dark" if scheme is Qt.ColorScheme.Dark else "light"
        case Appearance.CLOCK:
            night = local.time() >= DARK_FROM or local.time() < DARK_UNTIL
            return "dark" if night else "light"


def other(name: ThemeName) -> ThemeName:
    """Return the theme that F9 switches to."""
    return "light" if name == "dark" else "dark"


_USUAL_POINTS: Final = {"win32": 9.0, "darwin": 13.0}
"""The size of the system's own text before anybody enlarges it; 10 to 11 on Linux desktops."""


def system_scale(points: float, platform: str = sys.platform) -> float:
    """Return how much larger than usual the system's text is, 1.0 to 2.0.

    `points` is the size of the application's font *before* a theme is put on it: Windows enlarges
    it with "Text size", Linux desktops with the font or the scaling set by the user.
    """
    return min(max(points / _USUAL_POINTS.get(platform, 11.0), 1.0), LARGEST_SCALE)
