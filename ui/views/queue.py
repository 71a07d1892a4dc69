"""The alarm queue: people's alarms in the order in which they want to be answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QWidget

from ui import words
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


class QueueRows(RowsView):
    """The queue's table: the widths follow from the words, the rest goes to what happened."""

    def __init__(self, table: Table[AlarmRow], looks: Callable[[], Theme]) -> None:
        super().__init__(table, looks, name=_("Alarm queue"))

    def share_width(self, delegate: CellDelegate) -> None:
        """Give kind, wait, times and owner what their words need, and share the rest."""
        need = delegate.width_of
        places = {column.key: place for place, column in enumerate(self._table.columns)}
        kinds = [words.kind(kind) for kind in Kind]
        marks = max(_("not saved"), _("escalated"), _("at start-up"), key=len)
        # The longest word of each column in the chosen language is what it must hold uncut.
        width = {
            "kind": max(need(text, shape=True) for text in (*kinds, f"{marks} +1")),
            "waited": max(need("23 t 59"), need(_("Waited")), need("22. nov.")),
            "who": max(need(_("arrival {time}").format(time="00:00")), need("Anna L.")),
        }
        rest = self.viewport().width() - sum(width.values())
        if rest < need(_A_NAME) * 0.8:
            # Large text: a name in full counts for more than a mark's whole word.
            rest += width["kind"]
            width["kind"] = max(need(text, shape=True) for text in kinds)
            rest -= width["kind"]
        merged = rest < _MERGE_BELOW
        self.setColumnHidden(places["what"], merged)
        delegate.leave_out_below(set() if merged else {places["citizen"]})
        width["citizen"] = rest if merged else int(rest * 0.46)
        width["what"] = rest - width["citizen"]
        for key, pixels in width.items():
            self.setColumnWidth(places[key], pixels)


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
