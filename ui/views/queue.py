"""The alarm queue: people's alarms in the order in which they want to be answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QWidget

from ui import times, words
from ui.delegates.cells import CellDelegate
from ui.models.alarms import AlarmRow
from ui.models.table import Table
from ui.theme import Theme
from ui.views.parts import Panel, button, label, row, word
from ui.views.rows import RowsView
from workstation.domain.kind import Kind
from workstation.texts import _, ngettext

_MERGE_BELOW: Final = 400
"""Pixels for citizen and event; with fewer, the citizen's cell says what happened."""
_A_NAME: Final = "Karen Margrethe Holm"
"""As long as a name usually gets."""
_A_DAY: Final = date(2026, 11, 22)
"""As long as a date gets."""


class QueueRows(RowsView):
    """The queue's table: the widths follow from the words, the rest goes to what happened."""

    def __init__(self, table: Table[AlarmRow], looks: Callable[[], Theme]) -> None:
        super().__init__(table, looks, name=_("Alarm queue"))

    def share_width(self, delegate: CellDelegate) -> None:
        """Give kind, wait and owner what their words need, and share the rest."""
        places = {column.key: place for place, column in enumerate(self._table.columns)}
        width = _needed(delegate)
        room = self.viewport().width()
        name = delegate.width_of(_A_NAME)
        tight = room - width["kind"] - width["waited"] - width["who"] < name * 0.8
        shown = ["kind", "waited_who"] if tight else ["kind", "waited", "who"]
        rest = room - sum(width[key] for key in shown)
        merged = rest < _MERGE_BELOW
        width["citizen"] = rest if merged else int(rest * 0.46)
        width["what"] = rest - width["citizen"]
        shown += ["citizen"] if merged else ["citizen", "what"]
        delegate.leave_out_below(set() if merged else {places["citizen"]})
        for key, place in places.items():
            self.setColumnHidden(place, key not in shown)
            self.setColumnWidth(place, width[key])


def _needed(delegate: CellDelegate) -> dict[str, int]:
    """Return what columns need to hold the longest of their words uncut, in the chosen language."""
    need = delegate.width_of
    saved = (f"{one} +1" for one in (_("not saved"), _("kept here"), _("provisional")))
    marks = (*saved, _("escalated"), _("at start-up"))
    waited = max(need(text) for text in ("23 t 59", _("Waited"), times.day(_A_DAY)))
    return {
        "kind": max(
            need(part, shape=True)
            for part in (*(part for kind in Kind for part in words.kind(kind).split()), *marks)
        ),
        "waited": waited,
        "who": max(need(_("arrival {time}").format(time="00:00")), need("Anna L.")),
        "waited_who": max(waited, need("Anna L.")),
    }


class QueueView(Panel):
    """The queue with its counts and its empty state."""

    shelved_wanted = Signal(bool)
    """Whether shelved alarms stand in the queue as well."""

    def __init__(self, table: Table[AlarmRow], looks: Callable[[], Theme]) -> None:
        super().__init__(_("Alarm queue"))
        self.rows = QueueRows(table, looks)
        self._title = label(_("Alarm queue"), role="title")
        self._counts = label(role="soft")
        self._shelved: QPushButton = button(_("Shelved"), role="quiet")
        self._shelved.setCheckable(True)
        self._shelved.toggled.connect(self.shelved_wanted)
        self._empty = label(role="empty", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._more = label(role="soft")
        self._more.hide()
        pages = QWidget()
        # The empty sentence lies over the table: the keyboard has somewhere to be all the same.
        over = QStackedLayout(pages)
        over.setStackingMode(QStackedLayout.StackingMode.StackAll)
        self._over = _padded(self._empty)
        self._over.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.addWidget(self._over)
        over.addWidget(self.rows)
        self.body.addLayout(row(self._title, 1, self._counts, self._shelved))
        self.body.addWidget(pages, 1)
        self.body.addWidget(self._more)
        self.setFocusProxy(self.rows)

    def show_counts(self, waiting: int, taken: int, shelved: int) -> None:
        """Say how many wait, are in hand and are put aside."""
        said = [
            ngettext("{count} waits", "{count} wait", waiting).format(count=waiting),
            ngettext("{count} taken", "{count} taken", taken).format(count=taken),
        ]
        self._counts.setText(" · ".join(said))
        self._shelved.setVisible(shelved > 0 or self._shelved.isChecked())
        word(self._shelved, _("{count} shelved").format(count=shelved))

    def show_empty(self, sentence: str) -> None:
        """Say something useful instead of an empty table; an empty sentence shows the table."""
        self._empty.setText(sentence)
        self._over.setVisible(bool(sentence))
        self._counts.setVisible(not sentence)

    def show_hidden(self, count: int) -> None:
        """Say how many alarms are beyond what the table shows."""
        self._more.setText(
            ngettext("and {count} more after these", "and {count} more after these", count).format(
                count=count
            )
        )
        self._more.setVisible(count > 0)


def _padded(inside: QWidget) -> QWidget:
    outside = QWidget()
    layout = QHBoxLayout(outside)
    layout.setContentsMargins(24, 60, 24, 24)
    layout.addWidget(inside)
    return outside
