"""What a desk does beside its window: it calls for attention, and keeps the machine awake."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon

from ui.desk import Desk
from ui.main_window import MainWindow
from ui.presenters.attention import AttentionPresenter
from ui.views.tray import Tray
from workstation.application.keeping_awake import Awake, KeepingAwake
from workstation.settings import Settings

_log = logging.getLogger(__name__)


class Beside:
    """There while a desk is open in the window."""

    def __init__(
        self,
        desk: Desk,
        frame: MainWindow,
        settings: Settings,
        *,
        app: QGuiApplication,
        icon: QIcon,
        choose: Callable[[str], None],
    ) -> None:
        """`choose` brings an alarm to the front of the window."""
        self._frame = frame
        self._choose = choose
        self._tray = Tray(app, frame, icon)
        self._attention = AttentionPresenter(
            board=desk.board,
            health=desk.health,
            now=desk.clock.now,
            hub=frame.windowTitle(),
            minimised=self._is_out_of_sight,
        )
        self._attention.attach(self._tray)
        self._attention.wanted.connect(self._choose)
        self._tray.open_requested.connect(frame.come_forward)
        self._tray.toast_clicked.connect(self._clicked)
        self._tray.close_requested.connect(frame.close)
        self._awake: KeepingAwake | None = None
        awake = desk.awake or _desktop(settings.hub.name)
        if settings.desk.keep_awake and awake is not None:
            self._awake = KeepingAwake(session=desk.session, awake=awake)

    def close(self) -> None:
        """Let go of everything."""
        self._attention.stop()
        self._tray.remove()
        if self._awake is not None:
            self._awake.stop()

    def _is_out_of_sight(self) -> bool:
        minimised = bool(self._frame.windowState() & Qt.WindowState.WindowMinimized)
        return minimised or not self._frame.isVisible()

    def _clicked(self) -> None:
        self._frame.come_forward()
        self._attention.clicked()


def _desktop(program: str) -> Awake | None:
    """Return what keeps a Linux desktop awake, where there is one that can be asked."""
    if sys.platform != "linux":
        return None
    try:
        from ui.screen_saver import ScreenSaver  # noqa: PLC0415 - of one system only
    except ImportError:
        _log.info("QtDBus is not there: the screen goes off as the desktop is set")
        return None
    return ScreenSaver(program)
