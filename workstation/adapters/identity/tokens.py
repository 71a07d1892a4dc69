"""ID tokens: whether this provider made them, for this program, now, and as the answer to our question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
)
from joserfc.jwk import KeySet

from workstation.application.proving import SignInRefused

ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
)  # fmt: skip
"""Those with a key pair: a secret shared with every desk, or none at all, proves nothing."""
SKEW_S: Final = 60
"""How much the provider's clock may differ from ours."""
_KEY_PAIRS: Final = ("RSA", "EC", "OKP")
_LONGEST: Final = 64 * 1024
_OF_CLAIM: Final = {
    "iss": "wrong_issuer",
    "aud": "wrong_client",
    "azp": "wrong_client",
    "nonce": "wrong_nonce",
    "nbf": "not_yet",
    "iat": "not_yet",
}
_BROKEN: Final = (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError)


class UnknownKey(Exception):
    """No key of the set has the name that the token gives: the provider may have new ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token must fit."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)
    asked_at: datetime
    now: datetime


def key_set(found: Mapping[str, Any]) -> KeySet:
    """Return the keys of a JWKS that we can use; others are left out; raises SignInRefused."""
    keys = found.get("keys")
    if not isinstance(keys, list):
        raise SignInRefused("provider_garbled")
    usable = []
    for key in keys:
        if not isinstance(key, dict) or key.get("kty") not in _KEY_PAIRS:
            continue
        try:
            usable += KeySet.import_key_set({"keys": [key]}).keys
        except _BROKEN:
            continue
    return KeySet(usable)


def verified(token: str, keys: KeySet, expected: Expected) -> dict[str, Any]:
    """Return the claims of an ID token; raises SignInRefused, or UnknownKey.

    `unsigned`, `bad_signature`, `wrong_issuer`, `wrong_client`, `wrong_nonce`, `expired`,
    `not_yet`, `not_fresh`, `bad_token`.
    """
    try:
        claims = _signed(token, keys)
        header, body = claims.header, claims.claims
        _validate(header, body, expected)
        _check_fresh(body, expected)
    except (SignInRefused, UnknownKey):
        raise
    except _BROKEN as error:
        raise _refusal(error) from error
    return dict(body)


def _signed(token: str, keys: KeySet) -> jwt.Token:
    if len(token) > _LONGEST:
        raise SignInRefused("bad_token")
    header = jws.extract_compact(token.encode("ascii")).headers()
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise SignInRefused("unsigned")
    if kid is None:
        # OpenID Connect Core, 10.1: the name may be left out only where there is one key.
        if len(keys.keys) != 1:
            raise SignInRefused("bad_signature")
        key = keys.keys[0]
    else:
        named = [key for key in keys.keys if key.kid == kid]
        if not named:
            raise UnknownKey(str(kid))
        key = named[0]
    return jwt.decode(token, key, algorithms=list(ALGORITHMS))


def _validate(header: Mapping[str, Any], body: dict[str, Any], expected: Expected) -> None:
    options = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True},
    }
    params = {
        "nonce": expected.nonce,
        "client_id": expected.client_id,
        "access_token": expected.access_token,
    }
    claims = CodeIDToken(body, dict(header), options, params)
    claims.validate(now=int(expected.now.timestamp()), leeway=SKEW_S)
    subject = body.get("sub")
    longest = 255
    if not isinstance(subject, str) or not 0 < len(subject) <= longest:
        raise SignInRefused("bad_token")


def _check_fresh(body: Mapping[str, Any], expected: Expected) -> None:
    """Refuse whoever was let in without being asked: somebody else may have left their session."""
    at = body.get("auth_time")
    if at is None:
        return
    if not isinstance(at, int | float) or at < expected.asked_at.timestamp() - SKEW_S:
        raise SignInRefused("not_fresh")


def _refusal(error: Exception) -> SignInRefused:
    match error:
        case ExpiredTokenError():
            return SignInRefused("expired")
        case BadSignatureError():
            return SignInRefused("bad_signature")
        case InvalidClaimError() | MissingClaimError():
            return SignInRefused(_OF_CLAIM.get(error.claim, "bad_token"))
        case _:
            return SignInRefused("bad_token")
