"""The signs that tell the kinds of visit apart: a screen, a handset, a moon."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from workstation.domain.round import VisitKind


def draw_kind(painter: QPainter, box: QRectF, kind: VisitKind, colour: QColor) -> None:
    """Draw the sign of a kind of visit: a screen, a handset, a moon."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, max(box.width() / 9, 1.2))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _SIGNS[kind](painter, box, colour)
    painter.restore()


def _screen(painter: QPainter, box: QRectF, _colour: QColor) -> None:
    unit = box.width() / 14
    painter.drawRoundedRect(
        QRectF(box.left() + unit, box.top() + 2 * unit, 12 * unit, 8 * unit), unit, unit
    )
    foot = box.top() + 12.4 * unit
    painter.drawLine(QPointF(box.left() + 4.5 * unit, foot), QPointF(box.left() + 9.5 * unit, foot))


def _handset(painter: QPainter, box: QRectF, colour: QColor) -> None:
    unit = box.width() / 14
    path = QPainterPath(box.topLeft() + QPointF(2.2 * unit, 3.2 * unit))
    path.cubicTo(
        box.topLeft() + QPointF(2.6 * unit, 8.4 * unit),
        box.topLeft() + QPointF(5.6 * unit, 11.4 * unit),
        box.topLeft() + QPointF(10.8 * unit, 11.8 * unit),
    )
    painter.drawPath(path)
    painter.setBrush(colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(box.topLeft() + QPointF(3.2 * unit, 3.4 * unit), 2.2 * unit, 2.2 * unit)
    painter.drawEllipse(box.topLeft() + QPointF(10.6 * unit, 10.8 * unit), 2.2 * unit, 2.2 * unit)


def _moon(painter: QPainter, box: QRectF, colour: QColor) -> None:
    full, shade = QPainterPath(), QPainterPath()
    inner = box.adjusted(
        box.width() * 0.1, box.width() * 0.1, -box.width() * 0.1, -box.width() * 0.1
    )
    full.addEllipse(inner)
    shade.addEllipse(inner.translated(inner.width() * 0.36, -inner.width() * 0.18))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillPath(full.subtracted(shade), colour)


_SIGNS: Final[dict[VisitKind, Callable[[QPainter, QRectF, QColor], None]]] = {
    VisitKind.SCREEN_VISIT: _screen,
    VisitKind.PLANNED_CALL: _handset,
    VisitKind.NIGHT_CHECK: _moon,
}
