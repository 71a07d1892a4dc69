"""The row of tools over the plots: how much time, which readings, pause, save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QMenu, QPushButton, QWidget

from ui import times
from ui.plots.plan import SPANS, USUAL, Curve, Span
from ui.views.parts import button, row, word
from workstation.texts import _


class ReadingTools(QWidget):
    """Buttons only; what they mean is decided by whoever listens."""

    span_chosen = Signal(object)
    """A Span."""
    curve_toggled = Signal(str)
    """The key of a curve that is to be shown, or put away."""
    paused = Signal(bool)
    """Hold the view still, or let it go on."""
    picture_wanted = Signal(str)
    """Export what is shown as PNG to this path."""
    table_wanted = Signal(str)
    """Export what is shown as CSV to this path."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` gives the time that a saved file is called after."""
        super().__init__()
        self._now = now
        self.spans = self._make_spans()
        self.span_menu = button(_(USUAL.title), tip=_("Choose how much time is shown"))
        self.span_menu.setMenu(self._menu_of_spans())
        self.curves = QMenu(self)
        self.which = button("")
        self.which.setMenu(self.curves)
        self.pause = button(_("Pause"), tip=_("Hold the view still; values are still kept"))
        self.pause.setCheckable(True)
        self.pause.toggled.connect(self._pause)
        self.save = button(_("Save"), tip=_("Save what is shown as a picture or a table"))
        self.save.setMenu(self._menu_of_exports())
        # No title: the tab over it says what this is.
        self.setLayout(
            row(*self.spans, self.span_menu, self.which, 1, self.pause, self.save, gap=2)
        )

    @property
    def span(self) -> Span:
        """The chosen length of time."""
        return SPANS[self._group.checkedId()]

    def narrow(self, on: bool) -> None:  # noqa: FBT001 - a state, as Qt's setters have it
        """Show the spans as one button with a menu instead of a button each."""
        for one in self.spans:
            one.setVisible(not on)
        self.span_menu.setVisible(on)

    def offer(self, curves: Sequence[Curve]) -> None:
        """Let the operator choose among these curves; nothing is paused any more."""
        # Another citizen's readings must not stand still at a time chosen for the one before.
        self.pause.setChecked(False)
        self.curves.clear()
        for curve in curves:
            action = QAction(curve.title, self.curves)
            action.setCheckable(True)
            action.setData(curve.key)
            action.triggered.connect(lambda _on, key=curve.key: self.curve_toggled.emit(key))
            self.curves.addAction(action)
        for tool in (self.pause, self.save):
            tool.setEnabled(bool(curves))

    def show_choice(self, shown: Sequence[str], *, room: int) -> None:
        """Say which curves are plotted; with room for all there is nothing to choose."""
        titles: dict[str, str] = {}
        for action in self.curves.actions():
            titles[str(action.data())] = action.text()
            action.setChecked(action.data() in shown)
        self.which.setVisible(len(titles) > room)
        if len(shown) == 1:
            word(self.which, titles[shown[0]], tip=_("Choose which reading is shown"))
        else:
            # Translators: "3 of 6": so many of the citizen's readings are plotted; on a button.
            text = _("{shown} of {count}").format(shown=len(shown), count=len(titles))
            word(self.which, text, tip=_("Choose which readings are shown"))

    def _make_spans(self) -> list[QPushButton]:
        self._group = QButtonGroup(self)
        made = []
        for place, span in enumerate(SPANS):
            title = _(span.title)
            one = button(title, role="quiet", tip=_("Show {span}").format(span=title))
            one.setCheckable(True)
            one.setChecked(span is USUAL)
            self._group.addButton(one, place)
            made.append(one)
        self._group.idClicked.connect(self._chosen)
        return made

    def _menu_of_spans(self) -> QMenu:
        menu = QMenu(self)
        for one in self.spans:
            menu.addAction(one.text(), one.click)
        return menu

    def _menu_of_exports(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(
            _("Picture (PNG) …"),
            lambda: self._ask_path("png", _("Picture"), self.picture_wanted.emit),
        )
        menu.addAction(
            _("Table (CSV) …"),
            lambda: self._ask_path("csv", _("Table"), self.table_wanted.emit),
        )
        return menu

    def _chosen(self, place: int) -> None:
        word(self.span_menu, _(SPANS[place].title), tip=_("Choose how much time is shown"))
        self.span_chosen.emit(SPANS[place])

    def _pause(self, on: bool) -> None:  # noqa: FBT001 - a slot
        word(self.pause, _("Resume") if on else _("Pause"))
        self.paused.emit(on)

    def _ask_path(self, suffix: str, kind: str, chosen: Callable[[str], None]) -> None:
        """Ask where to save without holding up the window: an alarm may come meanwhile."""
        stamp = self._now().astimezone(times.LOCAL).strftime("%Y-%m-%d-%H%M%S")
        # No name and no number of the citizen: file names end up in lists and backups.
        name = f"{_('readings')}-{stamp}.{suffix}"
        start, pattern = str(Path.home() / name), f"{kind} (*.{suffix})"
        dialog = QFileDialog(self, _("Save readings"), start, pattern)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(name)
        dialog.fileSelected.connect(chosen)
        # Beside the window, not over it: an alarm may come while a folder is looked for.
        dialog.setModal(False)
        dialog.show()
