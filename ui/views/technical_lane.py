"""The technical lane: devices ask for help here, quietly and away from people's alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from ui.delegates.cells import CellDelegate
from ui.models.alarms import AlarmRow
from ui.models.table import Table
from ui.theme import Theme
from ui.views.parts import Panel, button, label, row
from ui.views.rows import RowsView
from workstation.texts import _, ngettext

_LOOKED_AT: Final = 30
"""Rows that the width of a column is measured by."""


class LaneRows(RowsView):
    """One line for each technical alarm."""

    def apply(self, put: Iterable[AlarmRow], gone: Iterable[str] = ()) -> None:
        """Bring changes in, and make room for what they say."""
        super().apply(put, gone)
        self.share_again()

    def __init__(self, table: Table[AlarmRow], looks: Callable[[], Theme]) -> None:
        super().__init__(table, looks, name=_("Technical alarms"), lines=1)
        self.horizontalHeader().hide()

    def share_width(self, delegate: CellDelegate) -> None:
        """Give time and owner what they need, and whose it is as much as it needs of the rest."""
        waited, who = delegate.width_of("59 min"), delegate.width_of("Anna L.")
        rest = self.viewport().width() - waited - who
        rows = range(min(self._table.rowCount(), _LOOKED_AT))
        texts = [self._table.cell(row, 1).text for row in rows]
        whose = max((delegate.width_of(text) for text in texts), default=0)
        what = rest - min(max(whose, rest * 2 // 5), rest * 3 // 5)
        for place, width in enumerate((what, rest - what, waited, who)):
            self.setColumnWidth(place, width)


class TechnicalLane(Panel):
    """The technical alarms with their count and their empty state, and the test of the sounds."""

    sound_test_requested = Signal()

    def __init__(
        self, table: Table[AlarmRow], looks: Callable[[], Theme], *, sound_key: str = "F8"
    ) -> None:
        super().__init__(_("Technical alarms"))
        self._test = button(
            _("Test sound"), key=sound_key, role="quiet", tip=_("Play every kind's sound once")
        )
        self._test.clicked.connect(self.sound_test_requested)
        self.rows = LaneRows(table, looks)
        self._counts = label(role="soft")
        self._empty = label(_("All devices are well."), role="empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.rows)
        self._pages.addWidget(self._empty)
        title = label(_("Technical alarms"), role="title")
        self.body.addLayout(row(title, 1, self._counts, self._test))
        self.body.addWidget(pages, 1)
        self.setFocusProxy(self.rows)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Say how many are open."""
        said = ngettext("{count} open · quiet sound", "{count} open · quiet sound", count)
        self._counts.setText(said.format(count=count))
        self._counts.setVisible(count > 0)
        self._pages.setCurrentIndex(0 if count else 1)
