"""Finding a citizen by a few letters of name, address or number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from ui.views.in_place import InPlace
from ui.views.parts import label, row
from workstation.texts import _

_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A citizen as the list says it; `words` is what the search looks in."""

    key: str
    said: str
    words: str


class CitizenPicker(InPlace):
    """A search field over a list; Enter takes the first, Escape goes back."""

    picked = Signal(str)

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._everybody: tuple[Found, ...] = ()
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Name, address or number"))
        self._search.setAccessibleName(_("Find a citizen"))
        self._list = QListWidget()
        self._list.setProperty("role", "lines")
        self._list.setAccessibleName(_("Citizens found"))
        self._list.setMinimumHeight(130)
        self._count = label(role="soft")
        self.lines.addLayout(row(self._search, self._count, self.cancel, wide=self._search))
        self.lines.addWidget(self._list, 1)
        self._search.textChanged.connect(self._find)
        self._search.returnPressed.connect(self._take_first)
        self._list.itemActivated.connect(self._take)
        self._list.itemClicked.connect(self._take)

    def begin(self, everybody: Sequence[Found]) -> None:
        """Start a search among `everybody`."""
        self._everybody = tuple(everybody)
        self._search.clear()
        self._find("")
        self._search.setFocus()

    def _find(self, text: str) -> None:
        wanted = text.casefold().split()
        if "".join(wanted).lstrip("+").isdecimal():
            wanted = ["".join(wanted)]  # a number, however it is spaced
        found = [one for one in self._everybody if all(part in one.words for part in wanted)]
        self._list.clear()
        for one in found[:_MOST]:
            item = QListWidgetItem(one.said)
            item.setData(Qt.ItemDataRole.UserRole, one.key)
            self._list.addItem(item)
        self._count.setText(_("{count} found").format(count=len(found)))

    def _take(self, item: QListWidgetItem) -> None:
        self.picked.emit(item.data(Qt.ItemDataRole.UserRole))

    def _take_first(self) -> None:
        if self._list.count():
            self._take(self._list.item(max(0, self._list.currentRow())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go down into the list by the arrow, back by Escape."""
        if event.key() == Qt.Key.Key_Down and self._list.count():
            self._list.setCurrentRow(0)
            self._list.setFocus()
        else:
            super().keyPressEvent(event)
