"""The chosen citizen's readings: plots, which and how much of them, pause, export, and the devices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from ui import times
from ui.plots.plan import Curve, Looks, Span
from ui.views.device_list import DeviceList, DeviceRow
from ui.views.parts import Panel, column, label
from ui.views.reading_tools import ReadingTools
from workstation.texts import _

if TYPE_CHECKING:
    from ui.plots.stack import PlotStack

_HEIGHT_PER_PLOT: Final = 132
_MOST_PLOTS: Final = 3
_LEAST_HEIGHT: Final = 90
_SPAN_BUTTONS_FROM: Final = 720
_DEVICES_LEAST: Final = 52
"""Pixels: two lines, so that the devices that need care are in sight."""
_DEVICES_FROM: Final = 330
"""Pixels of the panel's height from which all devices are listed."""
_LOOKS_CHANGED: Final = frozenset({QEvent.Type.StyleChange, QEvent.Type.PaletteChange})


class TelemetryPanel(Panel):
    """Frame around the plots.

    They are built after the window has been painted for the first time: loading their library
    takes longer than painting everything else.
    """

    ready = Signal()
    """The plots are there: `plots` is no longer None."""
    span_chosen = Signal(object)
    """A Span; its history is wanted in `plots`."""
    picture_wanted = Signal(str)
    """Export what is shown as PNG to this path."""
    table_wanted = Signal(str)
    """Export what is shown as CSV to this path."""

    def __init__(self, looks: Looks, now: Callable[[], datetime]) -> None:
        """Draw in the theme that `looks` returns, up to the time that `now` tells."""
        super().__init__(_("Readings"))
        self.plots: PlotStack | None = None
        self.devices = DeviceList(looks)
        self._looks = looks
        self._now = now
        self._curves: list[Curve] = []
        self._wanted: list[str] = []
        self._painted = False
        self._empty = label(role="empty", wrap=True)
        self._told = label(role="sentence", wrap=True)
        self._paused = label()
        self._paused.setProperty("tone", "warn")
        self._pictured = QWidget()
        self._scrolled = QScrollArea()
        self.tools = ReadingTools(now)
        self._lay_out()
        self.show_nobody()

    # --- shown --------------------------------------------------------------------------------

    def show_nobody(self) -> None:
        """Show that no citizen is chosen."""
        self._say(_("Choose an alarm to see the citizen's readings."))
        self._set_curves([])
        self._scrolled.hide()

    def show_loading(self) -> None:
        """Show that the citizen's readings are on their way."""
        self._say(_("Fetching readings …"))
        self._set_curves([])

    def show_curves(self, curves: Sequence[Curve]) -> None:
        """Make room for these curves; their values are loaded into `plots`."""
        self._say(
            "" if curves else _("This citizen's devices send no readings that can be plotted.")
        )
        self._set_curves(curves)

    def show_devices(self, rows: Sequence[DeviceRow], now: datetime) -> None:
        """Show the citizen's devices."""
        self.devices.show_rows(rows, now)
        self._fit_devices()

    def tell(self, sentence: str) -> None:
        """Say what became of an export; an empty sentence takes it away."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))

    def picture(self) -> QPixmap:
        """Return what the plots show, as it stands on the screen."""
        return self._pictured.grab()

    @property
    def span(self) -> Span:
        """The chosen length of time."""
        return self.tools.span

    # --- asked by Qt --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint; the first time, have the plots built once that is on the screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._build)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many plots as there is height for."""
        super().resizeEvent(event)
        self._fit_spans()
        self._fit_devices()
        QTimer.singleShot(0, self, self._choose)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in _LOOKS_CHANGED and self._painted:
            self.devices.recolour()
            if self.plots is not None:
                self.plots.recolour()

    # --- which curves -------------------------------------------------------------------------

    def _build(self) -> None:
        from ui.plots.stack import PlotStack  # noqa: PLC0415 - 300 ms that the first paint must not wait for

        self.plots = PlotStack(self._looks, self._now)
        self._picture_column.addWidget(self.plots, 1)
        self.plots.drawn.connect(self._say_paused)
        self._set_curves(self._curves)
        self.ready.emit()

    def _set_curves(self, curves: Sequence[Curve]) -> None:
        self._curves = list(curves)
        self._wanted = []
        self.tools.offer(self._curves)
        if self.plots is not None:
            self.plots.set_curves(curves)
            self.plots.set_span(self.span)
        self._choose()

    def _room(self) -> int:
        """Return how many plots there is height for."""
        return min(
            max(self._pictured.height() // self._looks().px(_HEIGHT_PER_PLOT), 1), _MOST_PLOTS
        )

    def _choose(self) -> None:
        """Plot the wanted curves and, where there is room, the first of the others."""
        keys = [curve.key for curve in self._curves]
        room = self._room()
        first = [*self._wanted, *(key for key in keys if key not in self._wanted)][:room]
        shown = [key for key in keys if key in first]
        if self.plots is not None:
            self.plots.setVisible(bool(keys))
            if shown != self.plots.chosen:
                self.plots.choose(shown)
        self.tools.show_choice(shown, room=room)

    def _want(self, key: str) -> None:
        """Put a curve first; the one that was wanted longest ago gives way."""
        if self.plots is None:
            return
        on_screen = [one for one in self._wanted if one in self.plots.chosen]
        rest = [one for one in self.plots.chosen if one not in on_screen]
        if key in self.plots.chosen and len(self.plots.chosen) > 1:
            self._wanted = [one for one in (*on_screen, *rest) if one != key]
            spare = [curve.key for curve in self._curves if curve.key not in self.plots.chosen]
            self._wanted += spare
        else:
            self._wanted = [key, *(one for one in (*on_screen, *rest) if one != key)]
        self._choose()

    # --- what the tools want ------------------------------------------------------------------

    def _show_span(self, span: Span) -> None:
        if self.plots is not None:
            self.plots.set_span(span)
        self.span_chosen.emit(span)

    def _pause(self, on: bool) -> None:  # noqa: FBT001 - a slot
        if self.plots is not None:
            self.plots.pause(on)
        self._say_paused()

    def _say_paused(self) -> None:
        at = self.plots.paused_at if self.plots is not None else None
        self._paused.setVisible(at is not None)
        if at is not None:
            text = _("PAUSED at {time} – new values are kept").format(time=times.clock(at))
            self._paused.setText(text)

    def _say(self, sentence: str) -> None:
        self._empty.setText(sentence)
        self._empty.setVisible(bool(sentence))

    # --- layout -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._picture_column = column(self._empty, gap=4)
        self._pictured.setLayout(self._picture_column)
        self._pictured.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # Of its own, or three plots would keep the panel from ever becoming low enough for one.
        self._pictured.setMinimumHeight(_LEAST_HEIGHT)
        self._scrolled.setWidget(self.devices)
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scrolled.viewport().setAutoFillBackground(False)
        self.devices.setAutoFillBackground(False)
        for part in (self.tools, self._paused, self._told):
            self.body.addWidget(part)
        self.body.addWidget(self._pictured, 1)
        self.body.addWidget(self._scrolled)
        self.tell("")
        self._say_paused()
        self._fit_spans()
        self.tools.span_chosen.connect(self._show_span)
        self.tools.curve_toggled.connect(self._want)
        self.tools.paused.connect(self._pause)
        self.tools.picture_wanted.connect(self.picture_wanted)
        self.tools.table_wanted.connect(self.table_wanted)

    def _fit_spans(self) -> None:
        """Show the spans as buttons where they fit, else as one button with a menu."""
        self.tools.narrow(self.width() < self._looks().px(_SPAN_BUTTONS_FROM))

    def _fit_devices(self) -> None:
        """Give the devices the height they need, up to a quarter of the panel; then they scroll.

        In a low panel only those that need care are listed: the curve must stay readable.
        """
        self.devices.show_only_care(only=self.height() < self._looks().px(_DEVICES_FROM))
        width = max(self._scrolled.viewport().width(), 1)
        wanted = self.devices.layout_height(width)
        most = max(self.height() // 4, _DEVICES_LEAST)
        if self.height() < self._looks().px(_DEVICES_FROM):
            most = _DEVICES_LEAST // 2
        height = min(wanted, most) if wanted else 0
        if (height, wanted > 0) == (self._scrolled.maximumHeight(), not self._scrolled.isHidden()):
            return
        self._scrolled.setFixedHeight(height)
        self._scrolled.setVisible(wanted > 0)
        QTimer.singleShot(0, self, self._choose)  # the plots have another height now
