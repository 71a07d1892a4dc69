"""What a provider may say and what it may not, word by word, against one that says anything."""

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey, RSAKey

from tests.fakes import FakeClock
from tests.peers.certificates import Authority, Pair
from tests.peers.process import free_port
from tests.peers.provider import CLIENT, Provider, signed
from workstation.adapters.identity.oidc import OidcProvider, Registration
from workstation.adapters.identity.web import Web
from workstation.application.identity_ports import Asked, Shown
from workstation.application.proving import SignInRefused

REFUSED = ("bad_signature", "bad_token")
REDIRECT = "http://127.0.0.1:4711/signed-in"


@pytest.fixture
def provider() -> Iterator[Provider]:
    started = Provider()
    yield started
    started.close()


def registered(provider: Provider, clock: FakeClock, **more: Any) -> OidcProvider:
    told = {"issuer": provider.issuer, "client_id": CLIENT, **more}
    return OidcProvider(Registration(**told), clock)


class Try:
    """One sign-in; `claims` are what the provider vouches for if nothing is changed."""

    def __init__(self, provider: Provider, clock: FakeClock, **more: Any) -> None:
        self.provider, self.clock = provider, clock
        self.here = registered(provider, clock, **more)
        self.asked: Asked = asyncio.run(self.here.ask(REDIRECT))
        now = int(clock.now().timestamp())
        self.claims: dict[str, Any] = {
            "iss": provider.issuer,
            "sub": "5f2c",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.asked.nonce,
            "preferred_username": "anna",
            "name": "Anna Holm",
            "groups": ["/desk/operators", "/haderslev"],
        }

    def answered(self, id_token: object = None, said_by: str = "") -> Shown:
        token = signed(self.claims, self.provider.key) if id_token is None else id_token
        self.provider.token = lambda _form: {"access_token": "opaque", "id_token": token}
        return asyncio.run(self.here.answer(self.asked, "the-code", said_by=said_by))

    def refused(self, id_token: object = None, said_by: str = "") -> str:
        with pytest.raises(SignInRefused) as caught:
            self.answered(id_token, said_by)
        return caught.value.reason


@pytest.fixture
def attempt(provider: Provider, clock: FakeClock) -> Try:
    return Try(provider, clock)


