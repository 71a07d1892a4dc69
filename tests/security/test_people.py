"""People at the desks: a list of passwords, and a supervisor who tries to do more than a supervisor may."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.builders import NOW, a_hub
from tests.fakes import FakeClock
from tests.peers.fenced import Fenced
from tests.security.hub_rows import fill
from workstation.adapters.db.database import Database
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.proving import Proving, SignInRefused, SignInRules
from workstation.application.session import NotAllowed, Session, SignedIn
from workstation.application.users import Users
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, Kommune, Operator
from workstation.domain.rights import Right, Role
from workstation.domain.tries import Throttle, Tried
from workstation.domain.user import User

pytestmark = pytest.mark.peer
HADERSLEV, HJORRING = Kommune("0510"), Kommune("0860")
RIGHT_ONE = "to køer på marken"
LIST = ("123456789", "Haderslev2026", "anna", "password", "", "x" * 5000, "' OR 1=1 --", "qwerty",
        "Sommer2026", "sommer2026!", "letmein", "Velkommen1", RIGHT_ONE.upper())  # fmt: skip


@pytest.fixture(scope="module")
def hub(fenced: Fenced) -> Fenced:
    fill(fenced.url(fenced.owner), "0510")
    fill(fenced.url(fenced.owner), "0860")
    return fenced


@pytest.fixture
def database(hub: Fenced) -> Iterator[Database]:
    """As a desk that serves 0510."""
    one = Database(hub.url("desk_0510"), clock=FakeClock(), machine="desk-1", role="desk")
    yield one
    one.close()


def user(name: str, role: Role = Role.OPERATOR, *kommuner: Kommune) -> User:
    return User(
        name=Operator(name), display=name.title(), role=role,
        kommuner=frozenset(kommuner or {HADERSLEV}), created_at=NOW, created_by=Operator("it"),
        changed_at=NOW, changed_by=Operator("it"),
    )  # fmt: skip


def run(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(act())


def test_a_list_of_passwords_ends_locked_and_each_attempt_is_in_the_log(
    database: Database, hub: Fenced
) -> None:
    clock = FakeClock()

    def desk(source: str) -> Proving:
        rules = SignInRules(
            kind="password",
            shared=True,
            throttle=Throttle(tries=5, lock=timedelta(minutes=15)),
            remember=timedelta(hours=24),
        )
        return Proving(
            users=database.users, passwords=ArgonPasswords(), memory=None, clock=clock,
            source=source, rules=rules,
        )  # fmt: skip

    async def act() -> None:
        for name in ("bo", "cille"):
            await database.users.add(user(name), await ArgonPasswords().make(RIGHT_ONE))
        attacked, other = desk("desk-1"), desk("desk-2")
        said: list[str] = []
        for password in LIST:
            with pytest.raises(SignInRefused) as refusal:
                await attacked.prove("bo", password)
            said.append(refusal.value.reason)
            clock.advance(61)
        assert said[:5] == ["wrong_password"] * 5
        assert set(said[5:]) == {"locked_out"}
        with pytest.raises(SignInRefused, match="locked_out"):
            await attacked.prove("bo", RIGHT_ONE)
        # A lock is one name's at one desk: nobody can keep a colleague, or a desk, from working.
        assert (await other.prove("bo", RIGHT_ONE)).user.name == "bo"
        assert (await attacked.prove("cille", RIGHT_ONE)).user.name == "cille"

    run(act)
    logged = hub.ask(
        hub.owner,
        "SELECT result, count(*) FROM sign_in_attempt WHERE name = 'bo' AND source = 'desk-1'"
        " GROUP BY result",
    )
    assert dict(logged) == {Tried.TRIED: 5, Tried.WRONG: 5, Tried.LOCKED: len(LIST) - 5 + 1}
    for password in LIST:
        found = "SELECT count(*) FROM sign_in_attempt t WHERE length(%s) > 4 AND t::text LIKE %s"
        assert hub.ask(hub.owner, found, password, f"%{password}%") == [(0,)]


def supervisor(*kommuner: Kommune) -> Session:
    session = Session({HADERSLEV, HJORRING}, desk="desk-1")
    session.begin(
        SignedIn(
            operator=Operator("sofie"),
            name="Sofie",
            role=Role.SUPERVISOR,
            kommuner=frozenset(kommuner or {HADERSLEV}),
            at=NOW,
        )
    )
    return session


def test_a_supervisor_manages_her_own_people_and_nobody_above_or_beside(
    database: Database, hub: Fenced, caplog: pytest.LogCaptureFixture
) -> None:
    users = Users(
        store=database.users, passwords=ArgonPasswords(), session=supervisor(), clock=FakeClock()
    )

    async def refused(act: Coroutine[Any, Any, object]) -> None:
        with pytest.raises(NotAllowed):
            await act

    async def act() -> None:
        await database.users.add(user("sofie", Role.SUPERVISOR), "x")
        await database.users.add(user("dorte"), "x")
        for role in (Role.SUPERVISOR, Role.IT):
            await refused(
                users.change(
                    Operator("dorte"), display="D", role=role, kommuner=frozenset({HADERSLEV})
                )
            )
            await refused(
                users.add(name="eve", display="E", role=role, kommuner=frozenset({HADERSLEV}),
                          password=RIGHT_ONE)
            )  # fmt: skip
        both = frozenset({HADERSLEV, HJORRING})
        await refused(
            users.change(Operator("dorte"), display="D", role=Role.OPERATOR, kommuner=both)
        )
        await refused(users.set_password(Operator("sofie"), RIGHT_ONE))

    with caplog.at_level(logging.WARNING):
        run(act)
    assert caplog.text.count("sofie was refused") >= 6
    assert hub.ask(hub.owner, "SELECT role FROM user_account WHERE name = 'dorte'") == [
        ("operator",)
    ]
    assert hub.ask(hub.owner, "SELECT 1 FROM user_account WHERE name = 'eve'") == []


@pytest.mark.parametrize(
    ("right", "kommune"),
    [
        (Right.SETTINGS, None),
        (Right.NIGHT_CHECK, HADERSLEV),
        (Right.SEE_CPR, HJORRING),
        (Right.AUDIT, HJORRING),
    ],
)
def test_what_a_supervisor_may_not_is_refused_and_logged(
    right: Right, kommune: Kommune | None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(NotAllowed):
        supervisor().require(right, kommune)
    assert f"sofie (supervisor) was refused {right}" in caplog.text


def test_a_supervisor_corrects_by_adding_and_edits_nothing(database: Database, hub: Fenced) -> None:
    async def act() -> None:
        session, clock = supervisor(), FakeClock()
        loop = asyncio.get_running_loop()
        board = Board(clock, a_hub())
        desk = AlarmDesk(
            session=session, board=board, store=database.alarms, clock=clock,
            taken=lambda _alarm: None, run=loop.create_task,
        )  # fmt: skip
        alarm = await database.alarms.find(AlarmId("alarm-0510"))
        board.put(alarm)
        await desk.take_over(alarm.id)
        await desk.resolve(alarm.id, Outcome.FALSE_ALARM)
        await desk.correct(alarm.id, Outcome.SOLVED_BY_PHONE, "Hun ringede selv")

    run(act)
    steps = hub.ask(
        hub.owner, "SELECT kind, by FROM alarm_step WHERE alarm_id = 'alarm-0510' ORDER BY seq"
    )
    assert [kind for kind, _ in steps][-2:] == ["resolved", "corrected"]
    for statement in (
        "UPDATE alarm_step SET by = 'Bo' WHERE by = 'sofie'",
        "DELETE FROM alarm_step WHERE by = 'sofie'",
        "UPDATE user_step SET by = 'Bo'",
        "DELETE FROM access_log",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            hub.ask("desk_0510", statement)
        assert statement in hub.server.output
