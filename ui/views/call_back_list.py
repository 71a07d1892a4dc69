"""Whom to call back: a button that says how many, and the list that it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.views.parts import button, row, word
from workstation.texts import _, ngettext

_KEY: Final = Qt.ItemDataRole.UserRole
_MOST: Final = 4
"""Rows that stand open; the others are scrolled to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackShown:
    """Somebody who called in vain."""

    key: str
    text: str


class CallBackList(QWidget):
    """Hidden while there is nobody to call back; Enter or a double click calls."""

    chosen = Signal(str)
    """Call the one of this key."""

    def __init__(self, *, key: str) -> None:
        """`key` opens the list, as written on its button."""
        super().__init__()
        self._key = key
        self._shown: tuple[CallBackShown, ...] = ()
        self.head = button("", key=key)
        self.head.setCheckable(True)
        self.rows = QListWidget()
        self.rows.setAccessibleName(_("To be called back"))
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.rows.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(row(self.head, 1))
        whole.addWidget(self.rows)
        self.head.toggled.connect(self._open)
        self.rows.itemActivated.connect(lambda item: self.chosen.emit(item.data(_KEY)))
        self.hide()

    def show_missed(self, missed: Sequence[CallBackShown]) -> None:
        """Show whom to call back, in the order given; what is chosen stays chosen."""
        if tuple(missed) == self._shown:
            return
        self._shown = tuple(missed)
        key = self._chosen()
        self.rows.clear()
        for one in missed:
            item = QListWidgetItem(one.text)
            item.setData(_KEY, one.key)
            item.setToolTip(one.text)
            self.rows.addItem(item)
            if one.key == key:
                self.rows.setCurrentItem(item)
        said = ngettext("{count} to call back", "{count} to call back", len(missed))
        told = _("Who called in vain within 24 hours and nobody has talked with since; Enter calls")
        word(self.head, said.format(count=len(missed)), key=self._key, tip=told)
        self._fit()
        self.setVisible(bool(missed))

    def _chosen(self) -> str:
        chosen = self.rows.selectedItems()
        return str(chosen[0].data(_KEY)) if chosen else ""

    def go(self) -> None:
        """Open the list with the keyboard in it."""
        if self._shown:
            self.head.setChecked(True)
            self.rows.setCurrentRow(max(self.rows.currentRow(), 0))
            self.rows.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open(self, opened: bool) -> None:  # noqa: FBT001 - a slot
        self.rows.setVisible(opened)
        self._fit()

    def _fit(self) -> None:
        if self.rows.count():
            high = self.rows.sizeHintForRow(0) * min(self.rows.count(), _MOST)
            self.rows.setFixedHeight(high + 2 * self.rows.frameWidth())
