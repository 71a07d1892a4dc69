"""Keeps a Linux desktop's screen on, by what every desktop understands (org.freedesktop.ScreenSaver)."""

from __future__ import annotations

import logging
from typing import Final

from PySide6.QtDBus import QDBusConnection, QDBusMessage

from workstation.texts import _

_log = logging.getLogger(__name__)
_SERVICE: Final = "org.freedesktop.ScreenSaver"
_PATH: Final = "/org/freedesktop/ScreenSaver"


class ScreenSaver:
    """An `Awake`; holds for as long as its own connection to the desktop is there.

    The desktop forgets it when that ends, in whatever way, so nothing is left on after a crash.
    """

    def __init__(self, program: str) -> None:
        """`program` is who wants it, for those who look why their screen stays on."""
        self._program = program
        self._name = ""

    def hold(self) -> None:
        """Ask without waiting; a machine without such a desktop goes on as it is."""
        self._name = f"screen-saver-{id(self)}"
        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, self._name)
        if not bus.isConnected():
            _log.info("there is no desktop that could keep the screen on")
            return
        wish = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SERVICE, "Inhibit")
        wish.setArguments([self._program, _("Somebody answers alarms here")])
        if not bus.send(wish):
            _log.info("the desktop does not keep the screen on")

    def release(self) -> None:
        """Let the screen go off."""
        if self._name:
            QDBusConnection.disconnectFromBus(self._name)
            self._name = ""
