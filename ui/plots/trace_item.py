"""Draws one series into a pyqtgraph plot: a line of peaks, a line of steps, or a band with its mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen

from ui.plots.columns import Of, means, polyline, steps
from ui.plots.ring import Floats
from ui.plots.series import Series, Trace
from workstation.domain.telemetry import Line

_PEN_STYLES: Final = {
    Line.SOLID: Qt.PenStyle.SolidLine,
    Line.DASH: Qt.PenStyle.DashLine,
    Line.DOT: Qt.PenStyle.DotLine,
    Line.STEPS: Qt.PenStyle.SolidLine,
}
_BAND_ALPHA: Final = 60
_DASHED_BELOW: Final = 0.5
"""Points per pixel: where there are more, the line turns within a dash and the dashes are only noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands under the cursor; `low` and `high` differ where a column holds many values."""

    at: float
    value: float
    low: float
    high: float


class TraceItem:
    """The items of one curve. Pens are one pixel wide: two cost 3.5 to 6 times as much."""

    def __init__(self, series: Series, line: Line, *, hold: float = 0.0) -> None:
        """Draw `series`; a state of steps holds `hold` seconds without being said again."""
        self.series = series
        self._line = line
        self._hold = hold if line is Line.STEPS else 0.0
        self._curve = pg.PlotCurveItem(skipFiniteCheck=True)
        self._band = pg.QtWidgets.QGraphicsPathItem()
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._band_shown = False
        self._pens: dict[Qt.PenStyle, QPen] = {}
        self._style: Qt.PenStyle | None = None

    def add_to(self, plot: pg.PlotItem) -> None:
        """Put the items into `plot`."""
        plot.addItem(self._band, ignoreBounds=True)
        plot.addItem(self._curve, ignoreBounds=True)

    def colour(self, colour: QColor) -> None:
        """Take another colour."""
        self._pens = {style: _pen(colour, style) for style in _PEN_STYLES.values()}
        self._style = None
        tint = QColor(colour)
        tint.setAlpha(_BAND_ALPHA)
        self._band.setBrush(tint)

    def draw(
        self, *, start: float, end: float, pixels: int, band: bool
    ) -> tuple[float, float] | None:
        """Draw what is seen; return the lowest and highest value drawn, None when there is none."""
        trace = self.series.trace(start=start, end=end, width=(end - start) / max(pixels, 1))
        gap = max(trace.gap, self._hold)
        if band:
            x, y = means(trace.columns, gap)
        elif self._line is Line.STEPS:
            x, y = _held(*steps(trace.columns, gap), until=end, hold=gap)
        else:
            x, y = polyline(trace.columns, gap)
        self._dash(crowded=len(x) > pixels * _DASHED_BELOW)
        self._curve.setData(
            x, y, connect="finite" if np.isnan(y).any() else "all", skipFiniteCheck=True
        )
        self._draw_band(trace if band else None, gap)
        return _extent(trace.columns, start, end)

    def value_at(self, at: float, *, start: float, end: float, pixels: int) -> Found | None:
        """Return what stands nearest to `at`; None when nothing is near (a gap)."""
        trace = self.series.trace(start=start, end=end, width=(end - start) / max(pixels, 1))
        columns, gap = trace.columns, max(trace.gap, self._hold)
        if not columns.shape[1]:
            return None
        if self._line is Line.STEPS:
            return _state_at(columns, at, gap)
        middle = (columns[Of.FIRST_AT] + columns[Of.LAST_AT]) / 2
        place = int(np.argmin(np.abs(middle - at)))
        if abs(middle[place] - at) > gap / 2:
            return None
        one = columns[:, place].tolist()
        mean = one[Of.TOTAL] / one[Of.COUNT]
        return Found(at=float(middle[place]), value=mean, low=one[Of.LOW], high=one[Of.HIGH])

    def _dash(self, *, crowded: bool) -> None:
        style = Qt.PenStyle.SolidLine if crowded else _PEN_STYLES[self._line]
        if style is not self._style and style in self._pens:
            self._style = style
            self._curve.setPen(self._pens[style])

    def _draw_band(self, trace: Trace | None, gap: float) -> None:
        if trace is None:
            if self._band_shown:
                self._band.setPath(QPainterPath())
            self._band_shown = False
            return
        self._band_shown = True
        self._band.setPath(_band_path(trace.columns, gap))


def _pen(colour: QColor, style: Qt.PenStyle) -> QPen:
    pen = QPen(colour, 1, style)
    pen.setCosmetic(True)
    return pen


def _state_at(columns: Floats, at: float, hold: float) -> Found | None:
    """Return the state that holds at a time: the latest before it, unless that is too long ago."""
    place = int(np.searchsorted(columns[Of.FIRST_AT], at, side="right")) - 1
    if place < 0 or at - columns[Of.LAST_AT, place] > hold:
        return None
    value = float(columns[Of.LAST, place])
    return Found(at=at, value=value, low=value, high=value)


def _held(x: Floats, y: Floats, *, until: float, hold: float) -> tuple[Floats, Floats]:
    """Return the steps with the last state drawn on to `until`, unless it is older than `hold`."""
    if not len(x) or x[-1] >= until or until - x[-1] > hold:
        return x, y
    return np.append(x, until), np.append(y, y[-1])


def _band_path(columns: Floats, gap: float) -> QPainterPath:
    """Return one closed shape from lowest to highest per stretch without a gap."""
    path = QPainterPath()
    breaks = np.flatnonzero(columns[Of.FIRST_AT, 1:] - columns[Of.LAST_AT, :-1] > gap) + 1
    for part in np.split(columns, breaks, axis=1):
        if not part.shape[1]:
            continue
        x = np.stack([part[Of.FIRST_AT], part[Of.LAST_AT]], axis=1).ravel()
        low, high = np.repeat(part[Of.LOW], 2), np.repeat(part[Of.HIGH], 2)
        path.addPath(
            pg.arrayToQPath(np.append(x, x[::-1]), np.append(high, low[::-1]), finiteCheck=False)
        )
        path.closeSubpath()
    return path


def _extent(columns: Floats, start: float, end: float) -> tuple[float, float] | None:
    seen = columns[:, (columns[Of.LAST_AT] >= start) & (columns[Of.FIRST_AT] <= end)]
    if not seen.shape[1]:
        return None
    return float(seen[Of.LOW].min()), float(seen[Of.HIGH].max())
