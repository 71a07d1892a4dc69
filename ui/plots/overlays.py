"""What lies over a curve: the limits with their values, and the alarms on the time axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainterPath, QPen

from ui.plots.plan import Mark
from ui.plots.values import number
from ui.theme import SMALL_POINTS, Theme
from workstation.domain.kind import Kind
from workstation.domain.telemetry import Channel, Limits

_BEHIND, _ABOVE = -10, 10
_FAR: Final = 1e9
_LIMITS_WIDTH: Final = 34
_NEAR: Final = 4
"""Alarms of one kind nearer than this many pixels are one line."""
_MOST: Final = 200
"""Lines beyond this many would hide the curve."""


def _disc() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(-0.5, -0.5, 1.0, 1.0))
    path.addRect(QRectF(-0.07, -0.3, 0.14, 0.36))
    path.addRect(QRectF(-0.07, 0.16, 0.14, 0.14))
    return path


def _capsule() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(-0.5, -0.28, 1.0, 0.56), 0.28, 0.28)
    return path


def _clock() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(-0.5, -0.5, 1.0, 1.0))
    path.addRect(QRectF(-0.06, -0.36, 0.12, 0.42))
    path.addRect(QRectF(-0.06, -0.06, 0.32, 0.12))
    return path


_SHAPES: Final = {
    Kind.EMERGENCY: _disc(),
    Kind.SUPERVISION: "d",
    Kind.MEDICATION: _capsule(),
    Kind.MISSED_VISIT: _clock(),
    Kind.TECHNICAL: "s",
}


class LimitLines:
    """The span inside the limits as a tint, each limit as a dashed line with its value to the right."""

    def __init__(self, plot: pg.PlotItem, channel: Channel) -> None:
        """Put the limits of `channel` into `plot`; nothing for a channel without."""
        self._axis = plot.getAxis("right")
        self._tint: pg.LinearRegionItem | None = None
        self._lines: list[pg.InfiniteLine] = []
        # The axis stands there also without limits, so that all plots have their times in one line.
        plot.showAxis("right")
        self._axis.setWidth(_LIMITS_WIDTH)
        limits = channel.limits or Limits()
        known = [value for value in (limits.low, limits.high) if value is not None]
        self._axis.setTicks([[(value, number(value, channel.decimals)) for value in known]])
        if not known:
            return
        self._tint = pg.LinearRegionItem(_span(limits), orientation="horizontal", movable=False)
        self._tint.setZValue(_BEHIND)
        for line in self._tint.lines:
            line.setPen(QPen(Qt.PenStyle.NoPen))
        plot.addItem(self._tint, ignoreBounds=True)
        for value in known:
            line = pg.InfiniteLine(pos=value, angle=0, movable=False)
            line.setZValue(_BEHIND + 1)
            plot.addItem(line, ignoreBounds=True)
            self._lines.append(line)

    def recolour(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._axis.setPen(QPen(Qt.PenStyle.NoPen))
        self._axis.setTextPen(theme.pen("warn"))
        self._axis.setStyle(tickFont=theme.font(SMALL_POINTS), tickLength=0, tickTextOffset=4)
        if self._tint is not None:
            self._tint.setBrush(QBrush(theme.token("band")))
        for line in self._lines:
            line.setPen(_dashed(theme.pen("warn")))


def _span(limits: Limits) -> tuple[float, float]:
    low = limits.low if limits.low is not None else -_FAR
    return low, limits.high if limits.high is not None else _FAR


class AlarmMarks:
    """A dashed line and the kind's shape per alarm."""

    def __init__(self, plot: pg.PlotItem) -> None:
        """Put the marks into `plot`."""
        self._plot = plot
        self._marks: list[Mark] = []
        self._lines: dict[Kind, pg.PlotCurveItem] = {}
        self._shapes: dict[Kind, pg.ScatterPlotItem] = {}
        for kind in reversed(Kind):
            self._lines[kind] = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
            self._shapes[kind] = pg.ScatterPlotItem(
                symbol=_SHAPES[kind], size=13, pxMode=True, hoverable=True, tip=_tip
            )
            for item in (self._lines[kind], self._shapes[kind]):
                item.setZValue(_ABOVE)
                item.setVisible(False)
                plot.addItem(item, ignoreBounds=True)

    def show(self, marks: Sequence[Mark]) -> None:
        """Take the alarms to be shown."""
        self._marks = sorted(marks, key=lambda mark: mark.at)

    def place(self, start: float, end: float, low: float, high: float, pixels: int) -> None:
        """Put what lies between `start` and `end` where the axes stand now."""
        near = _NEAR * (end - start) / pixels
        height = low + (high - low) * 0.06
        for kind in Kind:
            seen = _thinned([mark for mark in self._marks if mark.kind is kind], start, end, near)
            for item in (self._lines[kind], self._shapes[kind]):
                item.setVisible(bool(seen))
            if not seen:
                continue  # as on nearly every frame: items without a mark cost as much as a curve
            at = [mark.at.timestamp() for mark in seen]
            self._lines[kind].setData(
                [time for time in at for _ in range(2)], [low, high] * len(at), connect="pairs"
            )
            self._shapes[kind].setData(at, [height] * len(at), data=[mark.text for mark in seen])

    def recolour(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for kind, line in self._lines.items():
            own = theme.colour(kind)
            pen = QPen(own, 1, Qt.PenStyle.DashLine)
            pen.setCosmetic(True)
            line.setPen(pen)
            self._shapes[kind].setBrush(QBrush(own))
            self._shapes[kind].setPen(theme.pen("panel"))


def _dashed(pen: QPen) -> QPen:
    pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _thinned(marks: list[Mark], start: float, end: float, near: float) -> list[Mark]:
    kept: list[Mark] = []
    for mark in marks:
        at = mark.at.timestamp()
        if start <= at <= end and (not kept or at - kept[-1].at.timestamp() >= near):
            kept.append(mark)
    return kept[-_MOST:]


def _tip(x: float, y: float, data: str) -> str:  # noqa: ARG001 - pyqtgraph gives the place too
    return data
