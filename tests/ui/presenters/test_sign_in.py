"""Who sits here: what is asked, what is shown meanwhile, and what becomes of one's alarms."""

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from tests.builders import HADERSLEV, NOW, an_alarm
from tests.fakes import FakeSession
from tests.ui.whole import NowTasks
from ui.keys import KEYS
from ui.presenters.front import InFront
from ui.presenters.sign_in import SignInPresenter, SignInViews
from ui.theme import light
from ui.views.alarm_panel import AlarmPanel
from ui.views.covered import Covered
from ui.views.leaving import Colleague, LeavingPanel
from ui.views.person_column import PersonColumn
from ui.views.sign_in_panel import Asking, SignInPanel
from ui.views.strip import Strip
from workstation.application.proving import SignInRefused
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, Operator
from workstation.domain.rights import Role


class FakePasswords:
    """Lets in whoever says `right`."""

    def __init__(self, session: FakeSession) -> None:
        self.session = session
        self.left: list[Operator | None] = []
        self.anybody = True
        self.put_out: list = []

    def watch_put_out(self, told):
        self.put_out.append(told)

    async def has_users(self) -> bool:
        return self.anybody

    async def sign_in(self, name, password):
        if password != "right":
            raise SignInRefused("wrong_password")
        self.session.sit(name)
        return []

    async def unlock(self, password):
        if password != "right":
            raise SignInRefused("wrong_password")
        self.session.unlock()

    async def change_password(self, old, new):
        if old != "right":
            raise SignInRefused("wrong_password")

    async def sign_out(self, to=None):
        self.left.append(to)
        self.session.end()
        return []


class FakeFront:
    """Nobody, until `now` is set."""

    def __init__(self) -> None:
        self.now = InFront()
        self.brought = self.changed = self

    def connect(self, told) -> None:
        self.told = told


