"""The fields of a citizen's card; what is in them is read, and refused, as a whole."""

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
    QWidget,
)

from ui import words
from ui.views.editor_rows import ContactRows, DeviceRows, Wrong, numbers_of
from ui.views.parts import label, restyle, row
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


class CitizenForm(QScrollArea):
    """One citizen's card as fields."""

    touched = Signal()
    """Something was written."""

    def __init__(self) -> None:
        super().__init__()
        self._name, self._born, self._cpr = QLineEdit(), QLineEdit(), QLineEdit()
        self._kommune = QComboBox()
        self._street, self._postcode, self._city = QLineEdit(), QLineEdit(), QLineEdit()
        self._access, self._notes = QLineEdit(), QPlainTextEdit()
        self._numbers = QLineEdit()
        self._contacts, self._devices = ContactRows(), DeviceRows()
        self._instructions = {kind: QLineEdit() for kind in Kind}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fields = self._fields()
        self.setWidget(fields)
        fields.setAutoFillBackground(False)
        for field in self._text_fields():
            field.textEdited.connect(self.touched)
        self._notes.textChanged.connect(self.touched)
        self._kommune.activated.connect(self.touched)
        self._contacts.touched.connect(self.touched)
        self._devices.touched.connect(self.touched)

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

    def _text_fields(self) -> tuple[QLineEdit, ...]:
        return (self._name, self._born, self._cpr, self._street, self._postcode, self._city,
                self._access, self._numbers, *self._instructions.values())  # fmt: skip

    def fill(
        self, citizen: Citizen, devices: Sequence[Device], kommuner: Sequence[Kommune]
    ) -> None:
        """Show a card."""
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
        for field in self._text_fields():
            field.setCursorPosition(0)
        self.forget_faults()

    def forget_faults(self) -> None:
        """Mark no field as wrong."""
        for field in self._text_fields():
            restyle(field, wrong="")

    def read(self, citizen: Citizen) -> Draft:
        """Return `citizen` as written; raises Wrong with the field that cannot be stored."""
        name = self._name.text().strip()
        if not name:
            raise Wrong(self._name, _("A citizen needs a name."))
        kommune = Kommune(self._kommune.currentText())
        instructions = {kind: field.text().strip() for kind, field in self._instructions.items()}
        written = replace(
            citizen,
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
        return Draft(citizen=written, cpr=_cpr(self._cpr), devices=self._devices.read())


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
