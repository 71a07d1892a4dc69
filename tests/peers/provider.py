"""An identity provider in this process that says whatever a test wants it to, over HTTP or TLS."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.peers.certificates import Pair

CLIENT: Final = "workstation"


class Provider:
    """`tokens`, `discovery`, `jwks` and `status` are what it answers with; `asked` what it was asked."""

    def __init__(self, pair: Pair | None = None) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.other = ECKey.generate_key("P-256", {"kid": "second"})
        self.shown: list[RSAKey | ECKey] = [self.key]
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.status = 200
        self.raw: bytes | None = None
        self.more: dict[str, Any] = {}
        self.token: Callable[[dict[str, str]], dict[str, Any]] = lambda _form: {}
        self.user_info: dict[str, Any] = {}
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, {name: one[0] for name, one in parse_qs(body).items()})

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._server.daemon_threads = False
        self._scheme = "http"
        if pair is not None:
            self._scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pair.certificate, pair.key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), name="provider"
        )
        self._thread.start()

    @property
    def issuer(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/leave",
            **self.more,
        }

    def answer(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        path = request.path.partition("?")[0]
        self.asked.append((path, form))
        told = {
            "/.well-known/openid-configuration": self.discovery,
            "/keys": lambda: KeySet(self.shown).as_dict(),
            "/userinfo": lambda: self.user_info,
            "/token": lambda: self.token(form),
            "/leave": dict,
        }
        said = told[path]() if path in told else {}
        body = json.dumps(said).encode() if self.raw is None else self.raw
        request.send_response(400 if "error" in said else self.status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def signed(claims: dict[str, Any], key: Any, algorithm: str = "RS256", **header: Any) -> str:
    """Return a token as whoever has `key` makes it."""
    head = {"alg": algorithm, "kid": key.kid, **header}
    head = {name: value for name, value in head.items() if value is not None}
    return jwt.encode(head, claims, key, algorithms=[algorithm])
