"""Who may sign in, made and changed in the window."""

import pytest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QWidget

from tests.builders import HADERSLEV, HJORRING, NOW
from tests.fakes import FakeClock, FakeSession
from tests.ui.whole import NowTasks
from ui.presenters.users import PAGE, UsersPresenter
from ui.theme import light
from ui.views.citizen_editor import CitizenEditor
from ui.views.details import Details, Page
from ui.views.users_page import UsersPage
from workstation.domain.names import Operator
from workstation.domain.rights import Role
from workstation.domain.user import User, UserRefused


def a_user(name: str, role: Role = Role.OPERATOR, *kommuner: str) -> User:
    return User(
        name=Operator(name), display=name.capitalize(), role=role,
        kommuner=frozenset(kommuner or (HADERSLEV,)), created_at=NOW, created_by=Operator("it"),
        changed_at=NOW, changed_by=Operator("it"),
    )  # fmt: skip


class FakeUsers:
    """Users in memory; remembers what was done."""

    def __init__(self, *users: User) -> None:
        self.users = {user.name: user for user in users}
        self.did: list[tuple] = []

    async def all(self):
        return list(self.users.values())

    async def add(self, *, name, display, role, kommuner, password):
        if len(password) < 10:
            raise UserRefused("short", shortest=10)
        self.did.append(("add", name, display, role, kommuner))
        self.users[name] = a_user(name, role, *kommuner)
        return self.users[name]

    async def change(self, name, *, display, role, kommuner):
        self.did.append(("change", name, role, kommuner))
        return self.users[name]

    async def disable(self, name):
        self.did.append(("disable", name))
        return self.users[name]

    async def enable(self, name):
        self.did.append(("enable", name))
        return self.users[name]

    async def set_password(self, name, password):
        self.did.append(("password", name))
        return self.users[name]


class Shown:
    """The page under its tab."""

    def __init__(self, qtbot, session: FakeSession) -> None:
        theme = light()
        self.users = FakeUsers(a_user("anna"), a_user("bo", Role.NIGHT, HADERSLEV, "0999"))
        self.page = UsersPage(lambda: theme, NOW)
        self.details = Details(
            lambda: theme, NOW, telemetry=QWidget(), register=CitizenEditor(),
            more=(Page(key=PAGE, title="Users", widget=self.page),),
        )  # fmt: skip
        qtbot.addWidget(self.details)
        self.presenter = UsersPresenter(
            users=self.users, session=session, kommuner=[HADERSLEV, HJORRING],
            clock=FakeClock(), tasks=NowTasks(),
        )  # fmt: skip
        self.presenter.attach(self.page, self.details)

    @property
    def has_tab(self) -> bool:
        return self.details._tabs.isTabVisible(self.details._tabs.count() - 1)

    def fill(self, name: str, display: str, password: str, *kommuner: str) -> None:
        fields = self.page.findChildren(QLineEdit)
        named = {field.accessibleName(): field for field in fields}
        for title, text in (("User name", name), ("Name", display), ("Password", password)):
            named[title].setText(text)
        for box in self.page.findChildren(QCheckBox):
            box.setChecked(box.text() in kommuner)

    def press(self, text: str) -> None:
        [made] = [one for one in self.page.findChildren(QPushButton) if one.text() == text]
        made.click()


@pytest.fixture
def shown(qtbot) -> Shown:
    session = FakeSession()
    session.sit("eva", Role.SUPERVISOR)
    made = Shown(qtbot, session)
    made.details.open(PAGE)
    return made


@pytest.mark.parametrize(("role", "has_tab"), [(Role.SUPERVISOR, True), (Role.OPERATOR, False)])
def test_only_those_who_may_manage_users_have_the_page(qtbot, role: Role, has_tab: bool) -> None:
    session = FakeSession()
    session.sit("eva", role)
    shown = Shown(qtbot, session)
    assert shown.has_tab is has_tab
    session.lock()
    assert not shown.has_tab


def test_somebody_new(shown: Shown) -> None:
    shown.fill("carl", "Carl Dam", "several words of mine", "Haderslev")
    shown.press("Make the user")
    assert shown.users.did == [("add", "carl", "Carl Dam", Role.OPERATOR, frozenset({HADERSLEV}))]
    assert shown.page._told.text() == "Saved."


def test_why_not_is_said_and_nothing_typed_is_lost(shown: Shown) -> None:
    shown.fill("carl", "Carl Dam", "short", "Haderslev")
    shown.press("Make the user")
    assert "too short" in shown.page._told.text()
    assert shown.page._name.text() == "carl"


def test_kommuner_that_this_desk_does_not_serve_stay(shown: Shown) -> None:
    shown.page.chosen.emit("bo")
    shown.page._display.setText("Bo Thomsen")
    shown.press("Save the user")
    assert shown.users.did == [("change", "bo", Role.NIGHT, frozenset({HADERSLEV, "0999"}))]


def test_a_new_password_alone_changes_nothing_else(shown: Shown) -> None:
    shown.page.chosen.emit("anna")
    shown.page._password.setText("several words of mine")
    shown.press("Save the user")
    assert shown.users.did == [("password", "anna")]


def test_somebody_is_disabled(shown: Shown) -> None:
    shown.page.chosen.emit("anna")
    shown.press("Disable")
    assert shown.users.did == [("disable", "anna")]
