"""Any text at all gives the claims of a true token, or a refusal by name."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, KeySet

from tests.peers.provider import signed
from workstation.adapters.identity.tokens import Expected, UnknownKey, key_set, verified
from workstation.application.proving import SignInRefused
from workstation.complaints.people import SIGN_IN

NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
KEY = ECKey.generate_key("P-256", {"kid": "first"})
KEYS = KeySet([KEY])
EXPECTED = Expected(
    issuer="https://login.hub.example",
    client_id="workstation",
    nonce="a-nonce",
    access_token="opaque",
    asked_at=NOW,
    now=NOW,
)
TRUE: dict[str, Any] = {
    "iss": "https://login.hub.example",
    "sub": "5f2c",
    "aud": "workstation",
    "exp": int(NOW.timestamp()) + 300,
    "iat": int(NOW.timestamp()),
    "nonce": "a-nonce",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def outcome(token: str) -> dict[str, Any] | str:
    try:
        return verified(token, KEYS, EXPECTED)
    except SignInRefused as refused:
        assert refused.reason in SIGN_IN
        return refused.reason
    except UnknownKey:
        return "unknown key"


def test_a_true_token() -> None:
    assert outcome(signed(TRUE, KEY, "ES256")) == TRUE


@given(st.text() | st.from_regex(r"\A[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){2}\Z"))
def test_any_text(token: str) -> None:
    assert isinstance(outcome(token), str)


@settings(max_examples=60)
@given(st.sampled_from(sorted(TRUE)), JSON)
def test_any_value_of_any_claim_that_counts(claim: str, value: Any) -> None:
    found = outcome(signed({**TRUE, claim: value}, KEY, "ES256"))
    times = claim in ("exp", "iat")
    if isinstance(found, dict):
        assert value in (TRUE[claim], [TRUE[claim]]) or times or (claim == "sub" and value)
    elif value == TRUE[claim]:
        pytest.fail(found)


@settings(max_examples=60)
@given(st.data())
def test_any_letter_changed(data: st.DataObject) -> None:
    token = signed(TRUE, KEY, "ES256")
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCabc019-_.=é "))
    changed = token[:at] + letter + token[at + 1 :]
    found = outcome(changed)
    # The last letter's lowest bits stand for nothing.
    assert isinstance(found, str) or changed == token or at in _last_letters(token)


def _last_letters(token: str) -> set[int]:
    dots = [at for at, letter in enumerate(token) if letter == "."]
    return {at - 1 for at in dots} | {len(token) - 1}


@given(JSON)
def test_any_set_of_keys(found: Any) -> None:
    try:
        keys = key_set({"keys": found})
    except SignInRefused as refused:
        assert refused.reason == "provider_garbled"
    else:
        assert list(keys) == []


def test_a_secret_among_the_keys_is_left_out() -> None:
    shown = [{"kty": "oct", "k": "c2VjcmV0", "kid": "s"}, KEY.as_dict(private=False), {"kty": "?"}]
    assert [key.kid for key in key_set({"keys": shown})] == ["first"]