def test_the_question_has_a_state_a_nonce_and_a_proof_key(attempt: Try) -> None:
    asked = {name: one[0] for name, one in parse_qs(urlsplit(attempt.asked.url).query).items()}
    proof = hashlib.sha256(attempt.asked.verifier.encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
    assert (asked["state"], asked["nonce"]) == (attempt.asked.state, attempt.asked.nonce)
    assert (asked["redirect_uri"], asked["prompt"]) == (REDIRECT, "login")
    assert asked["scope"] == "openid profile"
    assert attempt.asked.verifier not in attempt.asked.url
    # Nothing of it is ever written by accident.
    assert not any(secret in repr(attempt.asked) for secret in asked.values() if secret != REDIRECT)


def test_every_question_is_another(provider: Provider, clock: FakeClock) -> None:
    here = registered(provider, clock)
    asked = [asyncio.run(here.ask(REDIRECT)) for _ in range(3)]
    assert len({one.state for one in asked} | {one.nonce for one in asked}) == 6
    assert len({one.verifier for one in asked}) == 3


def test_whom_the_provider_vouches_for(attempt: Try) -> None:
    shown = attempt.answered()
    assert (shown.subject, shown.name, shown.display) == ("5f2c", "anna", "Anna Holm")
    assert shown.groups == {"/desk/operators", "/haderslev"}
    assert shown.issuer == attempt.provider.issuer
    form = dict(attempt.provider.asked)["/token"]
    assert (form["code"], form["code_verifier"]) == ("the-code", attempt.asked.verifier)
    assert "eyJ" not in repr(shown)


WRONG: list[tuple[str, Callable[[dict[str, Any], int], object]]] = [
    ("wrong_issuer", lambda claims, now: claims.update(iss="https://elsewhere.example")),
    ("wrong_issuer", lambda claims, now: claims.pop("iss")),
    ("wrong_issuer", lambda claims, now: claims.update(iss=[claims["iss"]])),
    ("wrong_client", lambda claims, now: claims.update(aud="another")),
    ("wrong_client", lambda claims, now: claims.update(aud=["another"])),
    ("wrong_client", lambda claims, now: claims.update(aud=[])),
    ("wrong_client", lambda claims, now: claims.update(aud=[CLIENT, "another"])),
    ("wrong_client", lambda claims, now: claims.update(aud=[CLIENT, "another"], azp="another")),
    ("wrong_client", lambda claims, now: claims.update(azp="another")),
    ("wrong_client", lambda claims, now: claims.pop("aud")),
    ("wrong_nonce", lambda claims, now: claims.update(nonce="another")),
    ("wrong_nonce", lambda claims, now: claims.update(nonce="")),
    ("wrong_nonce", lambda claims, now: claims.update(nonce=None)),
    ("wrong_nonce", lambda claims, now: claims.pop("nonce")),
    ("expired", lambda claims, now: claims.update(exp=now - 60)),
    ("bad_token", lambda claims, now: claims.pop("exp")),
    ("bad_token", lambda claims, now: claims.update(exp="tomorrow")),
    ("bad_token", lambda claims, now: claims.update(exp=None)),
    ("not_yet", lambda claims, now: claims.update(iat=now + 61)),
    ("not_yet", lambda claims, now: claims.update(nbf=now + 61)),
    ("not_yet", lambda claims, now: claims.pop("iat")),
    ("not_fresh", lambda claims, now: claims.update(auth_time=now - 61)),
    ("bad_token", lambda claims, now: claims.update(auth_time="today")),
    ("bad_token", lambda claims, now: claims.pop("sub")),
    ("bad_token", lambda claims, now: claims.update(sub="")),
    ("bad_token", lambda claims, now: claims.update(sub="x" * 256)),
    ("bad_token", lambda claims, now: claims.update(sub=17)),
    ("bad_token", lambda claims, now: claims.update(at_hash="another")),
    ("no_name", lambda claims, now: claims.pop("preferred_username")),
    ("no_name", lambda claims, now: claims.update(preferred_username=["anna"])),
]


@pytest.mark.parametrize(("reason", "spoil"), WRONG)
def test_a_claim_that_does_not_fit_is_refused(
    attempt: Try, reason: str, spoil: Callable[[dict[str, Any], int], object]
) -> None:
    spoil(attempt.claims, int(attempt.clock.now().timestamp()))
    assert attempt.refused() == reason


RIGHT: list[Callable[[dict[str, Any], int], object]] = [
    lambda claims, now: claims.update(exp=now - 59),
    lambda claims, now: claims.update(iat=now + 60, nbf=now + 60),
    lambda claims, now: claims.update(auth_time=now - 59),
    lambda claims, now: claims.update(aud=[CLIENT]),
    lambda claims, now: claims.update(aud=[CLIENT, "another"], azp=CLIENT),
    lambda claims, now: claims.update(sub="x" * 255),
]


@pytest.mark.parametrize("change", RIGHT)
def test_clocks_may_differ_by_a_minute(
    attempt: Try, change: Callable[[dict[str, Any], int], object]
) -> None:
    change(attempt.claims, int(attempt.clock.now().timestamp()))
    assert attempt.answered().name == "anna"


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_an_unsigned_token_is_refused(attempt: Try) -> None:
    for algorithm in ("none", "None", "NONE", "nOnE", None, "", 5, ["RS256"]):
        for signature in ("", "eHg"):
            token = f"{part({'alg': algorithm, 'kid': 'first'})}.{part(attempt.claims)}.{signature}"
            assert attempt.refused(token) in ("unsigned", "bad_token")
    assert attempt.refused(f"{part({'alg': 'none'})}.{part(attempt.claims)}.") == "unsigned"


def test_the_public_key_is_no_secret_to_sign_with(attempt: Try) -> None:
    """The confusion of RS256 and HS256: everybody knows the public key."""
    for secret in (attempt.provider.key.as_pem(private=False), b"guessed"):
        text = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(attempt.claims)}"
        made = hmac.digest(secret, text.encode(), "sha256")
        signature = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        assert attempt.refused(f"{text}.{signature}") == "unsigned"


def test_a_foreign_signature_is_refused(attempt: Try) -> None:
    forger = RSAKey.generate_key(2048, {"kid": "first"})
    assert attempt.refused(signed(attempt.claims, forger)) == "bad_signature"
    small = ECKey.generate_key("P-256", {"kid": "first"})
    own = dict(small.as_dict(private=False))
    assert attempt.refused(signed(attempt.claims, small, "ES256", jwk=own)) in REFUSED
    elsewhere = signed(attempt.claims, forger, jku=f"{attempt.provider.issuer}/evil", kid="x")
    assert attempt.refused(elsewhere) == "bad_signature"
    assert "/evil" not in [path for path, _ in attempt.provider.asked]


def test_a_token_changed_by_one_letter_is_refused(attempt: Try) -> None:
    head, body, signature = signed(attempt.claims, attempt.provider.key).split(".")
    attempt.claims["groups"] = ["/desk/it"]
    assert attempt.refused(f"{head}.{part(attempt.claims)}.{signature}") == "bad_signature"
    changed = ("A" if signature[9] != "A" else "B").join((signature[:9], signature[10:]))
    assert attempt.refused(f"{head}.{body}.{changed}") == "bad_signature"


