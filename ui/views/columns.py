"""The page of the window: strip, three columns, notices; where it is small the plan is a drawer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

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
    ringing: QWidget | None = None
    """Who calls now; above the next alarm."""


class Columns(QWidget):
    """What waits, the one person in front, the day's plan: always in the same place."""

    def __init__(self, parts: Parts, plan_key: str) -> None:
        """`plan_key` is the key of the drawer, as written on its button."""
        super().__init__()
        self.setProperty("role", "page")
        self._parts = parts
        self._plan_key = plan_key
        self._narrow: bool | None = None
        self._drawer_open = False
        self._drawer_button = button(_("The day's round"), key=plan_key)
        self._drawer_button.setCheckable(True)
        self._drawer_button.clicked.connect(lambda: self.show_plan(not self._drawer_open))
        self._columns = QHBoxLayout()
        self._lay()

    def _lay(self) -> None:
        parts = self._parts
        left = QVBoxLayout()
        left.setSpacing(GAP)
        if parts.ringing is not None:
            left.addWidget(parts.ringing)
        left.addWidget(parts.next_alarm)
        left.addWidget(parts.queue, 5)
        left.addWidget(parts.technical, 2)
        left.addWidget(self._drawer_button)
        self._columns.setContentsMargins(GAP, GAP, GAP, GAP)
        self._columns.setSpacing(GAP)
        self._columns.addLayout(left)
        self._columns.addWidget(parts.person)
        self._columns.addWidget(parts.plan)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(parts.strip)
        whole.addLayout(self._columns, 1)
        whole.addWidget(parts.notices)

    # --- by key -------------------------------------------------------------------------------

    def go_to_queue(self) -> None:
        """Put the keyboard into the queue."""
        self._parts.queue.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to_citizen(self) -> None:
        """Put the keyboard on what is likeliest to be done for the one in front."""
        self._parts.person.take_focus()

    def go_to_plan(self) -> None:
        """Put the keyboard into the plan; a drawer opens, or closes again."""
        if self._narrow:
            self.show_plan(not self._drawer_open)
        if not self._narrow or self._drawer_open:
            self._parts.plan.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.go_to_queue()

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

    def showEvent(self, event: QShowEvent) -> None:
        """Give the keyboard to the queue."""
        super().showEvent(event)
        focused: QWidget | None = self.window().focusWidget()
        if focused is None or not focused.hasFocus():
            self._parts.queue.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fold(self) -> None:
        plan = self._parts.plan
        self._drawer_button.setVisible(bool(self._narrow))
        if self._narrow:
            self._columns.removeWidget(plan)
            plan.setParent(self)
            plan.setVisible(self._drawer_open)
        elif self._columns.indexOf(plan) < 0:
            self._columns.addWidget(plan)
            plan.show()
        for place, share in enumerate(_NARROW_SHARES if self._narrow else _SHARES):
            self._columns.setStretch(place, share)

    def _place_drawer(self) -> None:
        top = self._parts.strip.height() + GAP
        width = min(round(_DRAWER * scale(self)), self.width() - 2 * GAP)
        left = self.width() - width - GAP
        self._parts.plan.setGeometry(left, top, width, self.height() - top - GAP)

    def show_plan(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Open or close the drawer; with three columns the plan always stands."""
        if not self._narrow:
            return
        self._drawer_open = wanted
        self._drawer_button.setChecked(wanted)
        text = _("Close the round") if wanted else _("The day's round")
        word(self._drawer_button, text, key=self._plan_key)
        self._place_drawer()
        self._parts.plan.setVisible(wanted)
        self._parts.plan.raise_()
