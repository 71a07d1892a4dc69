"""Both sides of opening a month: read its roll-ups, load and draw them; or draw 2,000 points.

Arguments: the folder for the database, rounds.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.bench.measuring import tell
from tests.bench.sides.plots import wave
from tests.bench.sides.screen import NOW, dressed, looks
from ui.plots.plan import HOUR, MINUTE, SPANS, Curve, Span
from ui.plots.ring import Floats
from ui.plots.stack import PlotStack
from workstation.adapters.db.database import Database
from workstation.adapters.system.clock import SystemClock
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Sample, channel

_KOMMUNE, _DEVICE, _PULSE = Kommune("0510"), DeviceName("sensor-1"), "pulse"
_BATCH = 2000
_POINTS = 2000
_WARM_UP = 2
_SPANS = {span.key: span for span in SPANS}


def filled(folder: Path, length: timedelta) -> Database:
    """Return a database with a value a minute of one channel."""
    file = folder / "month.sqlite"
    database = Database.open(f"sqlite:///{file}", clock=SystemClock(), machine="bench")
    count = length // MINUTE
    samples = [
        Sample(kommune=_KOMMUNE, device=_DEVICE, channel=_PULSE, at=NOW - length + n * MINUTE,
               value=value)
        for n, value in enumerate(wave(count).tolist())
    ]  # fmt: skip
    writer = database.reading_writer()
    for first in range(0, count, _BATCH):
        writer.write(samples[first : first + _BATCH], [])
    writer.close()
    return database


async def opened(database: Database, span: Span) -> None:
    """Open the month as the presenter does: plot, question to the database, drawing, picture."""
    curve = Curve(kommune=_KOMMUNE, device=_DEVICE, channel=channel(_PULSE), title="Puls",
                  patience=HOUR)  # fmt: skip
    stack = PlotStack(looks, lambda: NOW)
    stack.set_curves([curve])
    stack.set_span(span)
    stack.choose([curve.key])
    _laid_out(stack)
    buckets = await database.readings.buckets(
        _KOMMUNE, _DEVICE, _PULSE, start=NOW - span.length - 2 * HOUR, end=NOW, width=HOUR
    )
    stack.load_buckets(curve.key, buckets, HOUR)
    stack.draw()
    stack.grab()
    stack.close()


def drawn(x: Floats, y: Floats) -> None:
    """Draw points that are in memory already in pyqtgraph's own widget, into a picture."""
    widget = pg.PlotWidget()
    widget.plot(x, y)
    _laid_out(widget)
    widget.grab()
    widget.close()


def _laid_out(widget: QWidget) -> None:
    widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    widget.resize(1000, 300)
    widget.show()


async def measured(folder: Path, rounds: int) -> None:
    """Do both in turn; tell the medians in ms."""
    month = _SPANS["30d"]
    database = filled(folder, month.length)
    x, y = np.arange(_POINTS, dtype=float), wave(_POINTS)
    took: dict[str, list[float]] = {"month": [], "points": []}
    for _ in range(_WARM_UP + rounds):
        started = time.perf_counter()
        await opened(database, month)
        took["month"].append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        drawn(x, y)
        took["points"].append((time.perf_counter() - started) * 1000)
    database.close()
    tell(**{name: median(numbers[_WARM_UP:]) for name, numbers in took.items()})


if __name__ == "__main__":
    _app = dressed()
    asyncio.run(measured(Path(sys.argv[1]), int(sys.argv[2])))
