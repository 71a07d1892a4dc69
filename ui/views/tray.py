"""What stands beside the window: the icon by the clock, its menu, a number on it, a flash, a toast."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from ui.theme import light
from workstation.texts import _

_SIZES: Final = (16, 20, 24, 32, 48)
"""What systems ask for, at 100 % and above."""
_MOST: Final = 99
_SHOWN_MS: Final = 10_000


class Tray(QObject):
    """The desk for whoever has something else in front; decides nothing."""

    open_requested = Signal()
    """The icon, a toast or the menu: the window is wanted."""
    toast_clicked = Signal()
    """The latest toast: what it told of is wanted."""
    close_requested = Signal()

    def __init__(self, app: QGuiApplication, window: QWidget, icon: QIcon) -> None:
        """Stand beside `window`; the icon appears where and as soon as the system has a place for it."""
        super().__init__(window)
        self._app = app
        self._window = window
        self._plain = icon
        self._count = 0
        self._menu = QMenu(window)
        opens = self._menu.addAction(_("Open the desk"))
        opens.triggered.connect(self.open_requested)
        self._menu.setDefaultAction(opens)
        self._menu.addSeparator()
        self._lines = [self._menu.addAction("") for _line in range(3)]
        for line in self._lines:
            line.setEnabled(False)
        self._menu.addSeparator()
        self._menu.addAction(_("Close the desk")).triggered.connect(self.close_requested)
        self._icon = QSystemTrayIcon(icon, self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.toast_clicked)
        self._appear()

    @property
    def lines(self) -> list[str]:
        """What the menu says of the hub and of this desk."""
        return [line.text() for line in self._lines]

    def show_state(self, emergencies: int, lines: tuple[str, str, str], hub: str) -> None:
        """Show how many emergencies are open, on icon and taskbar, and more in the menu."""
        for line, text in zip(self._lines, lines, strict=True):
            line.setText(text)
        self._icon.setToolTip("\n".join((hub, *lines)))
        if emergencies != self._count:
            self._count = emergencies
            self._icon.setIcon(numbered(self._plain, emergencies))
            self._badge(emergencies)
            self._appear()

    def flash(self) -> None:
        """Let the taskbar flash until the window is in front."""
        QApplication.alert(self._window)

    def toast(self, title: str, text: str) -> None:
        """Say something beside the clock."""
        urgent = QSystemTrayIcon.MessageIcon.Warning
        self._icon.showMessage(title, text, urgent, _SHOWN_MS)

    def remove(self) -> None:
        """Stand there no more, and take the number off the taskbar."""
        self._icon.hide()
        self._badge(0)

    def _appear(self) -> None:
        """Stand by the clock; Windows shows the icon itself as soon as it has a place for it."""
        if sys.platform == "win32" or QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    def _badge(self, number: int) -> None:
        # A Linux desktop has a place for it only beside the name of an installed program.
        if sys.platform == "win32" or self._app.desktopFileName():
            self._app.setBadgeNumber(number)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        ):
            self.open_requested.emit()


def numbered(plain: QIcon, number: int) -> QIcon:
    """Return an icon with a red disc and a number in its corner; as it is for 0."""
    if number <= 0:
        return plain
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_with_number(plain.pixmap(size, size), number, size))
    return made


def _with_number(plain: QPixmap, number: int, size: int) -> QPixmap:
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    text = str(min(number, _MOST))
    # On a small icon two thirds: a number that cannot be read says nothing.
    height = round(size * 0.68)
    disc = QRectF(size - height, size - height, height, height)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(picture.rect(), plain)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(light().emergency))
        painter.drawEllipse(disc)
        font = QFont(painter.font())
        font.setBold(True)
        font.setPixelSize(round(height * (0.82 if len(text) == 1 else 0.62)))
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, text)
    return picture