def test_a_token_without_a_key_s_name_needs_a_provider_of_one_key(attempt: Try) -> None:
    nameless = signed(attempt.claims, attempt.provider.key, kid=None)
    assert attempt.answered(nameless).name == "anna"
    attempt.provider.shown = [attempt.provider.key, attempt.provider.other]
    fresh = Try(attempt.provider, attempt.clock)
    assert fresh.refused(signed(fresh.claims, fresh.provider.key, kid=None)) == "bad_signature"


def test_new_keys_are_fetched_once(attempt: Try) -> None:
    attempt.answered()
    attempt.provider.shown = [attempt.provider.key, attempt.provider.other]
    attempt.provider.asked.clear()
    token = signed(attempt.claims, attempt.provider.other, "ES256")
    assert attempt.answered(token).name == "anna"
    assert [path for path, _ in attempt.provider.asked].count("/keys") == 1

    attempt.provider.asked.clear()
    unknown = RSAKey.generate_key(2048, {"kid": "third"})
    assert attempt.refused(signed(attempt.claims, unknown)) == "bad_signature"
    assert [path for path, _ in attempt.provider.asked].count("/keys") == 1


@pytest.mark.parametrize(
    "token", ["", "x", "a.b", "a.b.c", "....", 5, ["x"], {}, "é.ø.å", "x" * 70_000]
)
def test_what_is_no_token_is_refused(attempt: Try, token: object) -> None:
    assert attempt.refused(token) in ("bad_token", "provider_garbled")


def test_a_reply_by_somebody_else_is_refused(provider: Provider, clock: FakeClock) -> None:
    attempt = Try(provider, clock)
    assert attempt.refused(said_by="https://elsewhere.example") == "wrong_issuer"
    assert attempt.answered(said_by=provider.issuer).name == "anna"
    provider.more = {"authorization_response_iss_parameter_supported": True}
    assert Try(provider, clock).refused() == "wrong_issuer"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("invalid_grant", "code_refused"),
        ("invalid_client", "client_refused"),
        ("unauthorized_client", "client_refused"),
        ("temporarily_unavailable", "provider_refused"),
        (5, "provider_garbled"),
    ],
)
def test_a_refused_code(attempt: Try, error: object, reason: str) -> None:
    attempt.provider.token = lambda _form: {"error": error}
    with pytest.raises(SignInRefused) as caught:
        asyncio.run(attempt.here.answer(attempt.asked, "the-code"))
    assert caught.value.reason == reason


def test_groups_by_userinfo_and_inside_other_claims(provider: Provider, clock: FakeClock) -> None:
    attempt = Try(provider, clock)
    del attempt.claims["groups"]
    provider.user_info = {"sub": "5f2c", "groups": "/desk/it", "name": "Somebody Else"}
    shown = attempt.answered()
    assert (set(shown.groups), shown.display) == ({"/desk/it"}, "Anna Holm")
    provider.user_info = {"sub": "another", "groups": ["/desk/it"]}
    assert attempt.refused() == "bad_token"

    nested = Try(provider, clock, groups_claim="realm_access.roles")
    nested.claims["realm_access"] = {"roles": ["it", 5]}
    assert nested.answered().groups == {"it"}
    dotted = Try(provider, clock, groups_claim="https://hub.example/groups")
    dotted.claims["https://hub.example/groups"] = ["it"]
    assert dotted.answered().groups == {"it"}


def test_the_secret_is_sent_as_the_client_s_own(provider: Provider, clock: FakeClock) -> None:
    attempt = Try(provider, clock, secret="kept-by-it")
    attempt.answered()
    assert "kept-by-it" not in str(provider.asked)
    assert "kept-by-it" not in repr(Registration(issuer="", client_id="", secret="kept-by-it"))


