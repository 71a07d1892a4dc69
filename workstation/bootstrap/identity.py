"""Signing in at an identity provider, composed where the settings name one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workstation.adapters.system import card_key
from workstation.adapters.system.browser import SystemBrowser
from workstation.adapters.system.remembered import SealedMemory
from workstation.application.identity_ports import (
    Identities,
    IdentityMemory,
    IdentityProvider,
    Listen,
)
from workstation.application.joining import Joining, JoinRules
from workstation.application.offline_people import OfflinePeople
from workstation.application.ports import Browser, Clock
from workstation.application.proving import Proving
from workstation.application.session import Session
from workstation.application.sign_in import SignIn
from workstation.application.sign_in_oidc import Around, SignInOidc
from workstation.application.user_ports import Memory, Passwords, UserStore
from workstation.bootstrap.secrets import secret
from workstation.domain.membership import Groups
from workstation.domain.names import Kommune
from workstation.domain.rights import Role
from workstation.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a desk has of its people already."""

    session: Session
    sign_in: SignIn
    proving: Proving
    users: UserStore
    identities: Identities
    passwords: Passwords
    attempts: Memory
    clock: Clock


async def oidc(
    settings: Settings,
    known: Known,
    folder: Path,
    *,
    browser: Browser | None = None,
    key: Callable[[], bytes] = card_key.from_key_store,
) -> SignInOidc | None:
    """Compose it; None where the settings name no provider, or nobody is asked to sign in.

    `folder` is where this desk remembers its people.
    """
    own = settings.sign_in
    if own.oidc.issuer is None or own.kind == "off":
        return None
    # Its libraries take a quarter of a second to load, which the window need not wait for.
    provider, listen = await asyncio.to_thread(provider_of, settings, known.clock)
    known.session.guard()
    remembered: IdentityMemory = SealedMemory(folder, key)
    joining = Joining(
        session=known.session,
        users=known.users,
        identities=known.identities,
        memory=remembered,
        clock=known.clock,
        rules=JoinRules(
            groups=groups(settings),
            served=frozenset(map(Kommune, settings.hub.kommuner)),
            remember=known.proving.rules.remember,
        ),
    )
    offline = OfflinePeople(
        users=known.users,
        identities=known.identities,
        remembered=remembered,
        attempts=known.attempts,
        passwords=known.passwords,
        clock=known.clock,
        source=known.session.desk,
        rules=known.proving.rules,
    )
    return SignInOidc(
        sign_in=known.sign_in,
        session=known.session,
        proving=known.proving,
        joining=joining,
        offline=offline,
        around=Around(provider=provider, listen=listen, browser=browser or SystemBrowser()),
    )


def groups(settings: Settings) -> Groups:
    """Return what the provider's groups mean at this hub."""
    own = settings.sign_in.oidc
    return Groups(
        roles={group: Role(role) for group, role in own.roles.items()},
        kommuner={group: frozenset(map(Kommune, codes)) for group, codes in own.kommuner.items()},
    )


def provider_of(settings: Settings, clock: Clock) -> tuple[IdentityProvider, Listen]:
    """Return the provider of the settings and where its answers come to; loads its libraries."""
    from workstation.adapters.identity.loopback import listen
    from workstation.adapters.identity.oidc import OidcProvider, Registration

    own = settings.sign_in.oidc
    registration = Registration(
        issuer=own.issuer or "",
        client_id=own.client_id or "",
        secret=secret(own.client_secret_env) if own.client_secret_env else None,
        scopes=own.scopes,
        name_claim=own.name_claim,
        groups_claim=own.groups_claim,
        ca_file=own.ca_file,
        name=own.name or "",
    )
    return OidcProvider(registration, clock), listen
