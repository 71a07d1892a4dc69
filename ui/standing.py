"""Puts the window where it stood on these screens, and notes where it stands; they may change."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QMainWindow

from ui.places import Place, Places, Screen, inside, set_of

_NOTE_AFTER_MS: Final = 1000
"""The window rests: it is neither being moved, nor pushed about because a screen goes."""
_SCREENS_AFTER_MS: Final = 300
"""Screens come and go one by one, and are measured anew several times."""
_CHANGES: Final = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange})


class Standing(QObject):
    """One window's place; `begin` before it is shown, `end` when it is closed."""

    def __init__(self, app: QApplication, window: QMainWindow, places: Places) -> None:
        super().__init__(window)
        self._app = app
        self._window = window
        self._places = places
        self._screens = ""
        self._rests = self._timer(_NOTE_AFTER_MS, self.note)
        self._settled = self._timer(_SCREENS_AFTER_MS, self._follow_screens)

    def begin(self) -> None:
        """Put the window there; where it has never been it is as large as the screen."""
        self._screens = set_of(self._now())
        known = self._places.of(self._screens)
        if known is None:
            self._window.resize(self._window.screen().availableGeometry().size())
            self._window.setWindowState(Qt.WindowState.WindowMaximized)
        else:
            self._put(known)
        self._window.installEventFilter(self)
        self._app.screenAdded.connect(self._came)
        self._app.screenRemoved.connect(self._changed)
        self._app.primaryScreenChanged.connect(self._changed)
        for screen in self._app.screens():
            self._watch(screen)

    def note(self) -> None:
        """Remember where the window stands, on the screens that it was put on."""
        self._rests.stop()
        if set_of(self._now()) == self._screens and not self._window.isMinimized():
            maximised = bool(self._window.windowState() & Qt.WindowState.WindowMaximized)
            rect = self._window.normalGeometry() if maximised else self._window.geometry()
            self._places.keep(self._screens, Place.of(rect, maximised=maximised))

    def end(self) -> None:
        """Note it a last time, and follow no more."""
        self.note()
        self._settled.stop()
        self._window.removeEventFilter(self)
        self._app.screenAdded.disconnect(self._came)
        self._app.screenRemoved.disconnect(self._changed)
        self._app.primaryScreenChanged.disconnect(self._changed)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Wait until the window rests."""
        if event.type() in _CHANGES and not self._settled.isActive():
            self._rests.start()
        return False

    def _now(self) -> list[Screen]:
        primary = self._app.primaryScreen()
        others = [one for one in self._app.screens() if one is not primary]
        return [Screen.of(one) for one in (primary, *others)]

    def _put(self, place: Place) -> None:
        where = inside(place, self._now(), self._window.minimumSize())
        state = self._window.windowState() & ~Qt.WindowState.WindowMaximized
        if not place.maximised or self._window.geometry() != where.rect:
            # Maximised it fills the screen on which it stood before that.
            self._window.setWindowState(state)
            self._window.setGeometry(where.rect)
        if place.maximised:
            self._window.setWindowState(state | Qt.WindowState.WindowMaximized)

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._changed)
        screen.availableGeometryChanged.connect(self._changed)
        screen.physicalDotsPerInchChanged.connect(self._changed)

    def _came(self, screen: QScreen) -> None:
        self._watch(screen)
        self._changed()

    def _changed(self, *_what: object) -> None:
        # Where the system has pushed the window meanwhile is not where anybody has put it.
        self._rests.stop()
        self._settled.start()

    def _follow_screens(self) -> None:
        """Put the window where it stood on these screens, else where it can be seen."""
        screens = self._now()
        if not screens:
            return
        self._screens = set_of(screens)
        maximised = bool(self._window.windowState() & Qt.WindowState.WindowMaximized)
        stands = Place.of(self._window.geometry(), maximised=maximised)
        self._put(self._places.of(self._screens) or stands)

    def _timer(self, after_ms: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(act)
        return timer
