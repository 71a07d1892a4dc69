"""Who are you? A panel in the middle column; the queue beside it is never covered."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit

from ui.views.parts import Panel, button, label, restyle, row, word
from workstation.texts import N_, _

_FIELD: Final = 280


class Asking(StrEnum):
    """What the panel asks for."""

    SIGN_IN = "sign_in"
    UNLOCK = "unlock"
    SWITCH = "switch"
    PASSWORD = "password"  # noqa: S105 - the name of a question
    """A new one, by whoever sits here."""
    OFFLINE = "offline"
    """One for when the identity provider is away."""


_RENEWS: Final = (Asking.PASSWORD, Asking.OFFLINE)

_TITLES: Final = {
    Asking.SIGN_IN: N_("Sign in"),
    Asking.UNLOCK: N_("The desk is locked"),
    Asking.SWITCH: N_("Change of user"),
    Asking.PASSWORD: N_("A new password"),
    Asking.OFFLINE: N_("A password for when the provider is away"),
}
_DOES: Final = {
    Asking.SIGN_IN: N_("Sign in"),
    Asking.UNLOCK: N_("Unlock"),
    Asking.SWITCH: N_("Sign in"),
    Asking.PASSWORD: N_("Change the password"),
    Asking.OFFLINE: N_("Change the password"),
}


class SignInPanel(Panel):
    """Name and password, or the identity provider; says in one sentence why not."""

    entered = Signal(str, str)
    """A name and a password; to unlock, and for a new one, the name is who sits here."""
    renewed = Signal(str, str)
    """The old password and the new one."""
    provider_wanted = Signal()
    switch_wanted = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__(_("Sign in"))
        self._asking: Asking | None = None
        self._title = label(role="title")
        self._said = label(role="soft", wrap=True)
        self._told = label(role="sentence", wrap=True)
        self._name_title, self._name = label(_("User name"), role="soft"), QLineEdit()
        self._password_title = label(_("Password"), role="soft")
        self._password = _hidden_field(_("Password"))
        self._new_title = label(_("New password"), role="soft")
        self._new = _hidden_field(_("New password"))
        self._do = button(_("Sign in"), role="primary", main=True)
        self._provider = button("")
        self._switch = button(_("Somebody else"), role="quiet")
        self._cancel = button(_("Cancel"), role="quiet")
        self._has_provider = False
        self._lay()
        self._do.clicked.connect(self._enter)
        self._provider.clicked.connect(self.provider_wanted)
        self._switch.clicked.connect(self.switch_wanted)
        self._cancel.clicked.connect(self.cancelled)
        for field in (self._name, self._password, self._new):
            field.returnPressed.connect(self._enter)
        self._provider.hide()
        self.hide()

    def _lay(self) -> None:
        self._name.setAccessibleName(_("User name"))
        self._name.setInputMethodHints(Qt.InputMethodHint.ImhNoAutoUppercase)
        lines = QGridLayout()
        lines.setVerticalSpacing(8)
        fields = (
            (self._name_title, self._name),
            (self._password_title, self._password),
            (self._new_title, self._new),
        )
        for place, (title, field) in enumerate(fields):
            field.setMinimumWidth(_FIELD)
            lines.addWidget(title, place, 0)
            lines.addWidget(field, place, 1)
        lines.setColumnStretch(2, 1)
        self.body.addWidget(self._title)
        self.body.addWidget(self._said)
        self.body.addLayout(lines)
        self.body.addWidget(self._told)
        self.body.addLayout(row(self._do, self._provider, self._switch, self._cancel, 1))

    def offer_provider(self, name: str) -> None:
        """Offer the identity provider of that name; "" for none."""
        self._has_provider = bool(name)
        word(self._provider, _("Sign in with {provider}").format(provider=name))

    def ask(self, asking: Asking, *, name: str = "", said: str = "") -> None:
        """Open with a question; asked already, what has been typed stays."""
        self._said.setText(said)
        if asking is self._asking and name == self._name.text():
            return
        self._asking = asking
        self._title.setText(_(_TITLES[asking]))
        word(self._do, _(_DOES[asking]))
        known = asking in (Asking.UNLOCK, *_RENEWS)
        self._name.setText(name)
        self._name.setReadOnly(known)
        for field in (self._password, self._new):
            field.clear()
        for part in (self._new, self._new_title):
            part.setVisible(asking in _RENEWS)
        for part in (self._password, self._password_title):
            part.setVisible(asking is not Asking.OFFLINE)
        self._provider.setVisible(self._has_provider and asking not in _RENEWS)
        self._switch.setVisible(asking is Asking.UNLOCK)
        self._cancel.setVisible(asking in (Asking.SWITCH, *_RENEWS))
        self.tell("")
        self.show()
        self.take_focus()

    def close_question(self) -> None:
        """Somebody sits here: nothing is asked, and nothing typed is kept."""
        self._asking = None
        for field in (self._name, self._password, self._new):
            field.clear()
        self.hide()

    @property
    def asking(self) -> Asking | None:
        """What is asked now."""
        return self._asking

    def tell(self, sentence: str, *, waits: bool = False) -> None:
        """Say why not, or (`waits`) what is waited for; then try again."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))
        restyle(self._told, tone="" if waits else "warn")
        self._do.setEnabled(True)
        if sentence and not waits:
            self._password.selectAll()

    def take_focus(self) -> None:
        """Put the keyboard where something is to be typed."""
        empty = [one for one in self._fields() if not one.text()]
        (empty or [self._password])[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc leave what may be left; else it silences an alarm."""
        if event.key() == Qt.Key.Key_Escape and not self._cancel.isHidden():
            self.cancelled.emit()
            return
        super().keyPressEvent(event)

    def _enter(self) -> None:
        empty = [one for one in self._fields() if not one.text()]
        if empty:
            empty[0].setFocus()
            return
        if not self._do.isEnabled():
            return
        self._do.setEnabled(False)  # until there is an answer
        if self._asking in _RENEWS:
            self.renewed.emit(self._password.text(), self._new.text())
        else:
            self.entered.emit(self._name.text().strip(), self._password.text())

    def _fields(self) -> list[QLineEdit]:
        if self._asking is Asking.OFFLINE:
            return [self._new]
        fields = [self._name, self._password]
        return [*fields, self._new] if self._asking is Asking.PASSWORD else fields


def _hidden_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field