class FakeNotices:
    """Remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def tell(self, said: str, **_how: object) -> None:
        self.said.append(said)


class Around:
    """The panel and all that a sign-in covers."""

    def __init__(self, qtbot) -> None:
        theme = light()
        self.session = FakeSession()
        self.session.guard()
        self.passwords = FakePasswords(self.session)
        self.open: list = []
        self.front = FakeFront()
        self.panel, self.leaving = SignInPanel(), LeavingPanel()
        keys = dict.fromkeys((key.action for key in KEYS), "F1")
        self.details = QWidget()
        self.person = PersonColumn(
            AlarmPanel(lambda: theme, keys), self.details, self.panel, self.leaving
        )
        self.plan = Covered(QWidget(), "plan")
        self.strip, self.notices = Strip(lambda: theme), FakeNotices()
        self.presenter = SignInPresenter(
            session=self.session,
            passwords=self.passwords,
            provider=None,
            open_of=lambda _who: self.open,
            colleagues=lambda: [Colleague(key="bo", name="Bo Thomsen")],
            front=self.front,
            tasks=NowTasks(),
        )
        for one in (self.person, self.plan, self.strip):
            qtbot.addWidget(one)
        self.person.show()
        self.presenter.attach(
            SignInViews(
                panel=self.panel, leaving=self.leaving, person=self.person, plan=self.plan,
                strip=self.strip, notices=self.notices,
            )
        )  # fmt: skip

    def type(self, *texts: str) -> None:
        fields = [one for one in self.panel.findChildren(QLineEdit) if not one.isHidden()]
        writable = [one for one in fields if not one.isReadOnly()]
        for field, text in zip(writable, texts, strict=True):
            field.setText(text)
        writable[-1].returnPressed.emit()

    def says(self, text: str) -> bool:
        return any(text in one.text() for one in self.panel.findChildren(type(self.panel._told)))


@pytest.fixture
def around(qtbot) -> Around:
    return Around(qtbot)


def test_nobody_is_asked_and_the_round_is_covered(around: Around) -> None:
    assert around.panel.asking is Asking.SIGN_IN
    assert around.plan.is_covered
    assert not around.details.isVisible()


def test_whoever_signs_in_has_the_desk(around: Around) -> None:
    around.type("anna", "right")
    assert around.session.who() == "anna"
    assert around.panel.isHidden()
    assert not around.plan.is_covered
    assert around.details.isVisible()
    assert around.strip._operator.text() == "Anna"


def test_a_wrong_password_is_said_and_can_be_tried_again(around: Around) -> None:
    around.type("anna", "wrong")
    assert around.says("The user name or the password is wrong")
    around.type("anna", "right")
    assert around.session.who() == "anna"


def test_the_first_user_is_made_by_it(qtbot) -> None:
    around = Around(qtbot)
    around.passwords.anybody = False
    around.session.sit()
    around.session.end()
    assert around.says("main.py user add")


def test_a_locked_desk_asks_for_the_same_persons_password(around: Around) -> None:
    around.session.sit()
    around.presenter.lock()
    assert around.panel.asking is Asking.UNLOCK
    assert around.plan.is_covered
    around.type("right")
    assert not around.session.locked
    assert around.panel.isHidden()


@pytest.mark.parametrize(("kind", "shown"), [(Kind.EMERGENCY, True), (Kind.TECHNICAL, False)])
def test_a_locked_desk_shows_an_emergency_that_may_be_called(
    around: Around, kind: Kind, shown: bool
) -> None:
    around.session.sit()
    around.presenter.lock()
    alarm = an_alarm(id=AlarmId("a1"), kind=kind, kommune=HADERSLEV)
    around.front.told(InFront(alarm=alarm))
    assert around.person._above.isVisible() is shown
    assert not around.details.isVisible()


def test_somebody_else_takes_over_a_locked_desk(around: Around) -> None:
    around.session.sit("anna")
    around.presenter.lock()
    around.presenter.switch()
    around.type("bo", "right")
    assert (around.session.who(), around.session.locked) == ("bo", False)
    assert around.panel.isHidden()


def test_a_change_of_user_can_be_called_off(around: Around) -> None:
    around.session.sit("anna")
    around.presenter.switch()
    assert around.panel.asking is Asking.SWITCH
    around.panel.cancelled.emit()
    assert around.panel.isHidden()
    assert around.session.who() == "anna"


def test_whoever_has_nothing_open_just_leaves(around: Around) -> None:
    around.session.sit("anna")
    around.presenter.sign_out()
    assert around.passwords.left == [None]
    assert around.panel.asking is Asking.SIGN_IN


@pytest.mark.parametrize(
    ("text", "to"), [("Give to Bo Thomsen", "bo"), ("Back to the queue", None)]
)
def test_open_alarms_find_new_hands_first(around: Around, text: str, to: str | None) -> None:
    around.session.sit("anna")
    around.open = [an_alarm(id=AlarmId("a1"), received_at=NOW)]
    around.presenter.sign_out()
    assert around.passwords.left == []
    [made] = [one for one in around.leaving.findChildren(QPushButton) if one.text() == text]
    made.click()
    assert around.passwords.left == [to]
    assert around.leaving.isHidden()


def test_a_new_password(around: Around) -> None:
    around.session.sit("anna", Role.NIGHT)
    around.strip.password_requested.emit()
    around.type("right", "a new one of several words")
    assert around.panel.isHidden()
    assert around.notices.said == ["Your password has been changed."]


def test_the_strip_says_as_what_somebody_sits_here(around: Around) -> None:
    assert around.strip._operator.text() == "Nobody"
    around.session.sit("anna", Role.SUPERVISOR)
    assert around.strip._operator_title.text() == "supervisor"


def test_whoever_is_disabled_meanwhile_is_put_out_and_told_why(around: Around) -> None:
    around.session.sit("anna")
    around.open = [an_alarm(id=AlarmId("a1"), received_at=NOW)]
    around.presenter.sign_out()
    around.session.end()
    [told] = around.passwords.put_out
    told("disabled")
    assert around.panel.asking is Asking.SIGN_IN
    assert around.leaving.isHidden()
    assert around.plan.is_covered
    assert around.says("The hub has signed you out. This user is disabled")
    around.type("bo", "right")
    assert around.session.who() == "bo"
    around.session.end()
    assert not around.says("signed you out")


def test_at_a_locked_desk_nothing_can_be_closed_or_read_of_what_was(around: Around) -> None:
    around.session.sit()
    around.presenter.lock()
    around.front.told(InFront(alarm=an_alarm(id=AlarmId("a1"), kommune=HADERSLEV)))
    panel = around.person._panel
    assert panel.phone.isVisible()
    assert not panel.outcomes.isVisible()
    assert not panel._past.isVisible()
    around.type("right")
    assert panel.outcomes.isVisible()


@pytest.mark.parametrize("height", [520, 800])
def test_what_is_asked_covers_nothing(around: Around, qtbot, height: int) -> None:
    around.person.resize(700, height)
    around.session.sit("anna")
    around.front.told(InFront(alarm=an_alarm(id=AlarmId("a1"), kommune=HADERSLEV)))
    around.open = [an_alarm(id=AlarmId("a1"), received_at=NOW)]
    around.presenter.sign_out()
    assert around.leaving.isVisible()

    def parts_are_apart() -> bool:
        tops = [one.geometry() for one in (around.leaving, around.person._above, around.details)]
        return all(first.bottom() < second.top() for first, second in pairwise(tops))

    qtbot.waitUntil(parts_are_apart)
