"""Asks a registrar who is registered for an account, without registering: nobody loses a place."""

import hashlib
import re
import socket
import ssl
import time
import uuid
from contextlib import suppress
from typing import Final, Self

from workstation.adapters.sip.orders import Configure
from workstation.adapters.sip.target import plain_address, split_address
from workstation.application.errors import LineFailed

_PATIENCE_S: Final = 5.0
_AGAIN_S: Final = 0.5
"""When UDP's first repeat goes out (RFC 3261 section 17.1.2.2); each pause is twice the last."""
_PORTS: Final = {"udp": 5060, "tcp": 5060, "tls": 5061}
_LARGEST: Final = 65_535
_OK, _FINAL = 200, 200
_CHALLENGES: Final = {401: ("www-authenticate", "Authorization"),
                      407: ("proxy-authenticate", "Proxy-Authorization")}  # fmt: skip
_HASHES: Final = {"md5": hashlib.md5, "sha-256": hashlib.sha256}
_FACT: Final = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')


def registered(setup: Configure) -> int:
    """Return how many are registered for `setup`'s account (RFC 3261 section 10.2.3).

    Raises LineFailed `receiver_refused`, `receiver_unknown`, `receiver_unanswered`,
    `receiver_certificate` or, with the code, `receiver_turned_away`.
    """
    try:
        with _Exchange(setup) as exchange:
            answer = exchange.ask()
            if answer.code in _CHALLENGES:
                answer = exchange.ask(answer)
    except ssl.SSLCertVerificationError as error:
        raise LineFailed("receiver_certificate") from error
    except OSError as error:
        raise LineFailed("receiver_unanswered") from error
    if answer.code == _OK:
        return answer.contacts
    reason = {401: "receiver_refused", 403: "receiver_refused", 407: "receiver_refused",
              404: "receiver_unknown"}.get(answer.code, "receiver_turned_away")  # fmt: skip
    raise LineFailed(reason, sip_code=answer.code)


class _Answer:
    def __init__(self, text: str) -> None:
        first, _, rest = text.partition("\r\n")
        self.code = int(first.split(" ")[1])
        self._lines = rest.partition("\r\n\r\n")[0].replace("\r\n ", " ").split("\r\n")

    def header(self, name: str) -> str:
        """Return all values of a header, by its long or short name in lower case."""
        pairs = (line.partition(":") for line in self._lines)
        return ",".join(said.strip() for key, _, said in pairs if key.strip().lower() == name)

    @property
    def contacts(self) -> int:
        """How many addresses are registered."""
        return (self.header("contact") + self.header("m")).lower().count("<sip")


class _Exchange:
    """Requests and their answers, over one socket; raises OSError."""

    def __init__(self, setup: Configure) -> None:
        self._setup = setup
        host, port = split_address(plain_address(setup.address))
        self._user, _, domain = setup.username.partition("@")
        self._domain = domain or host
        self._peer = (host.strip("[]"), port or _PORTS[setup.transport])
        self._call, self._count = uuid.uuid4().hex, 0

    def __enter__(self) -> Self:
        if self._setup.transport == "udp":
            family, kind, *_, where = socket.getaddrinfo(*self._peer, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, kind)
            self._socket.connect(where)
        else:
            self._socket = socket.create_connection(self._peer, _PATIENCE_S)
        if self._setup.transport == "tls":
            context = ssl.create_default_context(cafile=self._setup.ca_file or None)
            self._socket = context.wrap_socket(self._socket, server_hostname=self._peer[0])
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def ask(self, challenge: _Answer | None = None) -> _Answer:
        """Send one request, signed if it was challenged, and return the final answer."""
        request = self._request("" if challenge is None else self._signed(challenge)).encode()
        until = time.monotonic() + _PATIENCE_S
        pause = _AGAIN_S if self._setup.transport == "udp" else _PATIENCE_S
        self._socket.send(request)
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(min(pause, left))
            try:
                answer = _Answer(self._read())
            except TimeoutError:
                pause *= 2
                with suppress(OSError):
                    self._socket.send(request)
                continue
            if answer.code >= _FINAL and f"{self._count} " in answer.header("cseq"):
                return answer
        raise TimeoutError

    def _read(self) -> str:
        """Return what came, up to the end of its head: no answer to this has more of interest."""
        read = b""
        while b"\r\n\r\n" not in read:
            part = self._socket.recv(_LARGEST)
            if not part or len(read) > _LARGEST:
                raise ConnectionError
            read += part
        text = read.decode("utf-8", "replace")
        if not re.match(r"SIP/2\.0 [1-6]\d\d ", text):
            raise ConnectionError
        return text

    def _request(self, signed: str) -> str:
        self._count += 1
        host, port = self._socket.getsockname()[:2]
        host = f"[{host}]" if ":" in host else host
        via = f"{self._setup.transport.upper()} {host}:{port};rport"
        who = f"<sip:{self._user}@{self._domain}>"
        return "\r\n".join(
            (
                f"REGISTER sip:{self._domain} SIP/2.0",
                f"Via: SIP/2.0/{via};branch=z9hG4bK{uuid.uuid4().hex}",
                "Max-Forwards: 70",
                f"From: {who};tag={self._call[:8]}",
                f"To: {who}",
                f"Call-ID: {self._call}",
                f"CSeq: {self._count} REGISTER",
                *([signed] if signed else []),
                "Content-Length: 0",
                "",
                "",
            )
        )

    def _signed(self, challenge: _Answer) -> str:
        """Return the header that proves that we know the password (RFC 7616)."""
        asked, answered = _CHALLENGES[challenge.code]
        facts = {k.lower(): a or b for k, a, b in _FACT.findall(challenge.header(asked))}
        realm, nonce, uri = facts.get("realm", ""), facts.get("nonce", ""), f"sip:{self._domain}"
        algorithm = facts.get("algorithm", "MD5")
        if algorithm.lower() not in _HASHES:
            raise LineFailed("receiver_turned_away", sip_code=challenge.code)

        def digest(*parts: str) -> str:
            return _HASHES[algorithm.lower()](":".join(parts).encode()).hexdigest()

        secret, what = digest(self._user, realm, self._setup.password), digest("REGISTER", uri)
        more, proof = "", digest(secret, nonce, what)
        if "auth" in facts.get("qop", "").split(","):
            mine = uuid.uuid4().hex
            proof = digest(secret, nonce, "00000001", mine, "auth", what)
            more = f', qop=auth, nc=00000001, cnonce="{mine}"'
        if "opaque" in facts:
            more += f', opaque="{facts["opaque"]}"'
        return (
            f'{answered}: Digest username="{self._user}", realm="{realm}", nonce="{nonce}", '
            f'uri="{uri}", response="{proof}", algorithm={algorithm}{more}'
        )
