"""The call log: a page of the details, for supervisors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QStackedWidget, QWidget

from ui import times, words
from ui.delegates.cells import CellDelegate
from ui.models.call_log import RESULTS, LogRow, call_log
from ui.models.table import Table
from ui.theme import Theme
from ui.views.call_log_call import CallView
from ui.views.call_log_figures import FiguresView
from ui.views.call_log_filters import CallLogFilters
from ui.views.citizen_picker import CitizenPicker, Found
from ui.views.parts import GAP, Elided, Panel, button, column, restyle, row, word
from ui.views.rows import RowsView
from workstation.application.call_review_figures import CallFigures
from workstation.domain.kind import Kind
from workstation.texts import _

_APART = QSize(1240, 760)
_NEAR_THE_END = 30
"""Rows before the last at which the next page is asked for."""


class _CallRows(RowsView):
    def minimumSizeHint(self) -> QSize:
        """Return the heading with two calls."""
        wanted = self.horizontalHeader().height() + 2 * self.verticalHeader().defaultSectionSize()
        return QSize(super().minimumSizeHint().width(), wanted + 2 * self.frameWidth())

    def share_width(self, delegate: CellDelegate) -> None:
        """Give times and numbers what they need; with whom and the result share the rest."""
        need = {
            "at": delegate.width_of("22. nov. 21:14:07"),
            "kind": max(delegate.width_of(words.kind(one)) for one in Kind) + 28,
            "waited": delegate.width_of("00:00 "),
            "talked": delegate.width_of("00:00 "),
            "seen": delegate.width_of(f"✓ {_('reviewed')}"),
            "result": max(delegate.width_of(_(one)) for one in RESULTS.values()),
        }
        rest = self.viewport().width() - sum(need.values())
        least = delegate.width_of("→ +45 74 62 10 48")
        if rest < least:
            # The kind has its shape; the result can be read in the call itself.
            need["kind"] = delegate.width_of(_("Kind"))
            need["result"] -= min(max(0, least - rest), need["result"] // 3)
            rest = self.viewport().width() - sum(need.values())
        for place, one in enumerate(self._table.columns):
            self.setColumnWidth(place, need.get(one.key, max(rest, 60)))


class _Turned(QStackedWidget):
    """Takes as much room as what it shows: the list needs less than the figures."""

    def sizeHint(self) -> QSize:
        """Return what the page that is shown asks for."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return what the page that is shown needs."""
        shown = self.currentWidget()
        return QSize() if shown is None else shown.minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        """Return that it takes what there is."""
        return False


