"""Today's round: how far the day has come, the visits, and what may be done with the chosen one."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QProgressBar, QPushButton

from ui import times, visit_words
from ui.models.rounds import VisitRow
from ui.models.table import Table
from ui.plots.plan import Looks
from ui.views.parts import Panel, button, label, row
from ui.views.round_list import RoundList
from ui.views.visit_bar import VisitBar
from workstation.domain.round import RoundCount
from workstation.texts import _


class RoundPanel(Panel):
    """The day's plan in one column."""

    start_next_wanted = Signal()
    """Start the next visit that is mine or nobody's."""
    only_mine_wanted = Signal(bool)
    """Show my visits and nobody's, or everybody's."""
    citizen_wanted = Signal(str)
    """Show the citizen of the visit of this key."""

    def __init__(
        self, table: Table[VisitRow], looks: Looks, *, start_key: str = "Ctrl+Enter"
    ) -> None:
        """`start_key` is the key of the action that starts the next visit, as shown on buttons."""
        super().__init__(_("Today's round"))
        self._table = table
        self.list = RoundList(table, looks, start_key=start_key)
        self.bar = VisitBar(start_key=start_key)
        """Its `wanted` signal says what is to be done with a visit."""
        self._counts = label(role="soft")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._empty = label(role="empty", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._next = ""
        self._now: datetime | None = None
        self._lay_out()
        self.list.chosen.connect(self._chosen)
        self.list.entered.connect(self._entered)
        self.list.start_next_pressed.connect(self.start_next_wanted)
        self.bar.touched.connect(self.list.touch)

    def apply(
        self, put: list[VisitRow], gone: list[str], *, next_visit: str, now: datetime
    ) -> None:
        """Bring visits in and out of the list; `next_visit` is the key of the one to start next."""
        self._next, self._now = next_visit, now
        self.list.apply(put, gone, next_visit=next_visit)
        self._show_bar()

    def show_count(self, count: RoundCount, missed: int, day: datetime) -> None:
        """Say how far the day has come."""
        said = visit_words.progress(count.done, count.total, missed)
        self._counts.setText(f"{times.weekday(day)} · {said}")
        self._progress.setRange(0, max(count.total, 1))
        self._progress.setValue(count.done)
        self._progress.setAccessibleName(said)

    def show_empty(self, sentence: str) -> None:
        """Say something useful instead of an empty list; an empty sentence shows the list."""
        self._empty.setText(sentence)
        self._empty.setVisible(bool(sentence))
        self.list.setVisible(not sentence)

    def tick(self, now: datetime) -> None:
        """Let what runs say `now`."""
        self._now = now
        self.list.tick(now)
        self._show_bar()

    def _chosen(self, _key: str) -> None:
        self._show_bar()

    def _entered(self, key: str) -> None:
        self.citizen_wanted.emit(key)
        self.bar.focus_first()

    def _show_bar(self) -> None:
        place = self._table.row_of(self.list.key) if self.list.key else -1
        if self._now is not None:
            chosen = self._table.at(place) if place >= 0 else None
            self.bar.show_visit(
                chosen, self._now, is_next=bool(self._next) and self.list.key == self._next
            )

    def _lay_out(self) -> None:
        self._whose = QButtonGroup(self)
        mine, everybody = self._filter(_("Mine"), 0), self._filter(_("All"), 1)
        everybody.setChecked(True)
        mine.toggled.connect(self.only_mine_wanted)
        self.body.addLayout(row(label(_("Today's round"), role="title"), 1, mine, everybody, gap=2))
        self.body.addWidget(self._counts)
        self.body.addWidget(self._progress)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self.bar)
        self.setFocusProxy(self.list)
        self.show_empty("")

    def _filter(self, text: str, place: int) -> QPushButton:
        made = button(text, role="quiet")
        made.setCheckable(True)
        self._whose.addButton(made, place)
        return made
