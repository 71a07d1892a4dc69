"""The call log's pictures: when it is busy, and how fast calls are answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.theme import SMALL_POINTS, Theme
from ui.views.parts import column, label, row
from workstation.application.call_review_figures import LATE, LONGEST, SOON, CallFigures
from workstation.texts import N_, _

DAYS: Final = (
    # Translators: weekdays in two letters, over a map of hours.
    *(N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su")),
)
_HOURS: Final = 24
_LEFT: Final = 34
_BOTTOM: Final = 20
_GOALS: Final = ((SOON, 0.975), (LATE, 0.99))
_DARK_ENOUGH: Final = 0.7
"""Where a number on a cell is read better in the other colour: 3.5 to 1 at least in both themes."""


class _Picture(QWidget):
    """A picture of figures that follows the theme and says in words what it shows."""

    def __init__(self, looks: Callable[[], Theme], name: str) -> None:
        super().__init__()
        self._looks = looks
        self._figures = CallFigures()
        self._name = name
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        """Return the size below which nothing could be told apart."""
        line = self._looks().font(SMALL_POINTS)
        high = (len(DAYS) + 1) * QFontMetrics(line).height() + _BOTTOM * self._looks().scale
        return QSize(220, round(high))

    def show_figures(self, figures: CallFigures, said: str) -> None:
        """Show these; `said` is what a screen reader says of them."""
        self._figures = figures
        self.setAccessibleDescription(said)
        self.update()

    def _room(self) -> QRectF:
        scale = self._looks().scale
        left, bottom = _LEFT * scale, _BOTTOM * scale
        return QRectF(left, 4, self.width() - left - 6, self.height() - bottom - 4)


class HeatMap(_Picture):
    """A cell for each weekday and hour; the darker, the more calls; the number stands in it."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the cells with their numbers."""
        theme, room = self._looks(), self._room()
        painter = QPainter(self)
        painter.setFont(theme.font(SMALL_POINTS))
        most = max(1, *map(max, self._figures.heat))
        wide, high = room.width() / _HOURS, room.height() / len(DAYS)
        # All of them or none: numbers in the quiet hours alone would be read as the busy ones.
        numbered = painter.fontMetrics().horizontalAdvance(str(most)) < wide - 2
        for day, title in enumerate(DAYS):
            painter.setPen(theme.token("soft"))
            side = QRectF(0, room.top() + day * high, room.left() - 6, high)
            painter.drawText(
                side, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _(title)
            )
            for hour in range(_HOURS):
                cell = QRectF(room.left() + hour * wide, side.top(), wide, high)
                number = self._figures.heat[day][hour]
                self._cell(painter, cell, number / most, str(number) if numbered else "")
        painter.setPen(theme.token("soft"))
        for hour in range(0, _HOURS, 3):
            under = QRectF(
                room.left() + hour * wide, room.bottom(), 3 * wide, self.height() - room.bottom()
            )
            painter.drawText(
                under, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{hour:02}"
            )

    def _cell(self, painter: QPainter, cell: QRectF, share: float, text: str) -> None:
        theme = self._looks()
        ground = QColor(theme.token("accent"))
        ground.setAlphaF(0.06 + 0.94 * share if share else 0.03)
        painter.fillRect(cell.adjusted(1, 1, -1, -1), ground)
        if share and text:
            painter.setPen(theme.token("on_colour" if share > _DARK_ENOUGH else "text"))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)

    def event(self, event: QEvent) -> bool:
        """Say of a cell which hour it is and how many calls there were."""
        if isinstance(event, QHelpEvent):
            said = self.said_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    def said_at(self, place: QPointF) -> str:
        """Return what stands at a place of the picture; empty beside the cells."""
        room = self._room()
        if not room.contains(place):
            return ""
        hour = min(_HOURS - 1, int((place.x() - room.left()) / room.width() * _HOURS))
        day = min(len(DAYS) - 1, int((place.y() - room.top()) / room.height() * len(DAYS)))
        return _("{day} {hour}: {number} calls").format(
            day=_(DAYS[day]), hour=f"{hour:02}", number=self._figures.heat[day][hour]
        )


class AnswerCurve(_Picture):
    """The share of all calls that was answered by a time, with the lines at 60 and 180 s."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint axes, goals and the curve."""
        theme, room = self._looks(), self._room()
        painter = QPainter(self)
        painter.setFont(theme.font(SMALL_POINTS))
        for share in (0.0, 0.5, 1.0):
            y = room.bottom() - share * room.height()
            painter.setPen(theme.pen("line"))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(theme.token("soft"))
            side = QRectF(0, min(max(y - 9, 0), room.bottom() - 16), room.left() - 6, 18)
            painter.drawText(
                side,
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                f"{100 * share:.0f}",
            )
        for seconds, goal in _GOALS:
            self._goal(painter, room, seconds, goal)
        painter.setPen(theme.token("soft"))
        last = QRectF(room.right() - 60, room.bottom(), 60, self.height() - room.bottom())
        painter.drawText(
            last, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{LONGEST} s"
        )
        painter.setPen(theme.pen("accent", 2.0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolyline(self._steps(room))

    def _goal(self, painter: QPainter, room: QRectF, seconds: int, goal: float) -> None:
        theme = self._looks()
        x = room.left() + seconds / LONGEST * room.width()
        pen = theme.pen("warn" if self._figures.within(seconds) < goal else "ok")
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        painter.setPen(theme.token("soft"))
        under = QRectF(x - 30, room.bottom(), 60, self.height() - room.bottom())
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter, f"{seconds} s")

    def _steps(self, room: QRectF) -> QPolygonF:
        def at(seconds: float, share: float) -> QPointF:
            x = room.left() + min(1.0, seconds / LONGEST) * room.width()
            return QPointF(x, room.bottom() - share * room.height())

        points, before = [at(0, 0)], 0.0
        for seconds, share in self._figures.curve:
            if seconds > LONGEST:
                break
            points += [at(seconds, before), at(seconds, share)]
            before = share
        return QPolygonF([*points, at(LONGEST, before)])


class FiguresView(QWidget):
    """Both pictures side by side, each under a sentence."""

    def __init__(self, looks: Callable[[], Theme]) -> None:
        super().__init__()
        self._busy = label(role="soft", wrap=True)
        self._fast = label(role="soft", wrap=True)
        self._map = HeatMap(looks, _("When it is busy"))
        self._curve = AnswerCurve(looks, _("How fast calls are answered"))
        left, right = QWidget(), QWidget()
        for side, said, picture in (
            (left, self._busy, self._map),
            (right, self._fast, self._curve),
        ):
            lines = column(said, picture, gap=4)
            lines.setStretchFactor(picture, 1)
            side.setLayout(lines)
        both = row(left, right, gap=12)
        both.setStretchFactor(left, 3)
        both.setStretchFactor(right, 2)
        self.setLayout(both)

    def show_figures(self, figures: CallFigures) -> None:
        """Show these."""
        busy = _("{calls} calls by weekday and hour").format(
            calls=f"{figures.calls:,}".replace(",", ".")
        )
        fast = _(
            "Answered within 60 s: {soon} % (goal 97.5), within 180 s: {late} % (goal 99)"
        ).format(soon=_percent(figures.soon), late=_percent(figures.late))
        self._busy.setText(busy)
        self._fast.setText(fast)
        self._map.show_figures(figures, busy)
        self._curve.show_figures(figures, fast)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".replace(".", ",")
