"""The window as it stands before anything slow is loaded, and the moment when it has been painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from ui import appearance, theme
from ui.main_window import MainWindow
from ui.places import Places
from ui.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

_TITLE: Final = "E-team"
_AT_MOST_MS: Final = 500
"""How long to wait for a window that nobody sees: behind others, or on a screen that is off."""


class FirstPicture:
    """The program's window with the shapes of its parts, painted; the screens come into it later."""

    def __init__(self, app: QApplication, frame: MainWindow, place: Standing | None = None) -> None:
        """Wait until `frame` has been painted, or half a second where nobody sees it."""
        self.app = app
        self.frame = frame
        self.place = place
        """Notes where the window stands, until its `end`."""
        self.left = False
        """Whether the operator wanted to leave already; `close_requested` says it from now on."""
        frame.close_requested.connect(self._leave)
        painted(frame)
        frame.close_requested.disconnect(self._leave)

    def _leave(self) -> None:
        self.left = True


def first_picture(
    wanted: str, title: str, *, now: datetime, places: Path | None = None
) -> FirstPicture:
    """Begin the program's Qt and show its window; `wanted` is `hub.theme`, `now` aware UTC.

    `places` is the file that has where the window stood on these screens.
    """
    # 125 % and 150 % are what office screens have: sizes are not rounded to whole multiples.
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication([_TITLE])
    app.setQuitOnLastWindowClosed(False)
    app.setApplicationName(_TITLE)
    name = wanted_theme(app, appearance.Appearance(wanted), now)
    frame = undressed(app, name, title)
    place = Standing(app, frame, Places(places)) if places is not None else None
    shown(frame, place)
    return FirstPicture(app, frame, place)


def standing(app: QApplication, name: theme.ThemeName, title: str) -> MainWindow:
    """Return the window as large as the screen, shown, with the shapes of its parts in their colours."""
    frame = undressed(app, name, title)
    shown(frame, None)
    return frame


def undressed(app: QApplication, name: theme.ThemeName, title: str) -> MainWindow:
    """Return the window with the shapes of its parts, not shown yet."""
    app.setPalette(theme.palette(theme.themed(name)))
    frame = MainWindow()
    frame.setWindowTitle(title)
    return frame


def shown(frame: MainWindow, place: Standing | None) -> None:
    """Show the window in its place, where it has none as large as the screen."""
    if place is None:
        frame.resize(frame.screen().availableGeometry().size())
    else:
        place.begin()
    frame.show()


def wanted_theme(
    app: QApplication, wanted: appearance.Appearance, now: datetime
) -> theme.ThemeName:
    """Return the theme that settings, system and clock want; `now` is aware UTC."""
    local = now
    if wanted is appearance.Appearance.CLOCK:
        from ui.times import LOCAL  # noqa: PLC0415 - no other theme waits for the time zones

        local = now.astimezone(LOCAL)
    return appearance.theme_name(wanted, scheme=app.styleHints().colorScheme(), local=local)


def painted(window: QWidget) -> None:
    """Run Qt until `window` has been painted for the first time, half a second at most."""
    waiting = QEventLoop()
    watch = _Watch(window, waiting.quit)
    patience = QTimer(waiting)  # and gone with it
    patience.timeout.connect(waiting.quit)
    patience.start(_AT_MOST_MS)
    waiting.exec()
    window.removeEventFilter(watch)


class _Watch(QObject):
    """Tells when a window is about to be painted; who waits in a loop goes on after it."""

    def __init__(self, window: QWidget, tell: Callable[[], None]) -> None:
        super().__init__()
        self._tell = tell
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look for the painting, and let it happen."""
        if event.type() is QEvent.Type.Paint:
            self._tell()
        return False
