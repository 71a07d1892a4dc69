"""Making and changing users: who may, and what is kept of it."""

import pytest

from tests.fakes import FakeClock, FakeSession
from tests.fakes_people import FakePasswords, FakeUserStore, a_user
from tests.waiting import at_once
from workstation.application.errors import NotFound
from workstation.application.session import NotAllowed
from workstation.application.users import Users
from workstation.domain.names import Kommune, Operator
from workstation.domain.rights import Role
from workstation.domain.user import User, UserRefused

BOTH = frozenset({Kommune("0510"), Kommune("0860")})
HOME = frozenset({Kommune("0510")})
PASSWORD = "hest i stalden 7"
ANNA, BO, IDA = Operator("anna"), Operator("bo"), Operator("ida")


class Office:
    """The users of a hub, and whoever manages them."""

    def __init__(self, clock: FakeClock, *users: User) -> None:
        self.store, self.session = FakeUserStore(*users), FakeSession(Operator("root@server"))
        self.users = Users(
            store=self.store, passwords=FakePasswords(), session=self.session, clock=clock
        )

    def add(
        self,
        name: str = "anna",
        role: Role = Role.OPERATOR,
        kommuner: frozenset[Kommune] = HOME,
        password: str = PASSWORD,
    ) -> User:
        return at_once(
            self.users.add(name=name, display="", role=role, kommuner=kommuner, password=password)
        )


@pytest.fixture
def office(clock: FakeClock) -> Office:
    return Office(clock, a_user("anna", Role.OPERATOR, "0510"), a_user("eva", Role.NIGHT, "0860"))


def test_the_first_is_made_by_whoever_holds_the_database(clock: FakeClock) -> None:
    office = Office(clock)
    user = office.add("ida", Role.IT, frozenset())
    assert (user.created_by, user.created_at, user.display) == ("root@server", clock.now(), "ida")
    assert at_once(office.users.all()) == [user]
    assert [(step.by, step.did) for step in office.store.history] == [("root@server", "added")]
    assert office.store.accounts[IDA].password_hash == f"hash of {PASSWORD}"


@pytest.mark.parametrize(
    ("reason", "fields"),
    [
        ("bad_name", {"name": "Anna"}),
        ("no_kommune", {"name": "bo", "kommuner": frozenset()}),
        ("short", {"name": "bo", "password": "kort"}),
        ("has_name", {"name": "birgit", "password": "birgit i stalden"}),
        ("exists", {"name": "anna"}),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_stored(
    office: Office, reason: str, fields: dict[str, object]
) -> None:
    with pytest.raises(UserRefused) as refused:
        office.add(**fields)
    assert refused.value.reason == reason
    assert office.store.history == []


def test_a_user_is_disabled_enabled_and_given_a_password_step_by_step(office: Office) -> None:
    at_once(office.users.disable(ANNA))
    assert not office.store.accounts[ANNA].user.is_enabled
    at_once(office.users.disable(ANNA))
    at_once(office.users.enable(ANNA))
    at_once(office.users.enable(ANNA))
    at_once(office.users.set_password(ANNA, PASSWORD))
    at_once(office.users.change(ANNA, display="Anna H", role=Role.NIGHT, kommuner=BOTH))
    assert [step.did for step in at_once(office.users.history(ANNA))] == [
        "disabled",
        "enabled",
        "password",
        "changed",
    ]
    user = office.store.accounts[ANNA].user
    assert (user.display, user.role, user.kommuner, user.version) == ("Anna H", Role.NIGHT, BOTH, 4)
    assert office.store.accounts[ANNA].password_hash == f"hash of {PASSWORD}"


def test_nobody_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        at_once(office.users.disable(Operator("nobody")))


def test_a_weak_password_changes_nothing(office: Office) -> None:
    with pytest.raises(UserRefused):
        at_once(office.users.set_password(ANNA, "password123"))
    assert office.store.accounts[ANNA].password_hash == "hash of anna"


def test_a_supervisor_manages_the_operators_of_the_own_kommuner(office: Office) -> None:
    office.session.sit("bo", Role.SUPERVISOR, ["0510"])
    assert [user.name for user in at_once(office.users.all())] == ["anna"]
    office.add("kim", Role.NIGHT, HOME)
    for role, kommuner in ((Role.SUPERVISOR, HOME), (Role.IT, HOME), (Role.OPERATOR, BOTH)):
        with pytest.raises(NotAllowed) as refused:
            office.add("ole", role, kommuner)
        assert refused.value.why == "not_yours"
    for act in (office.users.disable, office.users.enable, office.users.history):
        with pytest.raises(NotAllowed):
            at_once(act(Operator("eva")))
    with pytest.raises(NotAllowed):
        at_once(office.users.change(ANNA, display="", role=Role.IT, kommuner=HOME))


def test_it_manages_everybody_but_the_own_account(office: Office) -> None:
    office.store.accounts[IDA] = office.store.accounts[ANNA]
    office.session.sit("ida", Role.IT, [])
    assert len(at_once(office.users.all())) == 3
    office.add("ole", Role.SUPERVISOR, BOTH)
    office.session.sit("anna", Role.IT, [])
    with pytest.raises(UserRefused, match="yourself"):
        at_once(office.users.disable(ANNA))


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.NIGHT])
def test_nobody_else_manages_anybody(office: Office, role: Role) -> None:
    office.session.sit("anna", role)
    with pytest.raises(NotAllowed):
        at_once(office.users.all())
    with pytest.raises(NotAllowed):
        office.add("kim")
    office.session.leave()
    with pytest.raises(NotAllowed):
        office.add("kim")


def test_people_are_called_by_their_name(office: Office) -> None:
    assert office.users.display(ANNA) == "anna"
    at_once(office.users.load())
    assert office.users.display(ANNA) == "Anna"
    assert office.users.display(Operator("system")) == "system"
