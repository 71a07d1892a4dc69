"""The shapes that tell alarm kinds and lamps apart without their colour, drawn by QPainter."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme
from workstation.domain.kind import Kind


class Lamp(StrEnum):
    """What a lamp of the strip on top says."""

    OK = "ok"
    WARN = "warn"
    DOWN = "down"
    OFF = "off"
    """Not in use here: nothing is wrong and nothing works."""


Draw = Callable[[QPainter, QRectF, QColor, QColor], None]
"""Draws into a square, with the shape's colour and the colour of what is cut out of it."""


def _disc(painter: QPainter, box: QRectF, colour: QColor, ground: QColor) -> None:
    painter.setBrush(colour)
    painter.drawEllipse(box)
    unit = box.height() / 16
    middle = box.center().x()
    painter.setBrush(ground)
    bar = QRectF(middle - 1.15 * unit, box.top() + 3.4 * unit, 2.3 * unit, 5.8 * unit)
    painter.drawRoundedRect(bar, unit, unit)
    painter.drawEllipse(QPointF(middle, box.top() + 11.6 * unit), 1.3 * unit, 1.3 * unit)


def _diamond(painter: QPainter, box: QRectF, colour: QColor, _ground: QColor) -> None:
    painter.setBrush(colour)
    middle = box.center()
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(middle.x(), box.top()),
                QPointF(box.right(), middle.y()),
                QPointF(middle.x(), box.bottom()),
                QPointF(box.left(), middle.y()),
            ]
        )
    )


def _capsule(painter: QPainter, box: QRectF, colour: QColor, ground: QColor) -> None:
    flat = box.adjusted(0, box.height() * 0.26, 0, -box.height() * 0.26)
    painter.setBrush(colour)
    painter.drawRoundedRect(flat, flat.height() / 2, flat.height() / 2)
    seam = QRectF(flat.center().x() - box.width() / 26, flat.top(), box.width() / 13, flat.height())
    painter.fillRect(seam, ground)


def _clock(painter: QPainter, box: QRectF, colour: QColor, _ground: QColor) -> None:
    width = box.width() / 8
    painter.setPen(_stroke(colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(width / 2, width / 2, -width / 2, -width / 2))
    middle = box.center()
    painter.drawLine(middle, QPointF(middle.x(), box.top() + box.height() * 0.25))
    painter.drawLine(middle, middle + QPointF(box.width() * 0.19, box.height() * 0.12))


def _square(painter: QPainter, box: QRectF, colour: QColor, _ground: QColor) -> None:
    width = box.width() / 7
    inset = box.width() * 0.1 + width / 2
    painter.setPen(_stroke(colour, width, Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(inset, inset, -inset, -inset))


def _lamp_on(painter: QPainter, box: QRectF, colour: QColor, _ground: QColor) -> None:
    painter.setBrush(colour)
    painter.drawEllipse(box.adjusted(*_margins(box, 0.1)))


def _lamp_warn(painter: QPainter, box: QRectF, colour: QColor, _ground: QColor) -> None:
    painter.setBrush(colour)
    foot = box.bottom() - box.height() * 0.06
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(box.center().x(), box.top() + box.height() * 0.04),
                QPointF(box.right(), foot),
                QPointF(box.left(), foot),
            ]
        )
    )


def _lamp_down(painter: QPainter, box: QRectF, colour: QColor, _ground: QColor) -> None:
    inner = box.adjusted(*_margins(box, 0.16))
    painter.setPen(_stroke(colour, box.width() / 4.5))
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def _lamp_off(painter: QPainter, box: QRectF, colour: QColor, _ground: QColor) -> None:
    painter.setPen(_stroke(colour, box.width() / 8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(*_margins(box, 0.16)))


def _margins(box: QRectF, share: float) -> tuple[float, float, float, float]:
    inset = box.width() * share
    return inset, inset, -inset, -inset


def _stroke(
    colour: QColor, width: float, join: Qt.PenJoinStyle = Qt.PenJoinStyle.RoundJoin
) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(join)
    return pen


_KINDS: Final[dict[Kind, Draw]] = {
    Kind.EMERGENCY: _disc,
    Kind.SUPERVISION: _diamond,
    Kind.MEDICATION: _capsule,
    Kind.MISSED_VISIT: _clock,
    Kind.TECHNICAL: _square,
}
_LAMPS: Final[dict[Lamp, tuple[Draw, str]]] = {
    Lamp.OK: (_lamp_on, "ok"),
    Lamp.WARN: (_lamp_warn, "warn"),
    Lamp.DOWN: (_lamp_down, "emergency"),
    Lamp.OFF: (_lamp_off, "soft"),
}
Sign = Kind | Lamp


def paint_shape(
    painter: QPainter, box: QRectF, sign: Sign, theme: Theme, ground: QColor | None = None
) -> None:
    """Draw `sign` into the largest square in the middle of `box`; the painter is left as it was.

    `ground` is the colour behind it (the "!" and the capsule's seam are cut out in it), by default
    the panel's.
    """
    if isinstance(sign, Kind):
        draw, colour = _KINDS[sign], theme.colour(sign)
    else:
        draw, token = _LAMPS[sign]
        colour = theme.token(token)
    side = min(box.width(), box.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(box.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    draw(painter, square, colour, ground or theme.token("panel"))
    painter.restore()


def shape_pixmap(sign: Sign, theme: Theme, size: int, ratio: float = 1.0) -> QPixmap:
    """Return `sign` on a clear ground, `size` pixels wide, for a screen of that pixel ratio."""
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_shape(painter, QRectF(0, 0, size, size), sign, theme)
    painter.end()
    return pixmap


class Shape(QWidget):
    """A shape that stands beside its word; `show_sign` changes it."""

    def __init__(self, sign: Sign, theme: Theme, size: int, parent: QWidget | None = None) -> None:
        """Show `sign`, `size` pixels wide at a font scale of 1."""
        super().__init__(parent)
        self._sign = sign
        self._theme = theme
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_sign(self, sign: Sign, theme: Theme | None = None) -> None:
        """Show another sign, or the same one in another theme."""
        if theme is not None and theme != self._theme:
            self._theme = theme
            self.updateGeometry()
        self._sign = sign
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Show the same sign in another theme."""
        self.show_sign(self._sign, theme)

    def sizeHint(self) -> QSize:
        """Return the square it draws in."""
        side = self._theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: object) -> None:
        """Draw the shape on whatever lies below."""
        del event
        painter = QPainter(self)
        paint_shape(painter, QRectF(self.rect()), self._sign, self._theme)
        painter.end()
