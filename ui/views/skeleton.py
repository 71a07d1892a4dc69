"""The shapes of the window's parts, painted before anything slow is loaded."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

_GAP: Final = 12
_STRIP: Final = 51
_NEXT: Final = 92
_RADIUS: Final = 8


class Skeleton(QWidget):
    """A strip, three columns and their cards, empty; the colours are the palette's."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what will stand there."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Window))
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRect(QRectF(-1, -1, self.width() + 2, _STRIP))
        for card in cards(self.width(), self.height()):
            painter.drawRoundedRect(card, _RADIUS, _RADIUS)


def cards(width: int, height: int) -> list[QRectF]:
    """Return where the cards stand in a window of this size, about."""
    wide = width >= 1560  # noqa: PLR2004 - as the main window folds its third column
    shares = (0.36, 0.40, 0.24) if wide else (0.43, 0.57)
    top, bottom = _STRIP + _GAP, height - _GAP
    room = width - _GAP * (len(shares) + 1)
    made: list[QRectF] = []
    left = float(_GAP)
    for place, share in enumerate(shares):
        column = QRectF(left, top, room * share, bottom - top)
        made += _column(column, place)
        left += column.width() + _GAP
    return made


def _column(column: QRectF, place: int) -> list[QRectF]:
    heights: dict[int, list[float]] = {
        0: [_NEXT, (column.height() - _NEXT - 2 * _GAP) * 5 / 7],
        1: [column.height() / 2],
    }
    made = []
    rest = QRectF(column)
    for height in heights.get(place, []):
        made.append(QRectF(rest.x(), rest.y(), rest.width(), height))
        rest.setTop(rest.y() + height + _GAP)
    return [*made, rest]
