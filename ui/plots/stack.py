"""The plots under each other: one time axis, one cursor, one pace of redrawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.plots.channel_plot import ChannelPlot
from ui.plots.export import as_csv, rows
from ui.plots.plan import USUAL, Curve, Looks, Mark, Span
from ui.plots.series import Series
from workstation.domain.telemetry import Bucket

PACE: Final = 66
"""Milliseconds between two drawings while values come: 15 a second."""


class PlotStack(QWidget):
    """Keeps a series for every curve and draws the chosen ones when something changed.

    Values mark the stack as changed; its own timer draws, and only while it can be seen.
    """

    drawn = Signal()
    """The plots have just been drawn."""

    def __init__(
        self, looks: Looks, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        """Draw in colours of the theme up to the time that `now` tells."""
        super().__init__(parent)
        self._looks = looks
        self._now = now
        self._span = USUAL
        self._curves: dict[str, Curve] = {}
        self._series: dict[str, Series] = {}
        self._plots: list[ChannelPlot] = []
        self._marks: list[Mark] = []
        self._paused_at: datetime | None = None
        self._drawn_end = 0.0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._pace = QTimer(self, singleShot=True, interval=PACE)
        self._pace.timeout.connect(self.draw)
        self._scroll = QTimer(self, interval=1000)
        self._scroll.timeout.connect(self._move_on)

    # --- what there is ------------------------------------------------------------------------

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Forget everything and make room for these."""
        self._curves = {curve.key: curve for curve in curves}
        self._series = {curve.key: Series() for curve in curves}
        self._marks = []
        self.choose([])

    def set_span(self, span: Span) -> None:
        """Show another length of time; its history is to be loaded next."""
        self._span = span
        for key in self._series:
            self._series[key].load([])
        self._changed()

    def load(self, key: str, samples: Sequence[tuple[datetime, float]]) -> None:
        """Show stored values of one curve as they came."""
        self._series[key].load(samples)
        self._changed()

    def load_buckets(self, key: str, buckets: Sequence[Bucket], width: timedelta) -> None:
        """Show roll-ups of one curve."""
        self._series[key].load_buckets(buckets, width)
        self._changed()

    def add(self, key: str, at: datetime, value: float) -> None:
        """Take a value that has just come; it is kept even while paused."""
        self._series[key].add(at, value)
        self._changed()

    def mark(self, marks: Sequence[Mark]) -> None:
        """Show these alarms."""
        self._marks = list(marks)
        for plot in self._plots:
            plot.mark(self._marks)
        self._changed()

    # --- what is seen -------------------------------------------------------------------------

    @property
    def chosen(self) -> list[str]:
        """The keys of the curves on screen, from the top."""
        return [plot.curve.key for plot in self._plots]

    @property
    def span(self) -> Span:
        """The length of time on screen."""
        return self._span

    @property
    def paused_at(self) -> datetime | None:
        """Since when the view stands still."""
        return self._paused_at

    def choose(self, keys: Sequence[str]) -> None:
        """Plot these curves, from the top."""
        for plot in self._plots:
            self._column.removeWidget(plot)
            plot.hide()
            plot.deleteLater()
        self._plots = [
            ChannelPlot(self._curves[key], self._series[key], self._looks, self) for key in keys
        ]
        for plot in self._plots:
            plot.cursor_moved.connect(self._point_at)
            plot.mark(self._marks)
            self._column.addWidget(plot, 1)
        self._changed()

    def pause(self, on: bool) -> None:  # noqa: FBT001 - follows the button
        """Let the view stand still, or go on."""
        self._paused_at = self._now() if on else None
        self._changed()

    def recolour(self) -> None:
        """Take the theme's colours again."""
        for plot in self._plots:
            plot.recolour()
        self._changed()

    def draw(self) -> None:
        """Draw now."""
        end = (self._paused_at or self._now()).timestamp()
        self._drawn_end = end
        for plot in self._plots:
            plot.draw(self._span, end=end)
        self.drawn.emit()

    def exported(self) -> str:
        """Return what is shown, value by value, as CSV."""
        end = (self._paused_at or self._now()).timestamp()
        start = end - self._span.length.total_seconds()
        return as_csv(
            row
            for key in self.chosen
            for row in rows(self._curves[key], self._series[key], start=start, end=end)
        )

    # --- pace ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while nobody looked."""
        super().showEvent(event)
        self._scroll.start()
        self._changed()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop drawing."""
        super().hideEvent(event)
        self._scroll.stop()
        self._pace.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self._changed()

    def _changed(self) -> None:
        if self.isVisible() and not self._pace.isActive():
            self._pace.start()

    def _move_on(self) -> None:
        """Draw when time has moved by a pixel, though no value came."""
        pixel = self._span.length.total_seconds() / max(self.width(), 1)
        if self._paused_at is None and self._now().timestamp() - self._drawn_end >= pixel:
            self._changed()

    def _point_at(self, at: float | None) -> None:
        for plot in self._plots:
            plot.point_at(at)
