"""Who may sign in: a page of the details, for those who may change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from ui.delegates.cells import CellDelegate
from ui.models.people import people
from ui.models.table import Table
from ui.theme import Theme
from ui.views.parts import Flow, button, clear, column, label, restyle, row
from ui.views.rows import RowsView
from workstation.complaints.people import ROLES
from workstation.domain import kommuner
from workstation.domain.names import Kommune
from workstation.domain.rights import Role
from workstation.domain.user import User
from workstation.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDraft:
    """What stands in the fields; an empty password leaves the one there is."""

    name: str
    display: str
    role: Role
    kommuner: frozenset[Kommune]
    password: str


class _UserRows(RowsView):
    def share_width(self, delegate: CellDelegate) -> None:
        """Give role and state what they need; name and kommuner share the rest."""
        need = {
            "role": max(delegate.width_of(_(one)) for one in ROLES.values()),
            "state": delegate.width_of(_("disabled since {time}").format(time="00.00. nov.")),
        }
        rest = max(self.viewport().width() - sum(need.values()), 120)
        for place, one in enumerate(self._table.columns):
            self.setColumnWidth(place, need.get(one.key, rest // 2))


class UsersPage(QWidget):
    """A row for each user one may manage; below it the fields of a new one, or of the chosen one."""

    saved = Signal(object)
    """A UserDraft; of somebody new while nobody is chosen."""
    disabled = Signal(str)
    enabled = Signal(str)
    chosen = Signal(str)

    def __init__(self, looks: Callable[[], Theme], now: datetime) -> None:
        super().__init__()
        self._table: Table[User] = people(now)
        self._keys: set[str] = set()
        self._user: User | None = None
        self._rows = _UserRows(self._table, looks, name=_("Users"), lines=2)
        self._name, self._display, self._password = QLineEdit(), QLineEdit(), QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._role = QComboBox()
        self._boxes: dict[Kommune, QCheckBox] = {}
        self._flow = Flow()
        self._told = label(role="sentence", wrap=True)
        self._save = button(_("Make the user"), role="primary")
        self._switch = button(_("Disable"))
        self._new = button(_("Somebody new"), role="quiet")
        self._lay()
        self._rows.chosen.connect(self.chosen)
        self._save.clicked.connect(self._emit)
        self._switch.clicked.connect(self._turn)
        self._new.clicked.connect(lambda: self.show_user(None))
        self._password.returnPressed.connect(self._emit)

    def _lay(self) -> None:
        for role in Role:
            self._role.addItem(_(ROLES[role]), role)
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        served = QWidget()
        served.setLayout(self._flow)
        fields = (
            ((_("User name"), self._name), (_("Name"), self._display)),
            ((_("Role"), self._role), (_("Password"), self._password)),
        )
        for line, pair in enumerate(fields):
            for place, (title, field) in enumerate(pair):
                field.setAccessibleName(title)
                grid.addWidget(label(title, role="soft"), line, 2 * place)
                grid.addWidget(field, line, 2 * place + 1)
        grid.addWidget(label(_("Serves"), role="soft"), len(fields), 0)
        grid.addWidget(served, len(fields), 1, 1, 3)
        lines = column(self._rows, gap=6)
        lines.setStretchFactor(self._rows, 1)
        lines.addLayout(grid)
        lines.addWidget(self._told)
        lines.addLayout(row(self._save, self._switch, self._new, 1))
        self.setLayout(lines)
        self.tell("")

    def offer_kommuner(self, codes: Sequence[Kommune]) -> None:
        """Offer these kommuner to be served."""
        clear(self._flow)
        self._boxes = {}
        for code in codes:
            box = QCheckBox(kommuner.name(code))
            self._boxes[code] = box
            self._flow.addWidget(box)

    def show_users(self, users: Sequence[User], now: datetime) -> None:
        """Show who there is."""
        keys = {str(user.name) for user in users}
        self._table.tick(now)
        self._rows.apply(users, self._keys - keys)
        self._keys = keys

    def show_user(self, user: User | None) -> None:
        """Fill the fields with somebody's; None for a new one."""
        self._user = user
        self._name.setText(user.name if user is not None else "")
        self._name.setReadOnly(user is not None)
        self._display.setText(user.display if user is not None else "")
        self._password.clear()
        self._password.setPlaceholderText(_("empty: stays as it is") if user is not None else "")
        if user is not None:
            self._role.setCurrentIndex(self._role.findData(user.role))
        for code, box in self._boxes.items():
            box.setChecked(user is not None and code in user.kommuner)
        self._save.setText(_("Save the user") if user is not None else _("Make the user"))
        self._switch.setVisible(user is not None)
        if user is not None:
            self._switch.setText(_("Disable") if user.is_enabled else _("Enable"))
        else:
            self._rows.choose("")
        self._new.setVisible(user is not None)
        self.tell("")

    def tell(self, sentence: str, *, fault: bool = False) -> None:
        """Say what became of it."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))
        restyle(self._told, tone="warn" if fault else "")

    def _emit(self) -> None:
        self.saved.emit(
            UserDraft(
                name=self._name.text().strip(),
                display=self._display.text().strip(),
                role=Role(self._role.currentData()),
                kommuner=frozenset(code for code, box in self._boxes.items() if box.isChecked()),
                password=self._password.text(),
            )
        )

    def _turn(self) -> None:
        if self._user is not None:
            (self.disabled if self._user.is_enabled else self.enabled).emit(self._user.name)
