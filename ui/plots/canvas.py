"""The drawing surface of one plot: it neither pans nor zooms, and gives keys and mouse away."""

from __future__ import annotations

from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent

from ui.plots.time_axis import TimeAxis

_AXIS_WIDTH: Final = 46


class Canvas(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph carries no types
    """The drawing surface; it neither pans nor zooms, and gives the keys and the mouse away."""

    hovered = Signal(object)
    """Time under the mouse (seconds since the epoch), None when it has left."""
    stepped = Signal(int)
    """The cursor is to go this many pixels, by key."""

    def __init__(self) -> None:
        super().__init__(background=None, axisItems={"bottom": TimeAxis()})
        self.setMenuEnabled(False)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.getPlotItem().getViewBox().setDefaultPadding(0)
        self.getPlotItem().getAxis("left").setWidth(_AXIS_WIDTH)
        for side in ("left", "top"):
            # The hidden one follows the view as well, and would write itself anew at every frame.
            self.getPlotItem().getAxis(side).enableAutoSIPrefix(False)
        self.getPlotItem().disableAutoRange()
        self.scene().sigMouseMoved.connect(self._moved)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor with the arrows, by ten pixels with Shift."""
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.key() == Qt.Key.Key_Left:
            self.stepped.emit(-step)
        elif event.key() == Qt.Key.Key_Right:
            self.stepped.emit(step)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what lies around."""
        event.ignore()

    def leaveEvent(self, event: object) -> None:
        """Take the cursor away with the mouse."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def _moved(self, position: QPointF) -> None:
        box = self.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(position)
        self.hovered.emit(box.mapSceneToView(position).x() if inside else None)
