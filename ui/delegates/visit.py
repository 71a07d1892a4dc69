"""Paints one visit of the round: time, citizen and kind, state; and the line of now before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.models.column import Cell
from ui.models.rounds import CITIZEN, STATE, TIME, VisitRow
from ui.models.table import Table
from ui.theme import SMALL_POINTS, Theme
from ui.visit_signs import draw_kind
from workstation.texts import _

_PAD: Final = 6
_GAP: Final = 10
_SIGN: Final = 14
_SELECTED: Final = QStyle.StateFlag.State_Selected


class VisitDelegate(QStyledItemDelegate):
    """Draws the three cells of a visit side by side; the row behind the line of now is taller by it."""

    def __init__(self, table: Table[VisitRow], looks: Callable[[], Theme], parent: QWidget) -> None:
        super().__init__(parent)
        self._table = table
        self._looks = looks
        self.now_row = -1
        """The first coming visit; the number of rows when all are past; -1 draws no line."""
        self.now_text = ""
        self.room_right = 0
        """Pixels that the start button takes in the row `button_row`."""
        self.button_row = -1
        self.refresh()

    def refresh(self) -> None:
        """Look fonts and colours up again."""
        theme = self._theme = self._looks()
        self._font = theme.font()
        self._strong = theme.font(weight=QFont.Weight.DemiBold)
        self._small = theme.font(SMALL_POINTS)
        self._small_strong = theme.font(SMALL_POINTS, QFont.Weight.DemiBold)
        self._time_width = QFontMetrics(self._strong).horizontalAdvance("00:00") + theme.px(2)

    @property
    def now_height(self) -> int:
        """Height of the line of now with its word, in pixels."""
        return QFontMetrics(self._small_strong).height() + self._theme.px(6)

    @property
    def _row_height(self) -> int:
        lines = QFontMetrics(self._strong).height() + QFontMetrics(self._small).height()
        return max(lines + self._theme.px(12), self._theme.row_height)

    def sizeHint(
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of a row; the view has the width."""
        return QSize(self._theme.px(120), self._row_height + sum(self._extra(index.row())))

    def body(self, row: int, rect: QRect) -> QRect:
        """Return the part of a row's rectangle that is the visit, without the line of now."""
        above, below = self._extra(row)
        return rect.adjusted(0, above, 0, -below)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one visit."""
        row = index.row()
        rect: QRect = option.rect
        body = self.body(row, rect)
        if option.state & _SELECTED:
            painter.fillRect(body, self._theme.token("selection"))
            painter.fillRect(
                QRect(body.left(), body.top(), self._theme.px(3), body.height()),
                self._theme.token("accent"),
            )
        else:
            painter.setPen(self._theme.pen("line"))
            painter.drawLine(body.bottomLeft(), body.bottomRight())
        self._draw_visit(
            painter, body.adjusted(self._theme.px(_PAD), 0, -self._theme.px(_PAD), 0), row
        )
        above, below = self._extra(row)
        if above:
            self._draw_now(painter, QRect(rect.left(), rect.top(), rect.width(), above))
        if below:
            self._draw_now(painter, QRect(rect.left(), body.bottom() + 1, rect.width(), below))

    def _extra(self, row: int) -> tuple[int, int]:
        above = self.now_height if row == self.now_row else 0
        last = row == self._table.rowCount() - 1 and self.now_row == self._table.rowCount()
        return above, self.now_height if last else 0

    def _draw_visit(self, painter: QPainter, box: QRect, row: int) -> None:
        time = self._table.cell(row, TIME)
        painter.setFont(self._strong if time.strong else self._font)
        painter.setPen(self._theme.token(time.tone))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, time.text)
        left = box.left() + self._time_width + self._theme.px(_GAP)
        right = box.right()
        if row == self.button_row:
            right -= self.room_right
        else:
            right -= self._draw_state(painter, box, row) + self._theme.px(_GAP)
        self._draw_citizen(painter, QRect(left, box.top(), right - left, box.height()), row)

    def _draw_state(self, painter: QPainter, box: QRect, row: int) -> int:
        """Draw the state to the right and return its width."""
        cell = self._table.cell(row, STATE)
        first = QFontMetrics(self._small_strong if cell.strong else self._small)
        second = QFontMetrics(self._small)
        most = box.width() // 2
        wanted = max(first.horizontalAdvance(cell.text), second.horizontalAdvance(cell.below))
        # Signs from another typeface are a little wider than the sum says.
        width = min(wanted + self._theme.px(3), most)
        place = QRect(box.right() - width + 1, box.top(), width, box.height())
        self._two_lines(
            painter, place, cell, self._small_strong if cell.strong else self._small, right=True
        )
        return width

    def _draw_citizen(self, painter: QPainter, box: QRect, row: int) -> None:
        cell = self._table.cell(row, CITIZEN)
        font = self._strong if cell.strong else self._font
        side = self._theme.px(_SIGN)
        indent = side + self._theme.px(5)
        if QFontMetrics(self._small).horizontalAdvance(cell.below) > box.width() - indent:
            # Half a word helps nobody: the kind stays, its length stands in the bar.
            cell = replace(cell, below=cell.below.partition(" · ")[0])
        base = self._two_lines(painter, box, cell, font, indent=indent)
        sign = QRectF(box.left(), base - side * 0.88, side, side)
        draw_kind(painter, sign, self._table.at(row).visit.kind, self._theme.token("soft"))

    def _two_lines(
        self,
        painter: QPainter,
        box: QRect,
        cell: Cell,
        font: QFont,
        *,
        right: bool = False,
        indent: int = 0,
    ) -> int:
        """Draw a cell's lines in the middle of `box`; return the second one's base line."""
        first, second = QFontMetrics(font), QFontMetrics(self._small)
        height = first.height() + (second.height() if cell.below else 0)
        base = box.top() + (box.height() - height) // 2 + first.ascent()
        painter.setFont(font)
        painter.setPen(self._theme.token(cell.tone))
        _line(painter, first, box, base, cell.text, right=right)
        base += first.descent() + second.ascent()
        painter.setFont(self._small)
        painter.setPen(self._theme.token(cell.below_tone))
        _line(painter, second, box.adjusted(indent, 0, 0, 0), base, cell.below, right=right)
        return base

    def _draw_now(self, painter: QPainter, box: QRect) -> None:
        accent = self._theme.token("accent")
        painter.setFont(self._small_strong)
        painter.setPen(accent)
        # Translators: beside the line between past and coming visits: "21:14 now".
        text = _("{time} now").format(time=self.now_text)
        left = box.left() + self._theme.px(_PAD)
        painter.drawText(
            box.adjusted(self._theme.px(_PAD), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text
        )
        start = left + QFontMetrics(self._small_strong).horizontalAdvance(text) + self._theme.px(8)
        painter.fillRect(QRect(start, box.center().y(), box.right() - start, 2), accent)


def _line(
    painter: QPainter, metrics: QFontMetrics, box: QRect, base: int, text: str, *, right: bool
) -> None:
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(box.width(), 0))
    left = box.right() + 1 - metrics.horizontalAdvance(shown) if right else box.left()
    painter.drawText(left, base, shown)
