"""Signing in at a real identity provider, with what a browser does; and what nobody gets in with."""

import asyncio
import logging
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.adapters.identity.conftest import AtKeycloak
from tests.peers.keycloak import Keycloak, Person
from workstation.application.proving import SignInRefused
from workstation.domain.rights import Role
from workstation.domain.tries import Tried

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]
Desk = Callable[..., AtKeycloak]
People = Callable[..., Person]


def results(desk: AtKeycloak) -> list[tuple[str, Tried]]:
    async def read() -> list[tuple[str, Tried]]:
        found = await desk.users.attempts(desk.proving._clock.now().replace(year=2020))
        return [(one.name, one.result) for one in found]

    return asyncio.run(read())


def sits(desk: AtKeycloak) -> tuple[Role, set[str]] | None:
    person = desk.session.signed_in
    return None if person is None else (person.role, {*person.kommuner})


def refused(desk: AtKeycloak) -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        asyncio.run(desk.oidc.sign_in())
    return caught.value


def test_the_first_sign_in_makes_the_user(
    at_keycloak: Desk, person: People, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk, anna = at_keycloak(), person("anna")
    desk.comes(anna)

    asyncio.run(desk.oidc.sign_in())

    anna_here = desk.session.signed_in
    assert anna_here is not None
    assert (anna_here.operator, anna_here.name) == ("anna", "Anna Holm")
    assert sits(desk) == (Role.OPERATOR, {"0510"})
    assert (anna_here.way, anna_here.offline) == ("oidc", False)
    assert results(desk) == [("anna", Tried.SIGNED_IN)]
    account = asyncio.run(desk.users.account("anna"))
    assert account is not None
    assert account.password_hash == ""
    # What a browser was sent to proves nothing by itself, and asks for the person each time.
    asked = parse_qs(urlsplit(desk.browser.urls[0]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["prompt"] == ["login"]
    assert asked["redirect_uri"][0].startswith("http://127.0.0.1:")
    # No token and no code is in the log: a JWT begins with the letters of `{"`.
    told = "\n".join(record.getMessage() for record in caplog.records if "http" not in record.name)
    assert "eyJ" not in told
    assert "code=" not in told
    assert asked["state"][0] not in told


def test_groups_are_read_at_every_sign_in(
    keycloak: Keycloak, at_keycloak: Desk, person: People
) -> None:
    desk, bo = at_keycloak(), person("bo")
    desk.comes(bo)
    asyncio.run(desk.oidc.sign_in())
    assert sits(desk) == (Role.SUPERVISOR, {"0510", "0860"})

    keycloak.put_into("bo", "/desk/night", "/hjorring")
    asyncio.run(desk.oidc.sign_in())
    assert sits(desk) == (Role.NIGHT, {"0860"})
    steps = asyncio.run(desk.users.steps("bo"))
    assert [(step.did, step.role) for step in steps] == [
        ("added", Role.SUPERVISOR),
        ("changed", Role.NIGHT),
    ]

    keycloak.put_into("bo", "/hjorring")
    assert refused(desk).reason == "no_group"
    assert results(desk)[-1] == ("bo", Tried.NO_GROUP)


def test_nobody_of_ours_is_let_in(at_keycloak: Desk, person: People) -> None:
    desk = at_keycloak()
    desk.comes(person("cook"))
    assert refused(desk).reason == "no_group"
    assert desk.session.signed_in is None
    assert results(desk) == [("cook", Tried.NO_GROUP)]
    assert asyncio.run(desk.users.any()) is False


def test_a_replayed_code_is_refused(at_keycloak: Desk, person: People) -> None:
    """The provider refuses a code that was redeemed; so does another desk that never saw it."""
    first, anna = at_keycloak(), person("anna")
    brought: list[str] = []

    def sign_in(url: str) -> None:
        brought.append(anna.open(url))
        anna.bring(brought[0])

    first.browser.act = sign_in
    asyncio.run(first.oidc.sign_in())
    code = parse_qs(urlsplit(brought[0]).query)["code"][0]

    def replay(url: str) -> None:
        asked = parse_qs(urlsplit(url).query)
        query = httpx.QueryParams(state=asked["state"][0], code=code, iss=anna_issuer)
        httpx.get(asked["redirect_uri"][0], params=query, trust_env=False)

    anna_issuer = parse_qs(urlsplit(brought[0]).query)["iss"][0]
    first.browser.act = replay
    assert refused(first).reason == "replayed"

    second = at_keycloak()
    second.browser.act = replay
    assert refused(second).reason == "code_refused"
    assert results(second) == [
        ("anna", Tried.SIGNED_IN),
        ("?", Tried.REPLAYED),
        ("?", Tried.CODE_REFUSED),
    ]
    assert second.session.signed_in is None


def test_a_stolen_code_is_worth_nothing_without_its_proof_key(
    at_keycloak: Desk, person: People
) -> None:
    """Somebody else's fresh code, brought to a desk that asked its own question (PKCE)."""
    thief, anna = at_keycloak(), person("anna")
    victim = at_keycloak()
    fresh: list[str] = []

    def steal(url: str) -> None:
        fresh.append(parse_qs(urlsplit(anna.open(url)).query)["code"][0])
        victim.oidc.cancel()

    victim.browser.act = steal
    assert refused(victim).reason == "cancelled"

    def inject(url: str) -> None:
        asked = parse_qs(urlsplit(url).query)
        issuer = url.partition("/protocol/")[0]
        query = httpx.QueryParams(state=asked["state"][0], code=fresh[0], iss=issuer)
        httpx.get(asked["redirect_uri"][0], params=query, trust_env=False)

    thief.browser.act = inject
    assert refused(thief).reason == "code_refused"
    assert results(thief)[-1] == ("?", Tried.CODE_REFUSED)


def test_a_foreign_state_is_refused(at_keycloak: Desk) -> None:
    desk = at_keycloak()

    def forge(url: str) -> None:
        redirect = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        httpx.get(redirect, params={"state": "mine", "code": "mine"}, trust_env=False)

    desk.browser.act = forge
    assert refused(desk).reason == "foreign_state"
    assert results(desk) == [("?", Tried.FOREIGN_STATE)]


def test_a_client_with_a_secret_and_groups_by_userinfo(at_keycloak: Desk, person: People) -> None:
    desk = at_keycloak(client_id="confidential", secret="kept-by-it")
    desk.comes(person("anna"))
    asyncio.run(desk.oidc.sign_in())
    assert desk.session.who() == "anna"

    wrong = at_keycloak(client_id="confidential", secret="guessed")
    wrong.comes(person("anna"))
    assert refused(wrong).reason == "client_refused"


def test_new_keys_of_the_provider_are_fetched(
    keycloak: Keycloak, at_keycloak: Desk, person: People
) -> None:
    desk = at_keycloak()
    desk.comes(person("anna"))
    asyncio.run(desk.oidc.sign_in())
    keycloak.new_keys()
    desk.comes(person("anna"))
    asyncio.run(desk.oidc.sign_in())
    assert desk.session.who() == "anna"


def test_signing_out_ends_the_session_there(
    keycloak: Keycloak, at_keycloak: Desk, person: People
) -> None:
    desk = at_keycloak()
    before = keycloak.sessions("anna")
    desk.comes(person("anna"))
    asyncio.run(desk.oidc.sign_in())
    assert keycloak.sessions("anna") == before + 1
    asyncio.run(desk.oidc.sign_out())
    assert desk.session.signed_in is None
    assert keycloak.sessions("anna") == before


def test_a_colleague_at_the_same_browser_is_asked_who_she_is(
    at_keycloak: Desk, person: People
) -> None:
    """Without a word to the provider it would show Bo the page for Anna's password."""
    desk, browser = at_keycloak(), person("anna")
    desk.comes(browser)
    asyncio.run(desk.oidc.sign_in())
    browser.name = "eva"
    asyncio.run(desk.oidc.sign_in())
    assert desk.session.who() == "eva"
    assert ("anna", Tried.SIGNED_OUT) in results(desk)
