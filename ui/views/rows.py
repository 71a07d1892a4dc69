"""A table view whose selection and scroll position belong to the operator, whatever arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.delegates.cells import CellDelegate
from ui.models.table import Index, Table
from ui.theme import Theme

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SELECT: Final = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)
_LOOKS_CHANGED: Final = frozenset(
    {QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange}
)


class RowsView(QTableView):
    """Shows a `Table`; the chosen row is held by its key and leaves only when the operator says so."""

    chosen = Signal(str)
    """The operator chose the row of this key."""
    entered = Signal(str)
    """Enter or a double click on the row of this key."""

    def __init__(
        self, table: Table[Any], looks: Callable[[], Theme], *, name: str, lines: int = 2
    ) -> None:
        """`name` is what a screen reader calls it; `lines` how many lines a row has."""
        super().__init__()
        self._table = table
        self._key = ""
        self._ours = False
        self._delegate: CellDelegate | None = None
        self.setAccessibleName(name)
        self.setModel(table)
        self._plain_looks()
        self._delegate = CellDelegate(table, looks, lines=lines, parent=self)
        self.setItemDelegate(self._delegate)
        self._set_row_height(self._delegate.row_height)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.doubleClicked.connect(self._double_clicked)

    def _plain_looks(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setSectionsMovable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(20)

    def _set_row_height(self, height: int) -> None:
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)

    # --- what a presenter does ----------------------------------------------------------------

    def apply(self, put: Iterable[Any], gone: Iterable[str] = ()) -> None:
        """Bring changes into the table while what the operator looks at stays where it is."""
        looked_at = self._looked_at()
        self._table.update(put, gone)
        self._stay(looked_at)
        self.choose(self._key)

    def choose(self, key: str) -> None:
        """Mark the row of `key` without scrolling to it; a key that is not shown stays remembered."""
        self._key = key
        row = self._table.row_of(key) if key else -1
        current = self.currentIndex()
        if row == (current.row() if current.isValid() else -1):
            return
        self._ours = True
        self.setAutoScroll(False)  # or making it current would scroll to it
        index = self._table.index(row, 0) if row >= 0 else QModelIndex()
        if row >= 0:
            self.selectionModel().setCurrentIndex(index, _SELECT)
        else:
            self.selectionModel().clear()
        self.setAutoScroll(True)
        self._ours = False

    @property
    def key(self) -> str:
        """The chosen row's key, also while it is not shown; empty for none."""
        return self._key

    # --- keeping still ------------------------------------------------------------------------

    def _looked_at(self) -> list[tuple[str, int]]:
        """Return what is in sight, by key and height: the chosen row first, then from the top.

        Empty at the very top: there the operator waits for what comes.
        """
        height = self.verticalHeader().defaultSectionSize()
        scrolled = self.verticalScrollBar().value()
        if scrolled <= 0:
            return []
        first = scrolled // height
        last = min(self._table.rowCount(), (scrolled + self.viewport().height()) // height + 1)
        seen = [(self._table.key_at(row), row * height - scrolled) for row in range(first, last)]
        return sorted(seen, key=lambda one: one[0] != self._key)

    def _stay(self, looked_at: list[tuple[str, int]]) -> None:
        for key, top in looked_at:
            row = self._table.row_of(key)
            if row >= 0:
                self.executeDelayedItemsLayout()
                self.updateGeometries()
                height = self.verticalHeader().defaultSectionSize()
                self.verticalScrollBar().setValue(row * height - top)
                return

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """Let go of a row that leaves: Qt would make its neighbour, another person, the chosen one."""
        if start <= self.currentIndex().row() <= end:
            self._ours = True
            self.selectionModel().clear()
            self._ours = False
        super().rowsAboutToBeRemoved(parent, start, end)

    # --- what the operator does ---------------------------------------------------------------

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if self._ours or not current.isValid():
            return
        self._key = self._table.key_at(current.row())
        self.chosen.emit(self._key)

    def _double_clicked(self, index: QModelIndex) -> None:
        self.entered.emit(self._table.key_at(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter act on the chosen row."""
        if event.key() in _ENTER and self.currentIndex().isValid():
            self.entered.emit(self._table.key_at(self.currentIndex().row()))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the focus without choosing a row: choosing opens a citizen's card, and is logged."""
        self._ours = True
        super().focusInEvent(event)
        self._ours = False
        if not self._key:
            self.selectionModel().clear()

    # --- its looks ----------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the system's font scale."""
        super().changeEvent(event)
        if event.type() in _LOOKS_CHANGED and self._delegate is not None:
            self._delegate.refresh()
            self._set_row_height(self._delegate.row_height)
            self.share_width(self._delegate)
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width among the columns."""
        super().resizeEvent(event)
        self.share_again()

    def share_again(self) -> None:
        """Share the width anew: what stands in the cells has changed."""
        if self._delegate is not None:
            self.share_width(self._delegate)

    def share_width(self, delegate: CellDelegate) -> None:
        """Give the columns their widths; every table has a plan of its own."""
        raise NotImplementedError
