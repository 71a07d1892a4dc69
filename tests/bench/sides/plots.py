"""Both sides of a frame of live curves: the product's stack of plots, and QtCharts.

Arguments: rounds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

import numpy as np
from PySide6.QtCharts import QChart, QChartView, QLineSeries, QValueAxis
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView, QVBoxLayout, QWidget

from tests.bench.measuring import tell
from tests.bench.sides.screen import NOW, dressed, looks
from ui.plots.plan import SPANS, Curve, Span
from ui.plots.stack import PlotStack
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Bucket, Channel

_CURVES = 8
_WIDTH, _HEIGHT = 1000, 960
_IN_A_ROW = 4
_TEN_HERTZ = 0.1
_SPANS = {span.key: span for span in SPANS}
Clock = Callable[[], datetime]


class Moving:
    """The time, which goes on by one sample per frame."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


def curves() -> list[Curve]:
    """Return eight curves without limits: lines and nothing else."""
    return [
        Curve(
            kommune=Kommune("0510"),
            device=DeviceName(f"device-{number}"),
            channel=Channel(key=f"key-{number}", title="Puls"),
            title="Puls",
            patience=timedelta(hours=1),
        )
        for number in range(_CURVES)
    ]


def wave(count: int) -> np.ndarray:
    """Return a curve as a pulse has it: slow swings and noise."""
    noise = np.random.default_rng(1).normal(size=count)
    return 70 + 10 * np.sin(np.arange(count) / count * 40) + noise


class Ours:
    """The product's plots in one span, with samples at 10 Hz."""

    def __init__(self, span: Span, samples: int, every: float = _TEN_HERTZ) -> None:
        """Have `samples` of each curve as they came; a day begins with its roll-ups."""
        self._clock = Moving()
        self._every = timedelta(seconds=every)
        self.stack = PlotStack(looks, self._clock.now)
        self._keys = [curve.key for curve in curves()]
        self.stack.set_curves(curves())
        self.stack.set_span(span)
        self._load(span, samples, every)
        self.stack.choose(self._keys)
        self.stack.resize(_WIDTH, _HEIGHT)
        self.stack.show()
        QTest.qWaitForWindowExposed(self.stack)

    def frame(self) -> None:
        """Take one value per curve and draw, until it is painted."""
        self._clock.at += self._every
        for key in self._keys:
            self.stack.add(key, self._clock.at, 70.0)
        self.stack.draw()
        paint(self.stack)

    def _load(self, span: Span, samples: int, every: float) -> None:
        first = NOW.timestamp() - samples * every
        live = [
            (datetime.fromtimestamp(first + place * every, UTC), value)
            for place, value in enumerate(wave(samples).tolist())
        ]
        for key in self._keys:
            if span.bucket is not None:
                self.stack.load_buckets(key, _rolled(span.length, span.bucket), span.bucket)
            for at, value in live:
                self.stack.add(key, at, value)


def paint(window: QWidget) -> None:
    """Paint every plot in `window` now, and bring it to the screen at once as the event loop does."""
    for view in window.findChildren(QGraphicsView):
        view.viewport().update()  # else the scene would say only later that it has changed
    window.repaint()


def _rolled(length: timedelta, width: timedelta) -> list[Bucket]:
    count = length // width
    return [
        Bucket(at=NOW - length + place * width, low=mean - 3, high=mean + 3, mean=mean, count=600)
        for place, mean in enumerate(wave(count).tolist())
    ]


class Charts:
    """QtCharts with all the points of eight series: `plots` charts under each other, or one."""

    def __init__(self, points: int, *, plots: int) -> None:
        self._x = np.arange(points, dtype=float)
        self._y = wave(points + 1000)
        self._points = points
        self._step = 0
        self._series: list[QLineSeries] = []
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        for _ in range(plots):
            column.addWidget(self._chart(_CURVES // plots))
        self.window.resize(_WIDTH, _HEIGHT)
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)

    def _chart(self, count: int) -> QChartView:
        chart = QChart()
        across, up = QValueAxis(), QValueAxis()
        chart.addAxis(across, Qt.AlignmentFlag.AlignBottom)
        chart.addAxis(up, Qt.AlignmentFlag.AlignLeft)
        chart.legend().hide()
        across.setRange(0, self._points)
        up.setRange(50, 90)
        for _ in range(count):
            series = QLineSeries()
            chart.addSeries(series)
            series.attachAxis(across)
            series.attachAxis(up)
            self._series.append(series)
        return QChartView(chart)

    def frame(self) -> None:
        """Move on by one value and paint."""
        self._step += 1
        y = np.ascontiguousarray(self._y[self._step : self._step + self._points])
        for series in self._series:
            series.replaceNp(self._x, y)
        paint(self.window)


def frame_ms(frames: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median time of each kind of frame, drawn in turn, a few in a row as a screen does."""
    took: dict[str, list[float]] = {name: [] for name in frames}
    for _ in range(rounds):
        for name, frame in frames.items():
            frame()  # the others have been in the processor's caches since the last one
            for _ in range(_IN_A_ROW):
                started = time.perf_counter()
                frame()
                took[name].append((time.perf_counter() - started) * 1000)
    return {name: median(numbers[_IN_A_ROW:]) for name, numbers in took.items()}


def main() -> None:
    """Draw the kinds of frames in turn; tell the medians."""
    rounds = int(sys.argv[1])
    _app = dressed()
    ten_minutes = Ours(_SPANS["10min"], 6_000)
    # What the ring holds at most at that rate, behind the day's roll-ups.
    day = Ours(_SPANS["24h"], 36_000)
    # 30,000 points a curve in one view: ten minutes at 50 Hz.
    dense = Ours(_SPANS["10min"], 30_000, every=0.02)
    alike = Charts(30_000, plots=_CURVES)
    one = Charts(30_000, plots=1)
    frames: dict[str, Callable[[], object]] = {
        "ten_minutes": ten_minutes.frame,
        "day": day.frame,
        "dense": dense.frame,
        "charts": alike.frame,
        "chart": one.frame,
    }
    took = frame_ms(frames, rounds)
    tell(**took)


if __name__ == "__main__":
    main()
