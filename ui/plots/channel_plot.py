"""One channel's plot: heading with the value of now, limits, alarms, cursor and the curve itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import times
from ui.plots.canvas import Canvas
from ui.plots.overlays import AlarmMarks, LimitLines
from ui.plots.plan import Curve, Looks, Mark, Span
from ui.plots.scale import digits, scale, value_ticks
from ui.plots.series import Series
from ui.plots.trace_item import Found, TraceItem
from ui.plots.values import breach, number, value_text
from ui.theme import SMALL_POINTS
from workstation.domain.telemetry import Line
from workstation.texts import _

_MOST_VALUES: Final = 5
_LEAST_HEIGHT: Final = 118


class ChannelPlot(QWidget):
    """Shows one curve. `draw` is called at the screen's own pace, never by the values."""

    cursor_moved = Signal(object)
    """The time pointed at (seconds since the epoch), or None."""

    def __init__(
        self, curve: Curve, series: Series, looks: Looks, parent: QWidget | None = None
    ) -> None:
        """Plot `series` as `curve` declares it, in colours of the theme."""
        super().__init__(parent)
        self.curve = curve
        self._looks = looks
        self._view = (0.0, 1.0)
        self._cursor_at: float | None = None
        self._values: list[tuple[float, str]] = []
        self._title, self._value = _label(curve.title), _label()
        self._warning, self._readout = _label(), _label()
        self._value.setProperty("role", "value")
        self._warning.setProperty("tone", "warn")
        self._canvas = Canvas()
        plot = self._canvas.getPlotItem()
        self._limits = LimitLines(plot, curve.channel)
        self._trace = TraceItem(series, curve.channel.line, hold=curve.patience.total_seconds())
        self._trace.add_to(plot)
        self._marks = AlarmMarks(plot)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._spot = pg.ScatterPlotItem(size=8, pxMode=True)
        self._empty = pg.TextItem(anchor=(0.5, 0.5))
        for item in (self._cursor, self._spot, self._empty):
            item.setVisible(False)
            plot.addItem(item, ignoreBounds=True)
        self._lay_out()
        self._canvas.hovered.connect(self.cursor_moved)
        self._canvas.stepped.connect(self._step)
        self.recolour()

    def mark(self, marks: Sequence[Mark]) -> None:
        """Show these alarms on the time axis."""
        self._marks.show(marks)

    def draw(self, span: Span, *, end: float) -> None:
        """Draw the `span` that ends at `end` (seconds since the epoch), up to the next whole pixel."""
        length = span.length.total_seconds()
        pixel = length / self._pixels
        # Axes stand still until time has moved by a pixel: laying them out costs more than the curve.
        end = math.ceil(end / pixel) * pixel
        start = end - length
        self._view = (start, end)
        extent = self._trace.draw(start=start, end=end, pixels=self._pixels, band=span.band)
        low, high = scale(self.curve.channel, extent)
        self._canvas.getPlotItem().getViewBox().setRange(
            xRange=(start, end), yRange=(low, high), padding=0
        )
        self._marks.place(start, end, low, high, self._pixels)
        self._write_values(low, high)
        self._say_empty(span, seen=extent is not None, middle=((start + end) / 2, (low + high) / 2))
        self._say_value()
        self.point_at(self._cursor_at)

    def point_at(self, at: float | None) -> None:
        """Put the cursor at a time and say what stands there; None takes it away."""
        self._cursor_at = at
        seen = at is not None and self._view[0] <= at <= self._view[1]
        self._cursor.setVisible(seen)
        if at is None or not seen:
            self._spot.setVisible(False)
            self._readout.setText("")
            return
        self._cursor.setValue(at)
        found = self._trace.value_at(
            at, start=self._view[0], end=self._view[1], pixels=self._pixels
        )
        self._spot.setVisible(found is not None)
        if found is not None:
            self._spot.setData([found.at], [found.value])
        self._readout.setText(self._said(at, found))

    def recolour(self) -> None:
        """Take the theme's colours and typeface again."""
        theme = self._looks()
        self._canvas.setBackground(theme.token("panel"))
        own = theme.token(self.curve.channel.colour)
        self._trace.colour(own)
        self._limits.recolour(theme)
        self._marks.recolour(theme)
        self._cursor.setPen(theme.pen("text"))
        self._spot.setBrush(own)
        self._spot.setPen(theme.pen("panel"))
        self._empty.setColor(theme.token("soft"))
        for side in ("left", "bottom"):
            axis = self._canvas.getPlotItem().getAxis(side)
            axis.setPen(theme.pen("line"))
            axis.setTextPen(theme.pen("soft"))
            axis.setStyle(tickFont=theme.font(SMALL_POINTS), tickLength=-4, tickTextOffset=4)
        for name, token in ((self._value, self.curve.channel.colour), (self._readout, "text")):
            _tint(name, theme.token(token))

    @property
    def _pixels(self) -> int:
        return max(int(self._canvas.getPlotItem().getViewBox().width()), 1)

    def _step(self, pixels: int) -> None:
        start, end = self._view
        at = self._cursor_at if self._cursor_at is not None else end
        self.cursor_moved.emit(min(max(at + pixels * (end - start) / self._pixels, start), end))

    def _said(self, at: float, found: Found | None) -> str:
        when = datetime.fromtimestamp(found.at if found else at, UTC)
        said = _("no value")
        if found is not None:
            said = value_text(self.curve.channel, found.value)
            low, high = (
                number(one, self.curve.channel.decimals) for one in (found.low, found.high)
            )
            # A column of the screen may hold many values: the mean, and from where to where.
            said += f" ({low}–{high})" if low != high else ""
        return f"{times.when(when, datetime.fromtimestamp(self._view[1], UTC))}  {said}"

    def _write_values(self, low: float, high: float) -> None:
        if self.curve.channel.line is Line.STEPS:
            return
        box = self._canvas.getPlotItem().getViewBox()
        # A line of text and as much air above it, at least, for each value beside the axis.
        wanted = max(int(box.height() / (2 * self.fontMetrics().height())), 2)
        values = value_ticks(low, high, min(wanted, _MOST_VALUES))
        decimals = digits(values[1] - values[0]) if len(values) > 1 else self.curve.channel.decimals
        written = [(value, number(value, decimals)) for value in values]
        if written != self._values:  # or the axis would be laid out anew for every frame
            self._values = written
            self._canvas.getPlotItem().getAxis("left").setTicks([written])

    def _say_empty(self, span: Span, *, seen: bool, middle: tuple[float, float]) -> None:
        self._empty.setVisible(not seen)
        if not seen:
            self._empty.setText(_("No values in the last {span}").format(span=_(span.title)))
            self._empty.setPos(*middle)

    def _say_value(self) -> None:
        latest = self._trace.series.latest
        channel = self.curve.channel
        self._value.setText(value_text(channel, latest[1]) if latest else "–")
        self._warning.setText(breach(channel, latest[1]) if latest else "")

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(8)
        for text in (self._title, self._value, self._warning):
            heading.addWidget(text)
        heading.addStretch(1)
        heading.addWidget(self._readout)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(2)
        inside.addLayout(heading)
        inside.addWidget(self._canvas, 1)
        self._canvas.setAccessibleName(self.curve.title)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if self.curve.channel.line is Line.STEPS:
            self._canvas.getPlotItem().getAxis("left").setTicks([[(0.0, _("no")), (1.0, _("yes"))]])


def _label(text: str = "") -> QLabel:
    """Return a label of plain text: what a device is called is never markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def _tint(text: QLabel, colour: QColor) -> None:
    palette = text.palette()
    palette.setColor(text.foregroundRole(), colour)
    text.setPalette(palette)