def test_leaving_is_told_where_it_is_offered(provider: Provider, clock: FakeClock) -> None:
    attempt = Try(provider, clock)
    asyncio.run(attempt.here.leave("the-hint"))
    assert ("/leave", {"id_token_hint": "the-hint", "client_id": CLIENT}) in provider.asked
    provider.more = {"end_session_endpoint": None}
    fresh = Try(provider, clock)
    provider.asked.clear()
    asyncio.run(fresh.here.leave("the-hint"))
    assert provider.asked == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"[]",
        b"5",
        b"{",
        b"\xff\xfe",
        b"{}",
        b"[" * 5000,
        b'{"issuer": 5}',
        b"x" * 2_000_000,
    ],
)
def test_a_provider_that_answers_garbage(provider: Provider, clock: FakeClock, raw: bytes) -> None:
    here = registered(provider, clock)
    provider.raw = raw
    with pytest.raises(SignInRefused) as caught:
        asyncio.run(here.ask(REDIRECT))
    assert caught.value.reason == "provider_garbled"
    assert asyncio.run(here.answers()) is False


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"issuer": "https://elsewhere.example"}, "wrong_issuer"),
        ({"token_endpoint": None}, "provider_garbled"),
        ({"jwks_uri": 5}, "provider_garbled"),
        ({"authorization_endpoint": "http://login.hub.example/auth"}, "provider_garbled"),
        ({"authorization_endpoint": "file:///bin/sh"}, "provider_garbled"),
        ({"authorization_endpoint": "calc.exe"}, "provider_garbled"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "provider_garbled"),
        ({"authorization_endpoint": "https://[/"}, "provider_garbled"),
        ({"authorization_endpoint": "https://x:port/"}, "provider_garbled"),
        ({"authorization_endpoint": ""}, "provider_garbled"),
    ],
)
def test_a_discovery_document_that_does_not_fit(
    provider: Provider, clock: FakeClock, more: dict[str, Any], reason: str
) -> None:
    provider.more = more
    with pytest.raises(SignInRefused) as caught:
        asyncio.run(registered(provider, clock).ask(REDIRECT))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "elsewhere",
    ["http://login.hub.example/token", "ftp://x/", "file:///etc", "https://\x00/", "https://[::/"],
)
def test_no_code_is_ever_sent_unencrypted_over_a_network(
    provider: Provider, clock: FakeClock, elsewhere: str
) -> None:
    provider.more = {"token_endpoint": elsewhere}
    attempt = Try(provider, clock)
    assert attempt.refused() == "provider_garbled"


def test_errors_and_redirects_are_not_followed(provider: Provider, clock: FakeClock) -> None:
    for status in (301, 302, 404, 500, 503):
        provider.status = status
        with pytest.raises(SignInRefused) as caught:
            asyncio.run(registered(provider, clock).ask(REDIRECT))
        assert caught.value.reason == "provider_garbled"


def test_it_can_be_checked_before_anybody_signs_in(provider: Provider, clock: FakeClock) -> None:
    here = registered(provider, clock)
    asyncio.run(here.check())
    provider.shown = []
    with pytest.raises(SignInRefused) as caught:
        asyncio.run(here.check())
    assert caught.value.reason == "provider_garbled"


def test_keys_that_are_none(provider: Provider, clock: FakeClock) -> None:
    attempt = Try(provider, clock)
    provider.more = {}
    provider.shown = []
    assert attempt.refused() == "bad_signature"


def test_a_provider_that_is_away(clock: FakeClock) -> None:
    here = OidcProvider(
        Registration(issuer=f"http://127.0.0.1:{free_port()}", client_id=CLIENT), clock
    )
    with pytest.raises(SignInRefused) as caught:
        asyncio.run(here.ask(REDIRECT))
    assert (caught.value.reason, caught.value.facts["host"]) == ("provider_away", "127.0.0.1")
    assert asyncio.run(here.answers()) is False


def served(pair: Pair, act: Callable[[Provider], object]) -> None:
    provider = Provider(pair)
    try:
        act(provider)
    finally:
        provider.close()


def test_certificates_are_verified(tmp_path: Path, clock: FakeClock) -> None:
    ours, theirs = Authority(tmp_path / "ours"), Authority(tmp_path / "theirs")

    def why(provider: Provider, authority: Authority = ours) -> str:
        with pytest.raises(SignInRefused) as caught:
            asyncio.run(registered(provider, clock, ca_file=str(authority.file)).ask(REDIRECT))
        assert caught.value.reason == "provider_untrusted"
        return str(caught.value.facts["why"])

    def right(provider: Provider) -> None:
        here = registered(provider, clock, ca_file=str(ours.file))
        assert asyncio.run(here.ask(REDIRECT)).url.startswith(provider.issuer)
        assert why(provider, theirs) == "certificate_unknown"

    served(ours.server(), right)
    reasons: list[str] = []
    for pair in (
        ours.server("far", names=("login.hub.example",)),
        ours.expired(),
        ours.not_yet_valid(),
    ):
        served(pair, lambda provider: reasons.append(why(provider)))
    assert reasons == ["certificate_name", "certificate_expired", "certificate_early"]


def test_a_file_without_certificates(tmp_path: Path, clock: FakeClock) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    told = Registration(issuer="https://127.0.0.1:1", client_id=CLIENT, ca_file=str(empty))
    with pytest.raises(SignInRefused) as caught:
        asyncio.run(OidcProvider(told, clock).ask(REDIRECT))
    assert caught.value.reason == "provider_untrusted"


def test_old_tls_is_not_spoken() -> None:
    assert Web(None)._verified().minimum_version is ssl.TLSVersion.TLSv1_2
