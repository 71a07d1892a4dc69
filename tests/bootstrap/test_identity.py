"""Signing in at a provider as the settings have it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.fakes import FakeClock
from tests.fakes_identity import FakeBrowser, FakeIdentities
from tests.fakes_people import FakeUserStore
from tests.identity_desk import IdentityDesk
from tests.peers.provider import CLIENT, Provider, signed
from workstation.bootstrap.identity import Known, groups, oidc
from workstation.domain.names import Kommune
from workstation.domain.rights import Role
from workstation.paths import default_config
from workstation.settings import Settings, load

TABLES = {
    "WORKSTATION_SIGN_IN__OIDC__ROLES": '{"/desk/operators" = "operator", "/desk/it" = "it"}',
    "WORKSTATION_SIGN_IN__OIDC__KOMMUNER": '{"/haderslev" = ["0510"]}',
}


@pytest.fixture
def provider() -> Iterator[Provider]:
    started = Provider()
    yield started
    started.close()


def settings(issuer: str = "", **more: str) -> Settings:
    environ = {"WORKSTATION_SIGN_IN__OIDC__CLIENT_ID": CLIENT, **TABLES, **more}
    if issuer:
        environ["WORKSTATION_SIGN_IN__OIDC__ISSUER"] = issuer
    return load(None, environ, defaults=default_config())


def known(clock: FakeClock) -> tuple[IdentityDesk, Known]:
    users = FakeUserStore()
    nothing: Any = None
    desk = IdentityDesk(
        clock,
        users=users,
        identities=FakeIdentities(users),
        provider=nothing,
        listen=nothing,
        browser=nothing,
    )
    desk.session.guard(guarded=False)
    return desk, Known(
        session=desk.session,
        sign_in=desk.sign_in,
        proving=desk.proving,
        users=users,
        identities=desk.identities,
        passwords=desk.passwords,
        attempts=desk.attempts,
        clock=clock,
    )


def test_without_a_provider_there_is_none(clock: FakeClock, tmp_path: Path) -> None:
    desk, has = known(clock)
    assert asyncio.run(oidc(settings(), has, tmp_path)) is None
    off = settings("https://login.hub.example", WORKSTATION_SIGN_IN__KIND="off")
    assert asyncio.run(oidc(off, has, tmp_path)) is None
    assert not desk.session.guarded


def test_groups_are_the_settings(clock: FakeClock) -> None:
    found = groups(settings())
    assert found.role(["/desk/it"]) is Role.IT
    assert found.served(["/haderslev"]) == {Kommune("0510")}


def test_somebody_signs_in(provider: Provider, clock: FakeClock, tmp_path: Path) -> None:
    desk, has = known(clock)
    now = int(clock.now().timestamp())

    def came(url: str) -> None:
        asked = {name: one[0] for name, one in parse_qs(urlsplit(url).query).items()}
        claims = {
            "iss": provider.issuer, "sub": "5f2c", "aud": CLIENT, "exp": now + 60, "iat": now,
            "nonce": asked["nonce"], "preferred_username": "anna",
            "groups": ["/desk/operators", "/haderslev"],
        }  # fmt: skip
        token = signed(claims, provider.key)
        provider.token = lambda _form: {"access_token": "opaque", "id_token": token}
        brought = {"state": asked["state"], "code": "c"}
        httpx.get(asked["redirect_uri"], params=brought, trust_env=False)

    browser = FakeBrowser(came)

    async def act() -> None:
        found = await oidc(
            settings(provider.issuer), has, tmp_path, browser=browser, key=lambda: b"k" * 32
        )
        assert found is not None
        assert desk.session.guarded
        assert found.provider == "127.0.0.1"
        await found.sign_in()
        await found.look()

    asyncio.run(act())
    assert desk.session.who() == "anna"
    assert len(list(tmp_path.glob("*.sealed"))) == 1
