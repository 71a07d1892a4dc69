"""Who is on duty: a page of the details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtWidgets import QWidget

from ui.delegates.cells import CellDelegate
from ui.models.duty import DutyRow, duty
from ui.models.table import Table
from ui.theme import Theme
from ui.views.parts import column, label
from ui.views.rows import RowsView
from workstation.texts import _


class _DutyRows(RowsView):
    """Columns as wide as they need to be; the desk's name gives way first."""

    def share_width(self, delegate: CellDelegate) -> None:
        """Share the width."""
        need = {
            "who": delegate.width_of("Anna Margrethe Lau (dig)"),
            "serves": delegate.width_of("Frederikshavn"),
            "works": max(
                delegate.width_of(one)
                for one in (_("everything works"), f"{_('no database')}  ", _("not heard of"))
            ),
            "seen": delegate.width_of(_("since {time}").format(time="00.00. nov.")),
        }
        rest = self.viewport().width()
        for place, one in enumerate(self._table.columns):
            if one.key in need:
                self.setColumnWidth(place, need[one.key])
                rest -= need[one.key]
        self.setColumnWidth(self._table.column("where"), max(rest, 60))


class DutyPage(QWidget):
    """A row for each process of the hub; the head says what stands between a kommune and an answer."""

    def __init__(self, looks: Callable[[], Theme], now: datetime) -> None:
        super().__init__()
        self._table: Table[DutyRow] = duty(now)
        self._keys: set[str] = set()
        self._said = label(role="soft", wrap=True)
        self._rows = _DutyRows(self._table, looks, name=_("On duty"), lines=2)
        self.setLayout(column(self._said, self._rows, gap=4))

    def show_rows(self, rows: Sequence[DutyRow], sentence: str, now: datetime) -> None:
        """Show who is there, and in one sentence what is missing."""
        keys = {row.presence.desk for row in rows}
        self._table.tick(now)
        self._rows.apply(rows, self._keys - keys)
        self._keys = set(keys)
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def tick(self, now: datetime) -> None:
        """Let the times run."""
        self._table.tick(now)
