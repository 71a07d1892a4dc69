"""Paints the cells of a row table: a shape, two lines, numbers to the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.models.column import Cell
from ui.models.table import Table
from ui.shapes import shape_pixmap
from ui.theme import SMALL_POINTS, Theme
from workstation.domain.kind import Kind

_PAD: Final = 8
_SHAPE_GAP: Final = 9
_KEPT: Final = 4000
_SELECTED: Final = QStyle.StateFlag.State_Selected


class CellDelegate(QStyledItemDelegate):
    """Draws `Cell`s; it asks the table itself, because a trip through QVariant costs more than a cell.

    What the theme and the fonts say is looked up once and kept until `refresh`.
    """

    def __init__(
        self, table: Table[Any], looks: Callable[[], Theme], *, lines: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._looks = looks
        self._lines = lines
        self._right = [column.right for column in table.columns]
        self._one_line: set[int] = set()
        self.refresh()

    def refresh(self) -> None:
        """Look fonts and colours up again: the theme or the system's font scale changed."""
        theme = self._looks()
        self._theme = theme
        self._font = theme.font()
        self._strong = theme.font(weight=QFont.Weight.DemiBold)
        self._small = theme.font(SMALL_POINTS)
        self._metrics = {False: QFontMetrics(self._font), True: QFontMetrics(self._strong)}
        self._small_metrics = QFontMetrics(self._small)
        self._colours: dict[str, QColor] = {}
        self._shapes: dict[tuple[Kind, bool], QPixmap] = {}
        self._cuts: dict[tuple[str, int, bool | None], str] = {}

    def leave_out_below(self, columns: set[int]) -> None:
        """Draw only the first line in these columns: another one says the second."""
        self._one_line = columns

    @property
    def row_height(self) -> int:
        """The height of every row, in pixels."""
        if self._lines == 1:
            return self._theme.px(34)
        lines = self._metrics[True].height() + self._small_metrics.height()
        return max(self._theme.row_height, lines + self._theme.px(10))

    @property
    def shape_size(self) -> int:
        """The side of a kind's shape, in pixels."""
        return self._theme.px(18 if self._lines > 1 else 14)

    def width_of(self, text: str, *, shape: bool = False) -> int:
        """Return the width that a column needs to show `text` uncut."""
        extra = self.shape_size + _SHAPE_GAP if shape else 0
        return self._metrics[True].horizontalAdvance(text) + extra + 2 * _PAD + 2

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of a row; the view sets the widths."""
        return QSize(self._theme.px(40), self.row_height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one cell."""
        row, column = index.row(), index.column()
        cell = self._table.cell(row, column)
        rect: QRect = option.rect
        selected = bool(option.state & _SELECTED)
        if selected:
            painter.fillRect(rect, self._colour("selection"))
            if column == 0:
                bar = QRect(rect.left(), rect.top(), self._theme.px(3), rect.height())
                painter.fillRect(bar, self._colour("accent"))
        painter.setPen(self._colour("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        if cell.text:
            self._draw(painter, rect, cell, column, selected=selected)

    def _draw(
        self, painter: QPainter, rect: QRect, cell: Cell, column: int, *, selected: bool
    ) -> None:
        left, width = rect.left() + _PAD, rect.width() - 2 * _PAD
        if cell.shape is not None:
            side = self.shape_size
            shape = self._shape(cell.shape, selected=selected)
            painter.drawPixmap(left, rect.top() + (rect.height() - side) // 2, shape)
            left, width = left + side + _SHAPE_GAP, width - side - _SHAPE_GAP
        below = cell.below if self._lines > 1 and column not in self._one_line else ""
        metrics = self._metrics[cell.strong]
        height = metrics.height() + (self._small_metrics.height() if below else 0)
        base = rect.top() + (rect.height() - height) // 2 + metrics.ascent()
        right = self._right[column]
        painter.setFont(self._strong if cell.strong else self._font)
        painter.setPen(self._colour(cell.tone))
        text = self._cut(metrics, cell.text, width, cell.strong)
        painter.drawText(_start(metrics, text, left, width, right=right), base, text)
        if below:
            painter.setFont(self._small)
            painter.setPen(self._colour(cell.below_tone))
            base += metrics.descent() + self._small_metrics.ascent()
            text = self._cut(self._small_metrics, below, width, None)
            start = _start(self._small_metrics, text, left, width, right=right)
            painter.drawText(start, base, text)

    def _cut(self, metrics: QFontMetrics, text: str, width: int, font: bool | None) -> str:  # noqa: FBT001 - a key, not a switch
        key = (text, width, font)
        shown = self._cuts.get(key)
        if shown is None:
            if len(self._cuts) > _KEPT:
                self._cuts.clear()
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._cuts[key] = shown
        return shown

    def _colour(self, token: str) -> QColor:
        colour = self._colours.get(token)
        if colour is None:
            colour = self._colours[token] = self._theme.token(token)
        return colour

    def _shape(self, kind: Kind, *, selected: bool) -> QPixmap:
        shape = self._shapes.get((kind, selected))
        if shape is None:
            parent = self.parent()
            ratio = parent.devicePixelRatioF() if isinstance(parent, QWidget) else 1.0
            shape = shape_pixmap(kind, self._theme, self.shape_size, ratio)
            self._shapes[kind, selected] = shape
        return shape


def _start(metrics: QFontMetrics, text: str, left: int, width: int, *, right: bool) -> int:
    return left + width - metrics.horizontalAdvance(text) if right else left