def _scrolled(inside: QWidget) -> QScrollArea:
    """Return an area in which `inside` keeps its height: an alarm in front leaves little room."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    inside.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area


class _Apart(QWidget):
    """A window beside the desk's: the alarms stay where they are."""

    closed = Signal()

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Call log"))
        panel = Panel(_("Call log"))
        panel.body.addWidget(inside)
        lines = column(panel)
        lines.setContentsMargins(GAP, GAP, GAP, GAP)
        self.setLayout(lines)
        room = self.screen().availableSize()
        self.resize(min(_APART.width(), room.width()), min(_APART.height(), room.height()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give back what is inside before the window goes."""
        event.ignore()
        self.closed.emit()


class CallLogPage(QWidget):
    """Filters over the list; in its place the figures, or one call."""

    asked = Signal()
    more_wanted = Signal()
    opened = Signal(str)
    figures_wanted = Signal()
    draw_wanted = Signal()
    citizen_picked = Signal(str)
    export_wanted = Signal(str)
    """The path of a file, `.xlsx` or `.csv`."""

    def __init__(self, looks: Callable[[], Theme], now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.filters = CallLogFilters(now)
        self.call = CallView(looks, now())
        self._table: Table[LogRow] = call_log(now())
        self._keys: set[str] = set()
        self._rows = _CallRows(self._table, looks, name=_("Call log"), lines=2)
        self._figures = FiguresView(looks)
        self._said = Elided(role="soft")
        self._figures_button = button(_("Figures"))
        self._draw = button(_("Draw for review"))
        self._apart = button(_("Own window"))
        self._window: _Apart | None = None
        self._xlsx, self._csv = button("xlsx"), button("CSV")
        self._xlsx.setAccessibleName(_("Export as xlsx"))
        self._csv.setAccessibleName(_("Export as CSV"))
        self._picker = CitizenPicker(_("Whose calls?"))
        self._inside = _Turned()
        self._inside.currentChanged.connect(lambda _place: self._inside.updateGeometry())
        self._inside.addWidget(self._rows)
        self._inside.addWidget(self._figures)
        self._whole = QStackedWidget()
        self._lay()
        self._connect()

    def _lay(self) -> None:
        acts = (self._figures_button, self._draw, self._xlsx, self._csv, self._apart)
        tools = row(self._said, *acts, gap=6, wide=self._said)
        page = QWidget()
        lines = column(self.filters, gap=4)
        lines.addLayout(tools)
        lines.addWidget(self._inside, 1)
        page.setLayout(lines)
        for whole in (page, self.call, self._picker):
            self._whole.addWidget(_scrolled(whole))
        self._here = column(self._whole)
        self.setLayout(self._here)
        self._figures_button.setCheckable(True)

    def _connect(self) -> None:
        self.filters.asked.connect(self.asked)
        self._picker.picked.connect(self._picked)
        self._picker.cancelled.connect(self._stop_picking)
        self._rows.entered.connect(self.opened)
        self._figures_button.clicked.connect(self._turn)
        self._draw.clicked.connect(self.draw_wanted)
        self._xlsx.clicked.connect(lambda: self._ask_where("xlsx"))
        self._csv.clicked.connect(lambda: self._ask_where("csv"))
        self._apart.clicked.connect(self.take_apart)
        self.call.back.connect(self._go_back)
        self._rows.verticalScrollBar().valueChanged.connect(self._scrolled)

    def take_apart(self) -> None:
        """Move everything into a window of its own; that closed, it stands here again."""
        if self._window is not None:
            self.put_back()
            return
        self._window = _Apart(self._whole)
        self._window.closed.connect(self.put_back)
        word(self._apart, _("Back into the page"))
        self.filters.unfold(True)
        self._window.show()

    def put_back(self) -> None:
        """Have everything stand here, whether it was taken apart or not."""
        window, self._window = self._window, None
        if window is None:
            return
        self._here.addWidget(self._whole)
        word(self._apart, _("Own window"))
        self.filters.unfold(False)
        window.hide()
        window.deleteLater()

    # --- whose calls ---------------------------------------------------------------------------

    def begin_pick(self, everybody: Sequence[Found]) -> None:
        """Find somebody in the page's place, by name, address or number."""
        self._whole.setCurrentIndex(2)
        self._picker.begin(everybody)

    def _picked(self, key: str) -> None:
        self._stop_picking()
        self.citizen_picked.emit(key)

    def _stop_picking(self) -> None:
        self.show_list()
        self.filters.take_focus_back()

    # --- the list -----------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[LogRow], now: datetime) -> None:
        """Show the first page of a search."""
        keys = {row.call.record.id for row in rows}
        self._table.tick(now)
        self._rows.apply(rows, self._keys - keys)
        self._keys = set(keys)
        self._rows.scrollToTop()

    def add_rows(self, rows: Sequence[LogRow]) -> None:
        """Show the next page behind those that stand, or what one of them has become."""
        self._rows.apply(rows)
        self._keys |= {row.call.record.id for row in rows}

    def show_list(self) -> None:
        """Show the list; whoever types elsewhere, e.g. a password, goes on there."""
        self._whole.setCurrentIndex(0)

    def _go_back(self) -> None:
        self.show_list()
        self._rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_one(self) -> None:
        """Show the call that was opened, in place of the list."""
        self._whole.setCurrentIndex(1)

    def show_figures(self, figures: CallFigures) -> None:
        """Show the figures of the search."""
        self._figures.show_figures(figures)

    @property
    def shows_figures(self) -> bool:
        """Whether the pictures are open."""
        return self._figures_button.isChecked()

    def tell(self, sentence: str, *, fault: bool = False) -> None:
        """Say how many there are, or what became of it."""
        self._said.setText(sentence)
        restyle(self._said, tone="warn" if fault else "")

    def _turn(self) -> None:
        self._inside.setCurrentIndex(1 if self.shows_figures else 0)
        word(self._figures_button, _("List") if self.shows_figures else _("Figures"))
        if self.shows_figures:
            self.figures_wanted.emit()

    def _scrolled(self, value: int) -> None:
        bar = self._rows.verticalScrollBar()
        if value >= bar.maximum() - _NEAR_THE_END * self._rows.rowHeight(0):
            self.more_wanted.emit()

    def _ask_where(self, suffix: str) -> None:
        """Ask where to save beside the window, not over it: an alarm may come meanwhile."""
        stamp = self._now().astimezone(times.LOCAL).strftime("%Y-%m-%d-%H%M%S")
        name = f"{_('calls')}-{stamp}.{suffix}"
        start = str(Path.home() / name)
        dialog = QFileDialog(self, _("Export the call log"), start, f"{suffix} (*.{suffix})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(name)
        dialog.fileSelected.connect(self.export_wanted)
        dialog.setModal(False)
        dialog.show()
