"""The window as it stands before anything slow is loaded, and the moment when it has been painted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from ui import appearance, theme, times
from ui.main_window import MainWindow

_AT_MOST_S: Final = 0.5
"""How long to wait for a window that nobody sees: behind others, or on a screen that is off."""


def standing(app: QApplication, name: theme.ThemeName, title: str) -> MainWindow:
    """Return the window as large as the screen, shown, with the shapes of its parts in their colours."""
    app.setPalette(theme.palette(theme.themed(name)))
    frame = MainWindow()
    frame.setWindowTitle(title)
    screen = frame.screen().availableGeometry()
    frame.resize(screen.width(), screen.height())
    frame.show()
    return frame


def wanted_theme(
    app: QApplication, wanted: appearance.Appearance, now: datetime
) -> theme.ThemeName:
    """Return the theme that settings, system and clock want; `now` is aware UTC."""
    return appearance.theme_name(
        wanted, scheme=app.styleHints().colorScheme(), local=now.astimezone(times.LOCAL)
    )


async def painted(window: QWidget) -> None:
    """Wait until `window` has been painted for the first time, half a second at most."""
    seen = asyncio.Event()
    watch = _Watch(window, seen.set)
    with suppress(TimeoutError):
        async with asyncio.timeout(_AT_MOST_S):
            await seen.wait()
    window.removeEventFilter(watch)


class _Watch(QObject):
    """Tells when a window is about to be painted; whoever waits on the loop goes on after it."""

    def __init__(self, window: QWidget, tell: Callable[[], None]) -> None:
        super().__init__()
        self._tell = tell
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look for the painting, and let it happen."""
        if event.type() is QEvent.Type.Paint:
            self._tell()
        return False
