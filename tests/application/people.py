"""A desk with everything about who sits there, on stand-ins."""

from datetime import timedelta

from tests.builders import a_hub, an_alarm
from tests.fakes import FakeClock, FakeSession
from tests.fakes_people import FakeMemory, FakePasswords, FakeUserStore, a_user
from tests.fakes_store import FakeAlarmStore
from tests.waiting import at_once
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.handover import Handover
from workstation.application.proving import Kind, Proving, SignInRules
from workstation.application.sign_in import SignIn
from workstation.domain.alarm import Alarm
from workstation.domain.names import Operator
from workstation.domain.rights import Role
from workstation.domain.tries import Throttle
from workstation.domain.user import User

ANNA, BO = Operator("anna"), Operator("bo")
USERS = (
    a_user("anna"),
    a_user("bo", Role.NIGHT, "0510"),
    a_user("eva", Role.SUPERVISOR),
    a_user("ida", Role.IT),
)
"""Everybody's password is their name."""


class PeoplesDesk:
    """One desk with its users, alarms and whoever sits there."""

    def __init__(
        self,
        clock: FakeClock,
        *alarms: Alarm,
        kind: Kind = "password",
        shared: bool = False,
        users: tuple[User, ...] = USERS,
        memory: bool = True,
    ) -> None:
        self.clock = clock
        self.session = FakeSession()
        self.store = FakeAlarmStore(*alarms)
        self.board = Board(clock, a_hub())
        self.board.load(list(alarms))
        self.users = FakeUserStore(*users)
        self.passwords, self.memory = FakePasswords(), FakeMemory()
        self.put_out: list[str] = []
        self.present = {ANNA, BO}
        self.desk = AlarmDesk(
            session=self.session,
            board=self.board,
            store=self.store,
            clock=clock,
            taken=lambda _alarm: None,
            run=lambda work: work.close(),
        )
        self.handover = Handover(
            board=self.board,
            desk=self.desk,
            users=self.users,
            clock=clock,
            present=lambda operator: operator in self.present,
        )
        proving = Proving(
            users=self.users,
            passwords=self.passwords,
            memory=self.memory if memory else None,
            clock=clock,
            source=self.session.desk,
            rules=SignInRules(
                kind=kind,
                shared=shared,
                throttle=Throttle(tries=5, lock=timedelta(minutes=15)),
                remember=timedelta(hours=24),
            ),
        )
        self.sign_in = SignIn(
            session=self.session,
            users=self.users,
            proving=proving,
            handover=self.handover,
            clock=clock,
        )
        self.sign_in.watch_put_out(self.put_out.append)
        at_once(self.sign_in.open())

    def enter(self, name: str = "anna", password: str = "", *, keep: bool = True) -> list[Alarm]:
        """Sign in with the right password when none is told."""
        return at_once(self.sign_in.sign_in(name, password or name, keep=keep))

    def take(self, name: str = "a1") -> Alarm:
        return at_once(self.desk.take(an_alarm(name).id))

    def holder(self, name: str = "a1") -> str | None:
        found = self.board.get(an_alarm(name).id)
        return found.taken_by if found is not None else None
