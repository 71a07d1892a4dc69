"""The strip on top: whose desk this is, how the hub is doing, and whether the desk works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ui import times
from ui.theme import Theme
from ui.views.parts import Elided, button, clear, label, scale, word
from ui.views.strip_parts import Figure, FigureView, Lamp, LampView
from workstation.texts import _

_AROUND: Final = 32
"""Pixels left and right of the line."""
_WIDE: Final = 1600
"""From this width on the strip has room for the two buttons' words."""


class Strip(QFrame):
    """Answers "does my desk work, and how are we doing?" without being asked."""

    keys_requested = Signal()
    switch_requested = Signal()
    lock_requested = Signal()
    sign_out_requested = Signal()
    password_requested = Signal()
    theme_requested = Signal()

    def __init__(
        self, looks: Callable[[], Theme], *, keys_key: str = "?", theme_key: str = "F9"
    ) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self.setAccessibleName(_("State of the desk"))
        self._looks = looks
        self._hub = label(role="app")
        self._where = Elided(role="soft")
        self._tags = label(role="soft")
        self._operator = label(role="strong")
        self._operator_title = label(_("operator"), role="soft")
        self._person = button(
            _("You"), role="quiet", tip=_("Sign out, lock, or let somebody else in")
        )
        self._person.setMenu(self._menu_of_person())
        self._person.hide()
        self._clock = label("00:00:00", role="clock")
        self._day = label(role="soft")
        self._keys = button(_("Keys"), role="quiet", key=keys_key)
        self._dark = button(_("Dark"), role="quiet", key=theme_key)
        self._theme_key = theme_key
        self._figures: list[FigureView] = []
        self._lamps: list[LampView] = []
        self._line, self._second = QHBoxLayout(), QHBoxLayout()
        self._middle = QWidget()
        self._apart = False
        self._figure_row = QHBoxLayout()
        self._lamp_row = QHBoxLayout()
        self._lay()
        self._keys.clicked.connect(self.keys_requested)
        self._dark.clicked.connect(self.theme_requested)

    def _lay(self) -> None:
        both = QVBoxLayout(self)
        both.setContentsMargins(16, 4, 16, 4)
        both.setSpacing(4)
        both.addLayout(self._line)
        both.addLayout(self._second)
        inside = QHBoxLayout(self._middle)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._figure_row)
        inside.addLayout(self._lamp_row)
        self._line.addLayout(_two(self._hub, self._where, self._tags), 1)
        self._line.addWidget(self._middle)
        self._line.addLayout(_two(self._operator, self._operator_title))
        self._line.addWidget(self._person)
        self._line.addLayout(_two(self._clock, self._day, right=True))
        self._line.addWidget(self._dark)
        self._line.addWidget(self._keys)
        self._second.addStretch(1)

    def _menu_of_person(self) -> QMenu:
        menu = QMenu(self)
        for text, wanted in (
            (_("Somebody else signs in"), self.switch_requested),
            (_("Lock the desk"), self.lock_requested),
            (_("New password"), self.password_requested),
            (_("Sign out"), self.sign_out_requested),
        ):
            menu.addAction(text, wanted.emit)
        return menu

    def show_hub(self, name: str, kommuner: Sequence[str], tags: Sequence[str]) -> None:
        """Say whose desk this is, and in words what about it is not the real thing."""
        self._hub.setText(name)
        self._where.setText(" · ".join(kommuner))
        self._tags.setText("  ".join(tags))
        self._tags.setVisible(bool(tags))
        self._where.setVisible(not tags)
        self._hub.setToolTip(" · ".join(kommuner))

    def show_operator(self, name: str, role: str = "", *, leaves: bool = False) -> None:
        """Say who sits here and as what; who has signed in can also sign out."""
        self._operator.setText(name)
        self._operator_title.setText(role or _("operator"))
        self._person.setVisible(leaves)

    def show_dark(self, *, dark: bool) -> None:
        """Offer the other theme."""
        word(self._dark, _("Light") if dark else _("Dark"), key=self._theme_key)

    def manage_theme(self) -> None:
        """Say that policy gives the theme, and offer no other."""
        self._dark.setEnabled(False)
        self._dark.setToolTip(_("The colours are managed by IT."))

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show the numbers that count."""
        if len(figures) != len(self._figures):
            clear(self._figure_row)
            self._figures = [FigureView() for _figure in figures]
            for view in self._figures:
                self._figure_row.addWidget(view)
        for view, figure in zip(self._figures, figures, strict=True):
            view.show_figure(figure)

    def show_lamps(self, lamps: Sequence[Lamp]) -> None:
        """Show whether each part works."""
        if len(lamps) != len(self._lamps):
            clear(self._lamp_row)
            self._lamps = [LampView(self._looks) for _lamp in lamps]
            for view in self._lamps:
                self._lamp_row.addWidget(view)
            self._share()
        for view, lamp in zip(self._lamps, lamps, strict=True):
            view.show_lamp(lamp)

    def tick(self, now: datetime) -> None:
        """Show the local time."""
        self._clock.setText(times.clock(now))
        self._day.setText(times.weekday(now))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out a button where there is no room (its key works all the same), or use two lines."""
        super().resizeEvent(event)
        wide = self.width() >= _WIDE * scale(self)
        self._dark.setVisible(wide)
        gap = 20 if wide else 12
        for layout in (self._line, self._figure_row, self._lamp_row, self._middle.layout()):
            if layout is not None:
                layout.setSpacing(gap)
        self._share()

    def event(self, event: QEvent) -> bool:
        """Look again whether one line is enough when a word or the text's size changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._share()
        return super().event(event)

    def _share(self) -> None:
        """Put figures and lamps into a line of their own where one line would cut words."""
        hub = max(one.sizeHint().width() for one in (self._hub, self._tags))
        clock = max(one.sizeHint().width() for one in (self._clock, self._day))
        who = max(one.sizeHint().width() for one in (self._operator, self._operator_title))
        rest = [self._middle, self._keys]
        rest += [one for one in (self._dark, self._person) if not one.isHidden()]
        parts = [hub, who, clock, *(one.sizeHint().width() for one in rest)]
        needed = sum(parts) + len(parts) * self._line.spacing() + _AROUND
        apart = needed > self.width()
        if apart != self._apart:
            self._apart = apart
            (self._line if apart else self._second).removeWidget(self._middle)
            if apart:
                self._second.insertWidget(0, self._middle)
            else:
                self._line.insertWidget(1, self._middle)


def _two(first: QWidget, *below: QWidget, right: bool = False) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(0)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag(0)
    grid.addWidget(first, 0, 0, side)
    for widget in below:
        grid.addWidget(widget, 1, 0, side)
    return grid
