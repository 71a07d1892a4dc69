"""The lists inside the register's form: contacts and devices, a line for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from ui import words
from ui.views.parts import button, clear, restyle, row
from workstation.application.numbers import BadNumber, dialable, readable
from workstation.domain.citizen import Citizen, Contact, Device, DeviceClass, Relation
from workstation.domain.names import CitizenId, DeviceName, Kommune
from workstation.domain.unit_voice import VoiceProfile
from workstation.texts import _

_LEAST: Final = 56
_FEW: Final = 4
_AROUND: Final = 24
"""Pixels a field keeps where there is no room, letters of a closed list, pixels around an open one."""


class Wrong(Exception):
    """A field holds what cannot be stored; `sentence` says what is expected."""

    def __init__(self, field: QWidget, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def numbers_of(field: QLineEdit) -> tuple[str, ...]:
    """Return a field's telephone numbers as they are stored; raises Wrong."""
    try:
        return tuple(dialable(part) for part in field.text().split(",") if part.strip())
    except BadNumber as error:
        restyle(field, wrong="true")
        raise Wrong(field, _("“{text}” is no telephone number.").format(text=error.text)) from None


class _Rows(QWidget):
    touched = Signal()

    def __init__(self, add: str) -> None:
        super().__init__()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self._add = button(add, role="quiet")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(self._lines)
        whole.addLayout(row(self._add, 1))
        self._add.clicked.connect(self._add_empty)

    def _add_empty(self) -> None:
        raise NotImplementedError

    def _add_line(self, *fields: QLineEdit | QComboBox) -> QWidget:
        """Put fields side by side with a button that takes the line away."""
        line = QWidget()
        away = button(_("Remove"), role="quiet")
        inside = row(*fields, away, gap=4)
        line.setLayout(inside)
        away.clicked.connect(lambda: self._take_away(line))
        for place, field in enumerate(fields):
            if isinstance(field, QLineEdit):
                # What comes later in a line is longer: a name, a number, a place.
                inside.setStretch(place, 2 + place)
                field.textEdited.connect(self.touched)
            else:
                field.activated.connect(self.touched)
        self._lines.addWidget(line)
        return line

    def _take_away(self, line: QWidget) -> None:
        self._forget(line)
        self._lines.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.touched.emit()

    def _forget(self, line: QWidget) -> None:
        raise NotImplementedError


class ContactRows(_Rows):
    """Who may be called for the citizen."""

    def __init__(self) -> None:
        super().__init__(_("Add a contact"))
        self._fields: dict[QWidget, tuple[QComboBox, QLineEdit, QLineEdit, QLineEdit]] = {}

    def fill(self, contacts: Sequence[Contact]) -> None:
        """Show these contacts."""
        clear(self._lines)
        self._fields.clear()
        for contact in contacts:
            self._show(contact)

    def read(self) -> tuple[Contact, ...]:
        """Return the contacts as written; lines without a name are left out. Raises Wrong."""
        return tuple(
            Contact(
                name=name.text().strip(),
                relation=Relation(relation.currentData()),
                title=title.text().strip(),
                numbers=numbers_of(numbers),
            )
            for relation, title, name, numbers in self._fields.values()
            if name.text().strip()
        )

    def _show(self, contact: Contact) -> None:
        relation = QComboBox()
        for one in Relation:
            relation.addItem(words.relation(one), one.value)
        relation.setCurrentIndex(list(Relation).index(contact.relation))
        relation.setAccessibleName(_("What they are"))
        title, name = _field(contact.title, _("such as daughter")), _field(contact.name, _("Name"))
        numbers = _field(", ".join(map(readable, contact.numbers)), _("Telephone"))
        self._fields[self._add_line(relation, title, name, numbers)] = (
            relation, title, name, numbers,
        )  # fmt: skip

    def _add_empty(self) -> None:
        self._show(Contact(name="", relation=Relation.RELATIVE, numbers=()))

    def _forget(self, line: QWidget) -> None:
        del self._fields[line]


@dataclass(frozen=True, slots=True)
class _DeviceLine:
    device: Device
    name: QLineEdit
    kind: QComboBox
    title: QLineEdit
    place: QLineEdit
    tones: QComboBox


class DeviceRows(_Rows):
    """The citizen's devices; one that is taken away becomes nobody's."""

    def __init__(self) -> None:
        super().__init__(_("Add a device"))
        self._fields: dict[QWidget, _DeviceLine] = {}
        self._freed: list[Device] = []
        self._citizen = CitizenId("")
        self._home = Kommune("")

    def fill(
        self, devices: Sequence[Device], citizen: Citizen, kommuner: Sequence[Kommune]
    ) -> None:
        """Show these devices."""
        clear(self._lines)
        self._fields.clear()
        self._freed = []
        self._citizen = citizen.id
        self._home = citizen.kommune or kommuner[0]
        for device in devices:
            self._show(device)

    def read(self) -> tuple[Device, ...]:
        """Return the devices as written, those taken away belonging to nobody."""
        kept = [
            replace(
                line.device,
                name=DeviceName(line.name.text().strip()),
                device_class=DeviceClass(line.kind.currentData()),
                title=line.title.text().strip(),
                location=line.place.text().strip(),
                profile=line.tones.currentData(),
                citizen=self._citizen,
            )
            for line in self._fields.values()
            if line.name.text().strip()
        ]
        return (*kept, *(replace(device, citizen=None) for device in self._freed))

    def _show(self, device: Device) -> None:
        kind = QComboBox()
        for one in DeviceClass:
            kind.addItem(words.device_class(one), one.value)
        kind.setCurrentIndex(list(DeviceClass).index(device.device_class))
        kind.setAccessibleName(_("What it is"))
        _narrow(kind)
        name = _field(device.name, _("name in its topic"))
        name.setReadOnly(bool(device.name))  # another name would be another device
        title, place = _field(device.title, _("Title")), _field(device.location, _("Where"))
        tones = _tones(device.profile)
        self._fields[self._add_line(name, kind, title, place, tones)] = _DeviceLine(
            device, name, kind, title, place, tones
        )

    def _add_empty(self) -> None:
        self._show(Device(name=DeviceName(""), kommune=self._home))

    def _forget(self, line: QWidget) -> None:
        device = self._fields.pop(line).device
        if device.name:
            self._freed.append(device)


def _tones(profile: str) -> QComboBox:
    """Return the choice of a unit's tones; a word of a newer program stays what it is."""
    tones = QComboBox()
    tones.addItem(_("Hub's tones"), "")
    for one in VoiceProfile:
        tones.addItem(words.tones(one), one.value)
    if tones.findData(profile) < 0:
        tones.addItem(profile, profile)
    tones.setCurrentIndex(tones.findData(profile))
    _narrow(tones)
    tones.setAccessibleName(_("The alarm unit's tones"))
    tones.setToolTip(_("By which tones the unit's loudspeaker is turned up and down in a call"))
    return tones


def _narrow(choice: QComboBox) -> None:
    """Let it give way on a small screen: its open list says the words in full."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(_FEW)
    choice.setMinimumWidth(_LEAST + _AROUND)
    choice.view().setMinimumWidth(choice.view().sizeHintForColumn(0) + _AROUND)


def _field(text: str, hint: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setPlaceholderText(hint)
    field.setAccessibleName(hint)
    field.setCursorPosition(0)
    field.setMinimumWidth(_LEAST)
    return field
