"""The frame: strip, three columns, notices; at a small size the day's plan is a drawer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from ui.keys import shown
from ui.views.key_overlay import KeyOverlay
from ui.views.parts import GAP, button, scale, word
from ui.views.person_column import PersonColumn
from ui.views.strip import Strip
from workstation.texts import _

_THREE_COLUMNS_FROM: Final = 1560
"""Pixels of width; below it the plan is a drawer over the citizen's column."""
_SHARES: Final = (36, 40, 24)
_NARROW_SHARES: Final = (43, 57)
_DRAWER: Final = 430


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The widgets that the window frames; made and filled elsewhere."""

    strip: Strip
    next_alarm: QWidget
    queue: QWidget
    technical: QWidget
    person: PersonColumn
    plan: QWidget
    notices: QWidget


class MainWindow(QMainWindow):
    """Frames its parts, and turns keys into the names of actions; decides nothing."""

    close_requested = Signal()
    """The operator wants to leave; who composed the window ends things in order."""

    def __init__(self, parts: Parts, bindings: Mapping[str, QKeySequence]) -> None:
        super().__init__()
        self._parts = parts
        self._bindings = dict(bindings)
        self._narrow: bool | None = None
        self._drawer_open = False
        self._page = QWidget()
        self._page.setProperty("role", "page")
        self._drawer_button = button(
            _("The day's round"), key=shown(bindings["column_round"]), tip=_("Open the round")
        )
        self._drawer_button.setCheckable(True)
        self._drawer_button.clicked.connect(lambda: self.show_plan(not self._drawer_open))
        self._lay()
        self.setCentralWidget(self._page)
        self.setMinimumSize(1024, 640)
        self.overlay = KeyOverlay(bindings, self._page)
        self._acts: dict[str, Callable[[], object]] = {}
        self.on("all_keys", self.overlay.open)
        self.on("column_queue", lambda: parts.queue.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.on("column_citizen", parts.person.take_focus)
        self.on("column_round", self._go_to_plan)
        parts.strip.keys_requested.connect(self.overlay.open)
        parts.strip.theme_requested.connect(self._act_theme)

    def _lay(self) -> None:
        parts = self._parts
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addWidget(parts.next_alarm)
        left.addWidget(parts.queue, 5)
        left.addWidget(parts.technical, 2)
        left.addWidget(self._drawer_button)
        self._columns = QHBoxLayout()
        self._columns.setContentsMargins(GAP, GAP, GAP, GAP)
        self._columns.setSpacing(GAP)
        self._columns.addLayout(left)
        self._columns.addWidget(parts.person)
        self._columns.addWidget(parts.plan)
        whole = QVBoxLayout(self._page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(parts.strip)
        whole.addLayout(self._columns, 1)
        whole.addWidget(parts.notices)

    def on(self, action: str, act: Callable[[], object]) -> QShortcut:
        """Let the key of `action` do `act`, wherever the keyboard is in this window."""
        shortcut = QShortcut(self._bindings[action], self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)
        self._acts[action] = act
        return shortcut

    def _act_theme(self) -> None:
        self._acts["theme"]()

    # --- the plan as a drawer -----------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the plan into a drawer, or out again."""
        super().resizeEvent(event)
        narrow = self.width() < _THREE_COLUMNS_FROM * scale(self)
        if narrow != self._narrow:
            self._narrow = narrow
            self._drawer_open = False
            self._fold()
        if narrow:
            self._place_drawer()

    def _fold(self) -> None:
        plan = self._parts.plan
        self._drawer_button.setVisible(bool(self._narrow))
        if self._narrow:
            self._columns.removeWidget(plan)
            plan.setParent(self._page)
            plan.setVisible(self._drawer_open)
        elif self._columns.indexOf(plan) < 0:
            self._columns.addWidget(plan)
            plan.show()
        for place, share in enumerate(_NARROW_SHARES if self._narrow else _SHARES):
            self._columns.setStretch(place, share)
        self.overlay.raise_()

    def _place_drawer(self) -> None:
        top = self._parts.strip.height() + GAP
        height = self._page.height() - top - GAP
        width = min(round(_DRAWER * scale(self)), self._page.width() - 2 * GAP)
        self._parts.plan.setGeometry(self._page.width() - width - GAP, top, width, height)

    def show_plan(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Open or close the drawer; with three columns the plan always stands."""
        if not self._narrow:
            return
        self._drawer_open = wanted
        self._drawer_button.setChecked(wanted)
        text = _("Close the round") if wanted else _("The day's round")
        word(self._drawer_button, text, key=shown(self._bindings["column_round"]))
        self._place_drawer()
        self._parts.plan.setVisible(wanted)
        self._parts.plan.raise_()
        self.overlay.raise_()

    def _go_to_plan(self) -> None:
        if self._narrow:
            self.show_plan(not self._drawer_open)
        if not self._narrow or self._drawer_open:
            self._parts.plan.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._parts.queue.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the keyboard to the queue."""
        super().showEvent(event)
        if self.focusWidget() is None or not self.focusWidget().hasFocus():
            self._parts.queue.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- leaving ------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask to be closed: what is under way must end in order first."""
        event.ignore()
        self.close_requested.emit()
