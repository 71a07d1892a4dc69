"""Who it is, where they live, how to get in; the CPR number only when it is asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.views.parts import Elided, button, label, restyle, row
from workstation.texts import _


class PersonHead(QWidget):
    """The citizen's name and address, or what is known of a device nobody knows."""

    cpr_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = Elided(role="name")
        self._address = Elided(role="soft")
        self._as_of = label(role="strong", wrap=True)
        restyle(self._as_of, tone="warn")
        self._access = label(role="strong", wrap=True)
        self._cpr = label(role="soft")
        self._show_cpr = button(_("show"), role="link", tip=_("Show the CPR number; it is logged"))
        words = QVBoxLayout()
        words.setSpacing(1)
        for widget in (self._name, self._as_of, self._address, self._access):
            words.addWidget(widget)
        right = row(self._cpr, self._show_cpr, gap=4)
        right.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout(self)
        head.setContentsMargins(0, 0, 0, 0)
        head.addLayout(words, 1)
        head.addLayout(right)
        self._show_cpr.clicked.connect(self.cpr_requested)

    def show_head(
        self, title: str, address: str, access: str, *, has_cpr: bool, as_of: str = ""
    ) -> None:
        """Show somebody, their CPR number hidden; `as_of` says how old the card is, where that matters."""
        self._as_of.setText(as_of)
        self._as_of.setVisible(bool(as_of))
        self._name.setText(title)
        self._address.setText(address)
        self._access.setText(access)
        self._access.setVisible(bool(access))
        self._cpr.setText(_("CPR ••••••-••••"))
        self._cpr.setVisible(has_cpr)
        self._show_cpr.setVisible(has_cpr)

    def show_cpr(self, cpr: str) -> None:
        """Show the number that was asked for."""
        self._cpr.setText(cpr)
        self._show_cpr.hide()
