"""What else is known of the person in front: pages under tabs, one of them open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QTabBar, QWidget

from ui.delegates.cells import CellDelegate
from ui.models.past import PastRow, past, similar
from ui.models.table import Table
from ui.theme import Theme
from ui.views.card_page import CardPage
from ui.views.citizen_editor import CitizenEditor
from ui.views.parts import Panel, column, label, restyle
from ui.views.rows import RowsView
from workstation.domain.alarm import Alarm
from workstation.texts import _

_RAW_SHOWN: Final = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its key, its tab's title, its content."""

    key: str
    title: str
    widget: QWidget


class _PastRows(RowsView):
    """A plain list whose columns have shares; the last but the widest takes the rest."""

    def __init__(
        self, table: Table[Any], looks: Callable[[], Theme], *, name: str, wide: str
    ) -> None:
        self._wide = wide
        super().__init__(table, looks, name=name, lines=1)

    def share_width(self, delegate: CellDelegate) -> None:
        """Give times, names and outcomes what they need; the text takes the rest."""
        need = {
            "at": delegate.width_of("22. nov. 21:14:07"),
            "by": delegate.width_of("Anna Lauridsen"),
            "outcome": delegate.width_of(_("Responder sent")),
        }
        rest = self.viewport().width()
        columns = {one.key: place for place, one in enumerate(self._table.columns)}
        for key, place in columns.items():
            if key != self._wide:
                self.setColumnWidth(place, need[key])
                rest -= need[key]
        self.setColumnWidth(columns[self._wide], rest)


class _Pages(QStackedWidget):
    """As small as it must be: who is in front comes before what else is known of them."""

    def minimumSizeHint(self) -> QSize:
        """Return little, whatever the pages would like."""
        return QSize(200, 120)

    def hasHeightForWidth(self) -> bool:
        """Return no: or the box around it would ask the pages how high they would like to be."""
        return False


class Details(Panel):
    """Tabs over pages: readings, card, time line, similar alarms, raw message, register."""

    page_opened = Signal(str)

    def __init__(
        self,
        looks: Callable[[], Theme],
        now: datetime,
        *,
        telemetry: QWidget,
        register: CitizenEditor,
        more: Sequence[Page] = (),
    ) -> None:
        """`telemetry`, `register` and `more` are made elsewhere and stand as pages here."""
        super().__init__(_("Details"))
        self.card = CardPage()
        self._past: Table[PastRow] = past(now)
        self._similar: Table[Alarm] = similar(now)
        self._past_keys: set[str] = set()
        self._similar_keys: set[str] = set()
        self._similar_said = label(role="soft")
        self._raw = QPlainTextEdit()
        self._raw.setReadOnly(True)
        self._raw.setAccessibleName(_("Raw message"))
        self._raw.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self._raw_said = label(role="soft", wrap=True)
        past_rows = _PastRows(self._past, looks, name=_("Time line"), wide="what")
        similar_rows = _PastRows(self._similar, looks, name=_("Similar alarms"), wide="what")
        self._pages = (
            Page(key="telemetry", title=_("Readings"), widget=telemetry),
            Page(key="card", title=_("Card"), widget=self.card),
            Page(key="history", title=_("Time line"), widget=past_rows),
            Page(
                key="similar", title=_("Similar"), widget=_below(self._similar_said, similar_rows)
            ),
            Page(key="raw", title=_("Raw message"), widget=_below(self._raw_said, self._raw)),
            Page(key="register", title=_("Register"), widget=register),
            *more,
        )
        self._tabs = QTabBar()
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        # A supervisor has more pages than a small screen has room for; no word is cut.
        self._tabs.setUsesScrollButtons(True)
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._tabs.setAccessibleName(_("Details"))
        self._stack = _Pages()
        for page in self._pages:
            self._tabs.addTab(page.title)
            self._stack.addWidget(page.widget)
        # A part that frames itself elsewhere stands in this frame here.
        restyle(telemetry, role="")
        inside = telemetry.layout()
        if inside is not None:
            inside.setContentsMargins(0, 2, 0, 0)
        self.body.setContentsMargins(14, 0, 14, 2)
        self.body.addWidget(self._tabs)
        self.body.addWidget(self._stack, 1)
        self._tabs.currentChanged.connect(self._changed)
        self.card.edit_requested.connect(lambda: self.open("register"))
        register.wanted.connect(lambda: self.open("register"))

    # --- tabs ---------------------------------------------------------------------------------

    def open(self, key: str) -> None:
        """Show the page of `key`; raises KeyError for one that is not there."""
        self._tabs.setCurrentIndex(self._place(key))

    def show_tab(self, key: str, *, shown: bool) -> None:
        """Show or hide a page's tab; hidden while open, the first page is shown."""
        place = self._place(key)
        if not shown and self._tabs.currentIndex() == place:
            self._tabs.setCurrentIndex(0)
        self._tabs.setTabVisible(place, shown)

    @property
    def opened(self) -> str:
        """The key of the page that is shown."""
        return self._pages[self._tabs.currentIndex()].key

    def _place(self, key: str) -> int:
        for place, page in enumerate(self._pages):
            if page.key == key:
                return place
        raise KeyError(key)

    def _changed(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.page_opened.emit(self._pages[place].key)

    # --- pages --------------------------------------------------------------------------------

    def show_history(self, rows: Sequence[PastRow], now: datetime) -> None:
        """Show the time line."""
        keys = {self._past.key_of(row) for row in rows}
        self._past.tick(now)
        self._past.update(rows, self._past_keys - keys)
        self._past_keys = keys

    def show_similar(self, alarms: Sequence[Alarm], sentence: str, now: datetime) -> None:
        """Show the alarms that were like this one."""
        keys = {alarm.id for alarm in alarms}
        self._similar.tick(now)
        self._similar.update(alarms, self._similar_keys - keys)
        self._similar_keys = set(keys)
        self._similar_said.setText(sentence)
        title = _("Similar")
        self._tabs.setTabText(self._place("similar"), f"{title} ({len(keys)})" if keys else title)

    def show_raw(self, sentence: str, raw: bytes) -> None:
        """Show a message as it came, at most 16 kB of it; bytes that are no text are escaped."""
        self._raw_said.setText(sentence)
        self._raw.setPlainText(raw[:_RAW_SHOWN].decode("utf-8", "backslashreplace"))


def _below(first: QWidget, second: QWidget) -> QWidget:
    page = QWidget()
    lines = column(first, second, gap=4)
    lines.setStretchFactor(second, 1)
    lines.setAlignment(first, Qt.AlignmentFlag.AlignTop)
    page.setLayout(lines)
    return page
