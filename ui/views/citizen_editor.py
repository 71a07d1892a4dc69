"""Editing a citizen's card, contacts and devices in place; nothing is stored until it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui import words
from ui.views.citizen_picker import CitizenPicker, Found
from ui.views.editor_rows import ContactRows, DeviceRows, Wrong, numbers_of
from ui.views.parts import button, label, restyle, row
from workstation.application.numbers import readable
from workstation.domain.citizen import Citizen, Device
from workstation.domain.kind import Kind
from workstation.domain.names import Kommune
from workstation.texts import _

_CPR_DIGITS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be stored."""

    citizen: Citizen
    cpr: str | None
    """Ten digits, or None where the stored number stays."""
    devices: tuple[Device, ...]


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
        self._name, self._born, self._cpr = QLineEdit(), QLineEdit(), QLineEdit()
        self._kommune = QComboBox()
        self._street, self._postcode, self._city = QLineEdit(), QLineEdit(), QLineEdit()
        self._access, self._notes = QLineEdit(), QPlainTextEdit()
        self._numbers = QLineEdit()
        self._contacts, self._devices = ContactRows(), DeviceRows()
        self._instructions = {kind: QLineEdit() for kind in Kind}
        self._form = QScrollArea()
        self._pages = QStackedWidget()
        self._lay()
        self._connect()
        self.show_nobody()

    # --- layout -------------------------------------------------------------------------------

    def _lay(self) -> None:
        self._form.setWidgetResizable(True)
        self._form.setFrameShape(QFrame.Shape.NoFrame)
        self._form.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fields = self._fields()
        self._form.setWidget(fields)
        fields.setAutoFillBackground(False)
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

    def _fields(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 8, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._born.setPlaceholderText(_("day-month-year"))
        self._cpr.setPlaceholderText(_("ten digits; empty keeps what is stored"))
        self._cpr.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self._numbers.setPlaceholderText(_("in the order to try, separated by commas"))
        self._notes.setFixedHeight(76)
        self._notes.setTabChangesFocus(True)
        self._postcode.setMaximumWidth(90)
        town = QWidget()
        town.setLayout(row(self._street, self._postcode, self._city, wide=self._street))
        who = QWidget()
        who.setLayout(row(self._born, self._cpr, self._kommune, wide=self._cpr))
        fields: tuple[tuple[str, QWidget], ...] = (
            (_("Name"), self._name),
            (_("Born, CPR, kommune"), who),
            (_("Street, postcode, town"), town),
            (_("How to get in"), self._access),
            (_("Telephone"), self._numbers),
            (_("Contacts"), self._contacts),
            *((words.at_kind(kind), field) for kind, field in self._instructions.items()),
            (_("Notes"), self._notes),
            (_("Devices"), self._devices),
        )
        for line, (title, field) in enumerate(fields):
            heading = label(title, role="soft")
            heading.setMinimumHeight(self._name.sizeHint().height())
            field.setAccessibleName(title)
            grid.addWidget(heading, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, line, 1)
        for field, name in (
            (self._born, _("Born")), (self._cpr, _("CPR number")), (self._kommune, _("Kommune")),
            (self._street, _("Street")), (self._postcode, _("Postcode")), (self._city, _("Town")),
        ):  # fmt: skip
            field.setAccessibleName(name)
        return page

    def _connect(self) -> None:
        self._find.clicked.connect(self.find_requested)
        self._new.clicked.connect(self.new_requested)
        self._save.clicked.connect(self._try_to_save)
        self._undo.clicked.connect(self._start_again)
        self._picker.cancelled.connect(self._back)
        self._picker.picked.connect(self._picked)
        for field in self._text_fields():
            field.textEdited.connect(self._touched)
        self._notes.textChanged.connect(self._touched)
        self._kommune.activated.connect(self._touched)
        self._contacts.touched.connect(self._touched)
        self._devices.touched.connect(self._touched)

    def _text_fields(self) -> tuple[QLineEdit, ...]:
        return (self._name, self._born, self._cpr, self._street, self._postcode, self._city,
                self._access, self._numbers, *self._instructions.values())  # fmt: skip

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
        places = list(dict.fromkeys((*kommuner, citizen.kommune)))
        self._kommune.clear()
        self._kommune.addItems(places)
        self._kommune.setCurrentText(citizen.kommune)
        self._name.setText(citizen.name)
        self._born.setText(citizen.born.strftime("%d-%m-%Y") if citizen.born else "")
        self._cpr.clear()
        self._street.setText(citizen.address)
        self._postcode.setText(citizen.postcode)
        self._city.setText(citizen.city)
        self._access.setText(citizen.access)
        self._numbers.setText(", ".join(map(readable, citizen.numbers)))
        self._contacts.fill(citizen.contacts)
        for kind, field in self._instructions.items():
            field.setText(citizen.instructions.get(kind, ""))
        self._notes.setPlainText(citizen.notes)
        self._devices.fill(devices, citizen, places)
        self._pages.setCurrentWidget(self._form)
        self._clean("")
        for field in self._text_fields():
            restyle(field, wrong="")
            field.setCursorPosition(0)

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
        for field in self._text_fields():
            restyle(field, wrong="")
        try:
            draft = self._draft()
        except Wrong as wrong:
            self._said.setText(wrong.sentence)
            if isinstance(wrong.field, QLineEdit):
                restyle(wrong.field, wrong="true")
            wrong.field.setFocus()
            return
        self.saved.emit(draft)

    def _draft(self) -> Draft:
        assert self._citizen is not None  # noqa: S101 - the button is off while there is nobody
        name = self._name.text().strip()
        if not name:
            raise Wrong(self._name, _("A citizen needs a name."))
        kommune = Kommune(self._kommune.currentText())
        instructions = {kind: field.text().strip() for kind, field in self._instructions.items()}
        citizen = replace(
            self._citizen,
            name=name,
            kommune=kommune,
            born=_date(self._born),
            address=self._street.text().strip(),
            postcode=self._postcode.text().strip(),
            city=self._city.text().strip(),
            access=self._access.text().strip(),
            numbers=numbers_of(self._numbers),
            contacts=self._contacts.read(),
            instructions={kind: text for kind, text in instructions.items() if text},
            notes=self._notes.toPlainText().strip(),
        )
        return Draft(citizen=citizen, cpr=_cpr(self._cpr), devices=self._devices.read())


def _date(field: QLineEdit) -> date | None:
    text = field.text().strip()
    if not text:
        return None
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007 - a birthday has no zone
    except ValueError:
        raise Wrong(field, _("Write the day of birth as 31-12-1942.")) from None


def _cpr(field: QLineEdit) -> str | None:
    digits = field.text().replace("-", "").replace(" ", "")
    if not digits:
        return None
    if len(digits) != _CPR_DIGITS or not digits.isdecimal():
        raise Wrong(field, _("A CPR number has ten digits."))
    return digits
