"""Editing a citizen's card, contacts and devices in place; nothing is stored until it is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.views.citizen_form import CitizenForm
from ui.views.citizen_picker import CitizenPicker, Found
from ui.views.editor_rows import Wrong
from ui.views.parts import button, label, restyle, row
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import Kommune
from workstation.texts import _

_CPR_DIGITS: Final = 10


class CitizenEditor(QWidget):
    """A form over one citizen; a search where nobody is chosen."""

    saved = Signal(object)
    """A `Draft`."""
    found = Signal(str)
    find_requested = Signal()
    wanted = Signal()
    """This page should be open: the operator looks for somebody."""
    new_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Register"))
        self._citizen: Citizen | None = None
        self.is_dirty = False
        self._said = label(role="soft", wrap=True)
        self._find = button(_("Find a citizen"))
        self._new = button(_("New citizen"))
        self._save = button(_("Save"), role="primary")
        self._undo = button(_("Undo"), role="quiet")
        self._picker = CitizenPicker(_("Find a citizen"))
        self._form = CitizenForm()
        self._pages = QStackedWidget()
        self._lay()
        self._connect()
        self.show_nobody()

    # --- layout -------------------------------------------------------------------------------

    def _lay(self) -> None:
        self._pages.addWidget(QWidget())
        self._pages.addWidget(self._form)
        self._pages.addWidget(self._picker)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 4, 0, 0)
        lines.setSpacing(6)
        lines.addLayout(
            row(self._said, self._find, self._new, self._undo, self._save, wide=self._said)
        )
        lines.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self._find.clicked.connect(self.find_requested)
        self._new.clicked.connect(self.new_requested)
        self._save.clicked.connect(self._try_to_save)
        self._undo.clicked.connect(self._start_again)
        self._picker.cancelled.connect(self._back)
        self._picker.picked.connect(self._picked)
        self._form.touched.connect(self._touched)

    # --- shown --------------------------------------------------------------------------------

    def show_nobody(self) -> None:
        """Offer to find somebody."""
        self._citizen = None
        self._pages.setCurrentIndex(0)
        self._clean(_("Find a citizen to see and edit the card, or add a new one."))

    def begin_find(self, everybody: Sequence[Found]) -> None:
        """Search among everybody."""
        self.wanted.emit()
        self._pages.setCurrentWidget(self._picker)
        self._picker.begin(everybody)

    def edit(
        self, citizen: Citizen, devices: Sequence[Device], kommuner: Sequence[Kommune]
    ) -> None:
        """Fill the form with a card."""
        self._citizen, self._kept = citizen, (tuple(devices), tuple(kommuner))
        self._form.fill(citizen, devices, kommuner)
        self._pages.setCurrentWidget(self._form)
        self._clean("")

    def show_saved(self) -> None:
        """Say that it is stored."""
        self._clean(_("Saved."))

    def _clean(self, sentence: str) -> None:
        self.is_dirty = False
        self._said.setText(sentence)
        restyle(self._said, tone="")
        self._save.setEnabled(False)
        self._undo.setVisible(False)

    # --- edited -------------------------------------------------------------------------------

    def _touched(self) -> None:
        if self._citizen is None:
            return
        self.is_dirty = True
        self._said.setText(_("Not saved yet."))
        restyle(self._said, tone="warn")
        self._save.setEnabled(True)
        self._undo.setVisible(True)

    def _start_again(self) -> None:
        if self._citizen is not None:
            devices, kommuner = self._kept
            self.edit(self._citizen, devices, kommuner)

    def _back(self) -> None:
        self._pages.setCurrentIndex(0 if self._citizen is None else 1)

    def _picked(self, key: str) -> None:
        self._back()
        self.is_dirty = False
        self.found.emit(key)

    def _try_to_save(self) -> None:
        if self._citizen is None:
            return
        self._form.forget_faults()
        try:
            draft = self._form.read(self._citizen)
        except Wrong as wrong:
            self._said.setText(wrong.sentence)
            if isinstance(wrong.field, QLineEdit):
                restyle(wrong.field, wrong="true")
            wrong.field.setFocus()
            return
        self.saved.emit(draft)
