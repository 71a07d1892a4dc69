"""The window itself: there before its content, turning keys into actions, closing in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow

from ui.views.skeleton import Skeleton

if TYPE_CHECKING:
    # Loading the views takes longer than painting their shapes.
    from ui.views.columns import Parts
    from ui.views.key_overlay import KeyOverlay


class MainWindow(QMainWindow):
    """Shows the shapes of its parts until it is filled; decides nothing."""

    close_requested = Signal()
    """The operator wants to leave; who composed the window ends things in order."""
    overlay: KeyOverlay
    """All keys, laid over the window; there once it is filled."""

    def __init__(self) -> None:
        super().__init__()
        self._bindings: dict[str, QKeySequence] = {}
        self._acts: dict[str, Callable[[], object]] = {}
        self.setMinimumSize(1024, 640)
        self.setCentralWidget(Skeleton())

    def fill(self, parts: Parts, bindings: Mapping[str, QKeySequence]) -> None:
        """Put the parts into the window and let `bindings` name its keys."""
        from ui.keys import shown  # noqa: PLC0415 - the shapes are painted before these are loaded
        from ui.views.columns import Columns  # noqa: PLC0415 - as above
        from ui.views.key_overlay import KeyOverlay  # noqa: PLC0415 - as above

        self._bindings = dict(bindings)
        self.columns = Columns(parts, shown(bindings["column_round"]))
        self.setCentralWidget(self.columns)
        self.overlay = KeyOverlay(bindings, self.columns)
        self.on("all_keys", self.overlay.open)
        self.on("column_queue", self.columns.go_to_queue)
        self.on("column_citizen", self.columns.go_to_citizen)
        self.on("column_round", self.columns.go_to_plan)
        parts.strip.keys_requested.connect(self.overlay.open)
        parts.strip.theme_requested.connect(self._act_theme)

    def on(self, action: str, act: Callable[[], object]) -> QShortcut:
        """Let the key of `action` do `act`, wherever the keyboard is in this window."""
        shortcut = QShortcut(self._bindings[action], self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)
        self._acts[action] = act
        return shortcut

    def come_forward(self) -> None:
        """Stand in front of every other window, as large as before it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _act_theme(self) -> None:
        self._acts["theme"]()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask to be closed: what is under way must end in order first."""
        event.ignore()
        self.close_requested.emit()
