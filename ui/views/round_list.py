"""The list of the day's visits; it follows the line of now only while nobody is at work in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QPushButton

from ui import times
from ui.delegates.visit import VisitDelegate
from ui.models.rounds import CITIZEN, VisitRow
from ui.models.table import Index, Table
from ui.theme import Theme
from ui.views.parts import button
from workstation.texts import _

UNTOUCHED: Final = timedelta(minutes=1)
"""So long the list stays where the operator left it."""
_ABOVE_NOW: Final = 0.3
"""Share of the height that past visits take when the list follows the line of now."""
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LOOKS_CHANGED: Final = frozenset(
    {QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange}
)


class RoundList(QListView):
    """Visits in the order of their times; the chosen one is held by its key."""

    chosen = Signal(str)
    """The operator chose the visit of this key; empty when it has left the list."""
    entered = Signal(str)
    """Enter or a double click on the visit of this key."""
    start_next_pressed = Signal()
    """The button on the next visit was pressed."""

    def __init__(
        self, table: Table[VisitRow], looks: Callable[[], Theme], *, start_key: str
    ) -> None:
        """`start_key` is the key beside the word on the start button."""
        self._visits: VisitDelegate | None = None  # Qt tells of changes while it is being made
        super().__init__()
        self._table = table
        self._now: datetime | None = None
        self._touched_at: datetime | None = None
        self._key = ""
        self._next = ""
        self._ours = False
        self._followed = False
        self.setModel(table)
        self.setModelColumn(CITIZEN)
        self._visits = VisitDelegate(table, looks, self)
        self.setItemDelegate(self._visits)
        self._plain_looks()
        self._start: QPushButton = button(_("Start"), role="primary", key=start_key)
        self._start.setParent(self.viewport())
        self._start.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its key and the bar below reach it
        self._start.hide()
        self._start.clicked.connect(self.start_next_pressed)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.doubleClicked.connect(lambda index: self.entered.emit(self._table.key_at(index.row())))
        self.verticalScrollBar().valueChanged.connect(self._place_button)

    def _plain_looks(self) -> None:
        self.setAccessibleName(_("Today's round"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setFrameShape(QFrame.Shape.NoFrame)

    # --- what a presenter does ----------------------------------------------------------------

    def apply(self, put: Iterable[VisitRow], gone: Iterable[str], *, next_visit: str) -> None:
        """Bring changes in; the start button stands on `next_visit` (empty: nowhere)."""
        scrolled = self.verticalScrollBar().value()
        self._table.update(put, gone)
        self._next = next_visit
        self._mark_now()
        self.choose(self._key)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        self._follow()

    def tick(self, now: datetime) -> None:
        """Move the line of now, and follow it when nobody is at work here."""
        self._now = now
        self._table.tick(now)
        self._mark_now()
        self._follow()

    def choose(self, key: str) -> None:
        """Mark the visit of `key` without scrolling to it."""
        self._key = key
        row = self._table.row_of(key) if key else -1
        if row == self.currentIndex().row():
            return
        self._ours = True
        self.setAutoScroll(False)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        if row >= 0:
            self.selectionModel().setCurrentIndex(self._table.index(row, CITIZEN), flag)
        else:
            self.selectionModel().clear()
        self.setAutoScroll(True)
        self._ours = False

    def touch(self) -> None:
        """Say that the operator is at work here: stay."""
        self._touched_at = self._now

    @property
    def key(self) -> str:
        """The chosen visit's key; empty for none."""
        return self._key

    # --- the line of now ----------------------------------------------------------------------

    def _mark_now(self) -> None:
        if self._now is None or self._visits is None:
            return
        rows = self._table.rowCount()
        coming = next(
            (row for row in range(rows) if self._table.at(row).visit.at > self._now), rows
        )
        text, place = times.hour(self._now), self._table.row_of(self._next) if self._next else -1
        moved = (coming if rows else -1, place) != (self._visits.now_row, self._visits.button_row)
        self._visits.now_row, self._visits.now_text = coming if rows else -1, text
        self._visits.button_row = place
        if moved:
            self._followed = False
            self.scheduleDelayedItemsLayout()
            QTimer.singleShot(0, self, self._place_button)
        self.viewport().update()

    def _follow(self) -> None:
        """Bring the line of now into sight, once per step it makes."""
        at_work = (
            self._now is not None
            and self._touched_at is not None
            and self._now - self._touched_at < UNTOUCHED
        )
        if self._followed or at_work or self._visits is None or not self.isVisible():
            return
        self.executeDelayedItemsLayout()
        row = min(self._visits.now_row, self._table.rowCount() - 1)
        if row < 0:
            return
        top = (
            self.visualRect(self._table.index(row, CITIZEN)).top()
            + self.verticalScrollBar().value()
        )
        self.verticalScrollBar().setValue(top - int(self.viewport().height() * _ABOVE_NOW))
        self._followed = True
        self._place_button()

    def _place_button(self) -> None:
        if self._visits is None:
            return
        row = self._visits.button_row
        self._start.setVisible(row >= 0)
        if row < 0:
            return
        size = self._start.sizeHint()
        self._visits.room_right = size.width() + 8
        body = self._visits.body(row, self.visualRect(self._table.index(row, CITIZEN)))
        top = body.top() + (body.height() - size.height()) // 2
        self._start.setGeometry(body.right() - size.width() - 4, top, size.width(), size.height())

    # --- what the operator does ---------------------------------------------------------------

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if self._ours:
            return
        self._key = self._table.key_at(current.row()) if current.isValid() else ""
        self.chosen.emit(self._key)

    def rowsAboutToBeRemoved(self, parent: Index, first: int, last: int) -> None:
        """Let go of a visit that leaves: Qt would make its neighbour, another person, the chosen one.

        Here and not on the model's signal, which Qt's own choice would answer first.
        """
        if first <= self.currentIndex().row() <= last:
            self._ours = True
            self.selectionModel().clear()
            self._ours = False
        super().rowsAboutToBeRemoved(parent, first, last)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter act on the chosen visit."""
        self.touch()
        if event.key() in _ENTER and not event.modifiers() and self._key:
            self.entered.emit(self._key)
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Stay where the operator scrolls to."""
        self.touch()
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stay where the operator works."""
        self.touch()
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the focus without choosing a visit."""
        self._ours = True
        super().focusInEvent(event)
        self._ours = False
        if not self._key:
            self.selectionModel().clear()

    # --- its looks ----------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Open with the line of now in sight."""
        super().showEvent(event)
        self._followed = False
        QTimer.singleShot(0, self, self._follow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line of now and the button in place."""
        super().resizeEvent(event)
        self._followed = False
        QTimer.singleShot(0, self, self._settle)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the system's font scale."""
        super().changeEvent(event)
        if event.type() in _LOOKS_CHANGED and self._visits is not None:
            self._visits.refresh()
            self.scheduleDelayedItemsLayout()
            QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        self._follow()
        if not self._followed and self.currentIndex().isValid():
            # The bar has come up under the list: the visit it speaks of stays in sight.
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)
        self._place_button()
