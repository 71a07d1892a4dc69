"""OpenID Connect: the authorization code flow with PKCE, every answer of it verified."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import get_well_known_url
from joserfc.jwk import KeySet

from workstation.adapters.identity.tokens import Expected, UnknownKey, key_set, verified
from workstation.adapters.identity.web import Web, is_safe
from workstation.application.identity_ports import Asked, Shown
from workstation.application.ports import Clock
from workstation.application.proving import SignInRefused

_OK: Final = 200
_SECRET_LENGTH: Final = 48
"""Signs of 62 kinds each: 285 bits; RFC 7636 wants 43 to 128 of them for the proof key."""
_REFUSED: Final = {
    "invalid_grant": "code_refused",
    "invalid_client": "client_refused",
    "unauthorized_client": "client_refused",
    "invalid_scope": "client_refused",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What this program is at the provider, and where it reads who people are."""

    issuer: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ("openid", "profile")
    name_claim: str = "preferred_username"
    groups_claim: str = "groups"
    ca_file: str | None = None
    name: str = ""
    """What people call the provider; its host when empty."""


class OidcProvider:
    """One provider; everything that waits for it does so beside the loop."""

    def __init__(self, registration: Registration, clock: Clock) -> None:
        """Nothing is asked of the provider yet."""
        self._own = registration
        self._clock = clock
        self._web = Web(registration.ca_file)
        self._said: Mapping[str, Any] = {}
        self._keys: KeySet | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self._own.name or urlsplit(self._own.issuer).hostname or self._own.issuer

    async def answers(self) -> bool:
        """Whether it can be reached now, and is who it should be."""
        try:
            await asyncio.to_thread(self._discover)
        except SignInRefused:
            return False
        return True

    async def check(self) -> None:
        """See whether it is there, is who it should be, and has keys; raises SignInRefused."""
        await asyncio.to_thread(self._discover)
        if not await asyncio.to_thread(self._fetched):
            raise SignInRefused("provider_garbled")

    async def ask(self, redirect: str) -> Asked:
        """Return a new question whose answer is to come to `redirect`; raises SignInRefused."""
        said = await asyncio.to_thread(self._discover)
        state, nonce, verifier = (generate_token(_SECRET_LENGTH) for _ in range(3))
        url = prepare_grant_uri(
            said["authorization_endpoint"],
            self._own.client_id,
            "code",
            redirect_uri=redirect,
            scope=" ".join(self._own.scopes),
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            # Several people share this browser: it must not let in whoever was here before.
            prompt="login",
        )
        return Asked(
            url=url,
            redirect=redirect,
            state=state,
            nonce=nonce,
            verifier=verifier,
            at=self._clock.now(),
        )

    async def answer(self, asked: Asked, code: str, *, said_by: str = "") -> Shown:
        """Redeem the code and return whom the provider vouches for; raises SignInRefused."""
        return await asyncio.to_thread(self._answer, asked, code, said_by)

    async def leave(self, hint: str) -> None:
        """End the person's session at the provider, where it offers that; raises SignInRefused.

        Asked directly, not through the browser, where the hint would stay in the history.
        """
        await asyncio.to_thread(self._leave, hint)

    def _discover(self) -> Mapping[str, Any]:
        status, said = self._web.get(get_well_known_url(self._own.issuer, external=True))
        needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        if status != _OK or not all(isinstance(said.get(name), str) for name in needed):
            raise SignInRefused("provider_garbled")
        if said["issuer"] != self._own.issuer:
            raise SignInRefused("wrong_issuer")
        if not is_safe(said["authorization_endpoint"]):
            raise SignInRefused("provider_garbled")
        self._said = said
        return said

    def _answer(self, asked: Asked, code: str, said_by: str) -> Shown:
        promised = self._said.get("authorization_response_iss_parameter_supported") is True
        if (said_by or promised) and said_by != self._own.issuer:
            raise SignInRefused("wrong_issuer")
        tokens = self._redeemed(asked, code)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise SignInRefused("provider_garbled")
        expected = Expected(
            issuer=self._own.issuer,
            client_id=self._own.client_id,
            nonce=asked.nonce,
            access_token=access_token,
            asked_at=asked.at,
            now=self._clock.now(),
        )
        claims = self._verified(id_token, expected)
        return self._shown({**self._user_info(claims, access_token), **claims}, id_token)

    def _redeemed(self, asked: Asked, code: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.redirect,
            "code_verifier": asked.verifier,
            "client_id": self._own.client_id,
        }
        login = (self._own.client_id, self._own.secret) if self._own.secret else None
        status, said = self._web.post(self._said["token_endpoint"], form, login)
        if status == _OK:
            return said
        error = said.get("error")
        if not isinstance(error, str):
            raise SignInRefused("provider_garbled")
        raise SignInRefused(_REFUSED.get(error, "provider_refused"), error=error)

    def _verified(self, id_token: str, expected: Expected) -> dict[str, Any]:
        try:
            return verified(id_token, self._keys or self._fetched(), expected)
        except UnknownKey:
            # The provider may have changed its keys since: asked once more, and no oftener.
            try:
                return verified(id_token, self._fetched(), expected)
            except UnknownKey as error:
                raise SignInRefused("bad_signature") from error

    def _fetched(self) -> KeySet:
        status, said = self._web.get(self._said["jwks_uri"])
        if status != _OK:
            raise SignInRefused("provider_garbled")
        self._keys = key_set(said)
        return self._keys

    def _user_info(self, claims: Mapping[str, Any], access_token: str) -> dict[str, Any]:
        """Return what the provider tells only when asked; nothing where the token has the groups."""
        address = self._said.get("userinfo_endpoint")
        if _within(claims, self._own.groups_claim) is not None or not isinstance(address, str):
            return {}
        status, said = self._web.get(address, bearer=access_token)
        if status != _OK:
            return {}
        # OpenID Connect Core, 5.3.4: it may be about somebody else.
        if said.get("sub") != claims["sub"]:
            raise SignInRefused("bad_token")
        return said

    def _shown(self, claims: Mapping[str, Any], id_token: str) -> Shown:
        name = _within(claims, self._own.name_claim)
        if not isinstance(name, str):
            raise SignInRefused("no_name", name="")
        display = claims.get("name")
        return Shown(
            issuer=self._own.issuer,
            subject=claims["sub"],
            name=name,
            display=display if isinstance(display, str) else "",
            groups=_texts(_within(claims, self._own.groups_claim)),
            hint=id_token,
        )

    def _leave(self, hint: str) -> None:
        address = self._said.get("end_session_endpoint")
        if isinstance(address, str):
            self._web.post(address, {"id_token_hint": hint, "client_id": self._own.client_id})


def _within(claims: Mapping[str, Any], path: str) -> object:
    """Return the claim called `path`, or what lies where its dots lead."""
    if path in claims:
        return claims[path]
    found: object = claims
    for part in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    return found


def _texts(found: object) -> frozenset[str]:
    if isinstance(found, str):
        return frozenset({found})
    if not isinstance(found, list):
        return frozenset()
    return frozenset(one for one in found if isinstance(one, str))
