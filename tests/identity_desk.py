"""A desk at which people sign in at an identity provider."""

from datetime import timedelta

from tests.builders import a_hub
from tests.fakes import FakeSession
from tests.fakes_identity import FakeIdentityMemory
from tests.fakes_people import FakeMemory, FakePasswords
from tests.fakes_store import FakeAlarmStore
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.handover import Handover
from workstation.application.identity_ports import (
    Identities,
    IdentityMemory,
    IdentityProvider,
    Listen,
)
from workstation.application.joining import Joining, JoinRules
from workstation.application.offline_people import OfflinePeople
from workstation.application.ports import Browser, Clock
from workstation.application.proving import Proving, SignInRules
from workstation.application.sign_in import SignIn
from workstation.application.sign_in_oidc import PATIENCE, Around, SignInOidc
from workstation.application.user_ports import UserStore
from workstation.domain.alarm import Alarm
from workstation.domain.membership import Groups
from workstation.domain.names import Kommune
from workstation.domain.rights import Role
from workstation.domain.tries import Throttle

GROUPS = Groups(
    roles={
        "/desk/operators": Role.OPERATOR,
        "/desk/night": Role.NIGHT,
        "/desk/supervisors": Role.SUPERVISOR,
        "/desk/it": Role.IT,
    },
    kommuner={
        "/haderslev": frozenset({Kommune("0510")}),
        "/hjorring": frozenset({Kommune("0860")}),
    },
)
RULES = SignInRules(
    kind="oidc",
    shared=True,
    throttle=Throttle(tries=5, lock=timedelta(minutes=15)),
    remember=timedelta(hours=24),
)


class IdentityDesk:
    """Everything of it but the provider and the browser on stand-ins, unless stores are told."""

    def __init__(
        self,
        clock: Clock,
        *alarms: Alarm,
        users: UserStore,
        identities: Identities,
        provider: IdentityProvider,
        listen: Listen,
        browser: Browser,
        memory: IdentityMemory | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self.session = FakeSession()
        self.session.guard()
        self.users, self.identities = users, identities
        self.passwords, self.attempts = FakePasswords(), FakeMemory()
        self.memory = memory if memory is not None else FakeIdentityMemory()
        self.board = Board(clock, a_hub())
        self.board.load(list(alarms))
        desk = AlarmDesk(
            session=self.session,
            board=self.board,
            store=FakeAlarmStore(*alarms),
            clock=clock,
            taken=lambda _alarm: None,
            run=lambda work: work.close(),
        )
        self.proving = Proving(
            users=users,
            passwords=self.passwords,
            memory=self.attempts,
            clock=clock,
            source=self.session.desk,
            rules=RULES,
        )
        self.sign_in = SignIn(
            session=self.session,
            users=users,
            proving=self.proving,
            handover=Handover(board=self.board, desk=desk, users=users, clock=clock),
            clock=clock,
        )
        self.oidc = SignInOidc(
            sign_in=self.sign_in,
            session=self.session,
            proving=self.proving,
            joining=Joining(
                session=self.session,
                users=users,
                identities=identities,
                memory=self.memory,
                clock=clock,
                rules=JoinRules(
                    groups=GROUPS, served=self.session.kommuner, remember=RULES.remember
                ),
            ),
            offline=OfflinePeople(
                users=users,
                identities=identities,
                remembered=self.memory,
                attempts=self.attempts,
                passwords=self.passwords,
                clock=clock,
                source=self.session.desk,
                rules=RULES,
            ),
            around=Around(provider=provider, listen=listen, browser=browser, patience=patience),
        )
