"""Who somebody that an identity provider vouches for is here: the user, made or brought up to date."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workstation.application.errors import Changed, RowRefused, StoreUnavailable
from workstation.application.identity_ports import (
    Identities,
    Identity,
    IdentityMemory,
    Remembered,
    Shown,
)
from workstation.application.ports import Clock
from workstation.application.proving import Proven, SignInRefused
from workstation.application.session import Session
from workstation.application.user_ports import UserStore
from workstation.domain.membership import Groups
from workstation.domain.names import SYSTEM, Kommune, Operator
from workstation.domain.rights import Role
from workstation.domain.user import User, UserDid, UserRefused, display_name, user_name

_log = logging.getLogger(__name__)
WAY = "oidc"
"""How a session says that its person came from the identity provider."""
NO_PASSWORD = ""
"""The hash that no password fits: whoever comes from the provider has none here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRules:
    """What the settings say of those who come from the provider."""

    groups: Groups
    served: frozenset[Kommune]
    """This desk's kommuner."""
    remember: timedelta
    """How long somebody is known while the provider or the database is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """What a person is by their groups."""

    role: Role
    kommuner: frozenset[Kommune]
    display: str


class Joining:
    """Binds subjects to names and groups to roles, anew at each sign-in; on the loop only."""

    def __init__(
        self,
        *,
        session: Session,
        users: UserStore,
        identities: Identities,
        memory: IdentityMemory | None,
        clock: Clock,
        rules: JoinRules,
    ) -> None:
        """`memory` None: nobody is known while the database is away."""
        self._session = session
        self._users = users
        self._identities = identities
        self._memory = memory
        self._clock = clock
        self._rules = rules

    async def join(self, shown: Shown) -> Proven:
        """Return the user that somebody is; raises SignInRefused, or StoreUnavailable without a memory.

        `no_group`, `no_kommune`, `no_name`, `name_taken`, `disabled`, or `unknown_here`: the
        database is away and this desk does not remember the person.
        """
        member = self._member(shown)
        try:
            identity, user = await self._stored(shown, member)
        except StoreUnavailable:
            if self._memory is None:
                raise
            return await self._remembered(self._memory, shown, member)
        await self.remember(user, identity)
        return Proven(user=user, way=WAY)

    async def remember(self, user: User, identity: Identity) -> None:
        """Keep at this desk what is known of somebody."""
        if self._memory is not None:
            until = identity.seen_at + self._rules.remember
            await self._memory.keep(Remembered(user=user, identity=identity, until=until))

    def _member(self, shown: Shown) -> _Member:
        role = self._rules.groups.role(shown.groups)
        if role is None:
            raise SignInRefused("no_group", name=shown.name)
        kommuner = self._rules.groups.served(shown.groups)
        # PostgreSQL would not even show such a person's row to this desk.
        if not kommuner & self._rules.served and role is not Role.IT:
            raise SignInRefused("no_kommune", name=shown.name)
        return _Member(role=role, kommuner=kommuner, display=shown.display)

    async def _stored(self, shown: Shown, member: _Member) -> tuple[Identity, User]:
        now = self._clock.now()
        identity = await self._identities.of(shown.issuer, shown.subject)
        if identity is None:
            return await self._bound(shown, member, now)
        user = await self._up_to_date(identity.name, member, now)
        identity = replace(identity, seen_at=now)
        await self._identities.seen(identity)
        return identity, user

    async def _bound(self, shown: Shown, member: _Member, now: datetime) -> tuple[Identity, User]:
        name = _short(shown.name)
        identity = Identity(
            issuer=shown.issuer, subject=shown.subject, name=name, bound_at=now, seen_at=now
        )
        if await self._users.account(name) is None:
            user = _new(name, member, now)
            try:
                await self._identities.bind(identity, user, NO_PASSWORD)
            except (UserRefused, RowRefused) as refused:
                # Also by somebody of kommuner that this desk may not see.
                raise SignInRefused("name_taken", name=name) from refused
            _log.info("user %s was made by the identity provider", name)
            return identity, user
        # Somebody else may have the same name at the provider: whoever has it here must say so.
        if not self._sits_here(name) or await self._identities.named(name) is not None:
            raise SignInRefused("name_taken", name=name)
        user = await self._up_to_date(name, member, now)
        try:
            await self._identities.bind(identity, None)
        except UserRefused as refused:
            raise SignInRefused("name_taken", name=name) from refused
        return identity, user

    def _sits_here(self, name: Operator) -> bool:
        person = self._session.signed_in
        return (
            person is not None
            and person.operator == name
            and person.way == "password"
            and not person.offline
            and not self._session.locked
        )

    async def _up_to_date(self, name: Operator, member: _Member, now: datetime) -> User:
        account = await self._users.account(name)
        if account is None or not account.user.is_enabled:
            raise SignInRefused("disabled")
        user = account.user
        changed = replace(user, display=_called(member.display, name), role=member.role)
        changed = replace(changed, kommuner=member.kommuner)
        if changed == user:
            return user
        changed = replace(changed, changed_at=now, changed_by=SYSTEM, version=user.version + 1)
        try:
            await self._users.change(changed, UserDid.CHANGED, expected_version=user.version)
        except Changed:
            return await self._up_to_date(name, member, now)
        return changed

    async def _remembered(self, memory: IdentityMemory, shown: Shown, member: _Member) -> Proven:
        found = await memory.of(shown.issuer, shown.subject, self._clock.now())
        if found is None:
            raise SignInRefused("unknown_here")
        # What the provider says now counts, not what was remembered.
        user = replace(found.user, role=member.role, kommuner=member.kommuner)
        return Proven(user=user, offline=True, way=WAY)


def _short(claimed: str) -> Operator:
    try:
        return user_name(claimed.partition("@")[0].strip().lower())
    except UserRefused as refused:
        raise SignInRefused("no_name", name=claimed) from refused


def _called(claimed: str, name: Operator) -> str:
    try:
        return display_name(claimed, name)
    except UserRefused:
        return name


def _new(name: Operator, member: _Member, now: datetime) -> User:
    return User(
        name=name,
        display=_called(member.display, name),
        role=member.role,
        kommuner=member.kommuner,
        created_at=now,
        created_by=SYSTEM,
        changed_at=now,
        changed_by=SYSTEM,
    )
