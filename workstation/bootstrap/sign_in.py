"""Who may sit at a desk: the use cases of signing in, composed from the settings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from workstation import paths
from workstation.adapters.system.offline import OfflineMemory
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.handover import Handover
from workstation.application.idle import IdleLock
from workstation.application.proving import Proving, SignInRules
from workstation.application.served import ServedBoard
from workstation.application.sign_in import SignIn
from workstation.application.sign_in_oidc import OfflineWay, SignInOidc
from workstation.application.users import Users
from workstation.bootstrap.identity import Known, oidc
from workstation.bootstrap.station import Station
from workstation.domain.names import Operator
from workstation.domain.tries import Throttle
from workstation.settings import Settings

LOOK_EVERY_S = 30.0
"""How soon somebody who was disabled is put out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everything about who sits at a desk."""

    sign_in: SignIn
    passwords: SignIn | OfflineWay
    """What the fields for name and password mean at this desk."""
    users: Users
    handover: Handover
    idle: IdleLock
    served: ServedBoard
    """The board for screens and sounds."""
    oidc: SignInOidc | None
    """Signing in at an identity provider; None where the settings name none."""


async def people(settings: Settings, one: Station, busy: Callable[[], bool]) -> People:
    """Compose it over a running station, decide whether a sign-in is asked for, and watch."""
    users, passwords = one.database.users, ArgonPasswords()
    handover = Handover(
        board=one.board,
        desk=one.desk,
        users=users,
        clock=one.clock,
        present=lambda operator: _is_present(one, operator),
    )
    memory = OfflineMemory(memory_folder(settings), passwords)
    proving = Proving(
        users=users,
        passwords=passwords,
        memory=memory,
        clock=one.clock,
        source=one.session.desk,
        rules=rules(settings),
    )
    sign_in = SignIn(
        session=one.session, users=users, proving=proving, handover=handover, clock=one.clock
    )
    known = Known(
        session=one.session,
        sign_in=sign_in,
        proving=proving,
        users=users,
        identities=one.database.identities,
        passwords=passwords,
        attempts=memory,
        clock=one.clock,
    )
    provider = await oidc(settings, known, memory_folder(settings))
    only_provider = provider is not None and settings.sign_in.kind == "oidc"
    found = People(
        sign_in=sign_in,
        passwords=OfflineWay(sign_in, provider) if provider and only_provider else sign_in,
        users=Users(store=users, passwords=passwords, session=one.session, clock=one.clock),
        handover=handover,
        idle=IdleLock(
            session=one.session,
            clock=one.clock,
            after=timedelta(minutes=settings.sign_in.lock_after_min),
            busy=busy,
        ),
        served=ServedBoard(one.board, one.session),
        oidc=provider,
    )
    await sign_in.open()
    one.every(LOOK_EVERY_S, sign_in.look, at_once=True)
    if provider is not None:
        one.every(LOOK_EVERY_S, provider.look)
    one.every(60.0, found.users.load, at_once=True)

    async def look() -> None:
        found.idle.look()

    one.every(1.0, look)
    return found


def _is_present(one: Station, operator: Operator) -> bool:
    """Whether somebody sits at a living desk; when nobody can be seen, a name is believed."""
    calls = one.roll_call
    return calls.is_blind or any(desk.operator == operator for desk in calls.living())


def rules(settings: Settings) -> SignInRules:
    """Return what the settings say of signing in."""
    own = settings.sign_in
    return SignInRules(
        kind=own.kind,
        shared=settings.database.is_shared,
        throttle=Throttle(tries=own.tries, lock=timedelta(minutes=own.lock_min)),
        remember=timedelta(hours=own.offline_h),
    )


def memory_folder(settings: Settings) -> Path:
    """Return where this desk remembers its people: a folder for each hub, in the user's own."""
    hub = hashlib.sha256(settings.database.url.encode()).hexdigest()[:12]
    return paths.data() / "sign-in" / hub
