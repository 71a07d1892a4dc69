"""Setting up a call through a Kamailio with digest, plain and encrypted: the desk's line beside baresip."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from tests.bench.call import Calling
from tests.bench.figure import Figure, at_most
from tests.bench.measuring import Bench, in_turn, percentile
from tests.peers.baresip import Baresip
from tests.peers.certificates import Authority
from tests.peers.kamailio import DOMAIN, Kamailio
from tests.peers.telephone import Telephone
from tests.waiting import until

_PATIENCE_S = 10.0
_TARGET = f"sip:unit@{DOMAIN}"
_USERS = {"desk7": "secret", "desk8": "secret", "unit": "pass"}
_WAYS = {"udp": "over UDP", "tls": "over TLS with SRTP"}


class _Softphone:
    """A baresip that is told to call over its control connection, and tells there of the answer."""

    def __init__(self, peer: Baresip) -> None:
        self._connection = socket.create_connection(("127.0.0.1", peer.control), _PATIENCE_S)
        self._said = b""
        self._pause = threading.Event()

    def set_up(self, target: str) -> float:
        """Call, wait until it tells of the answer, hang up; return milliseconds."""
        self._pause.wait(Calling.BETWEEN_S)
        started = time.perf_counter()
        self._order("dial", target)
        self._wait("CALL_ESTABLISHED")
        took = time.perf_counter() - started
        self._order("hangup")
        self._wait("CALL_CLOSED")
        return took * 1000

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _order(self, command: str, params: str = "") -> None:
        text = json.dumps({"command": command, "params": params}).encode()
        self._connection.sendall(b"%d:%s," % (len(text), text))

    def _wait(self, kind: str) -> None:
        while self._next().get("type") != kind:
            pass

    def _next(self) -> dict[str, Any]:
        while b":" not in self._said:
            self._hear()
        length, _, self._said = self._said.partition(b":")
        while len(self._said) <= int(length):
            self._hear()
        said: dict[str, Any] = json.loads(self._said[: int(length)])
        self._said = self._said[int(length) + 1 :]
        return said

    def _hear(self) -> None:
        # Without it the kernel keeps its receipt for 40 ms, and baresip its next word for that.
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        heard = self._connection.recv(65_536)
        if not heard:
            raise ConnectionError("baresip has ended")
        self._said += heard


def measure(bench: Bench) -> list[Figure]:
    """Return the time from the order to the answer known, by each way, both sides calling in turn."""
    authority = Authority(bench.folder / "authority")
    kamailio = Kamailio(bench.folder / "kamailio", _USERS, tls=authority.server())
    with ExitStack() as stack:
        stack.callback(kamailio.stop)
        kamailio.start()
        return [_measure(bench, kamailio, authority, way) for way in _WAYS]


def _measure(bench: Bench, kamailio: Kamailio, authority: Authority, way: str) -> Figure:
    count = bench.count(60, 10)
    with ExitStack() as stack:
        _baresip(stack, bench.folder / f"unit-{way}", kamailio, authority, "unit", way)
        caller = _baresip(stack, bench.folder / f"caller-{way}", kamailio, authority, "desk8", way)
        theirs = stack.enter_context(closing(_Softphone(caller)))
        ours = Calling(_line(kamailio, authority, way))
        stack.callback(ours.stop)
        # The first pays for the start of both libraries, and for the connections.
        ours.set_up(_TARGET)
        theirs.set_up(_TARGET)
        pairs = in_turn(lambda: ours.set_up(_TARGET), lambda: theirs.set_up(_TARGET), count)
    own, other = sorted(pairs.ours), sorted(pairs.theirs)
    return Figure(
        name=f"proxied_call_{way}",
        what=f"call set-up {_WAYS[way]} through Kamailio with digest, from the order to the answer "
        "known, beside baresip calling the same telephone",
        value=own[len(own) // 2],
        unit="ms",
        ratio=pairs.ratio,
        goal=at_most(1.5),
        n=count,
        note=f"p99 {percentile(own, 0.99):.1f} ms; baresip {other[len(other) // 2]:.1f} ms "
        f"(p99 {percentile(other, 0.99):.1f})",
    )


def _baresip(
    stack: ExitStack, folder: Path, kamailio: Kamailio, authority: Authority, user: str, way: str
) -> Baresip:
    peer = Baresip(
        folder,
        registrar=f"127.0.0.1:{kamailio.tls_port if way == 'tls' else kamailio.port}",
        login=(f"{user}@{DOMAIN}", _USERS[user]),
        tls=authority.server(user) if way == "tls" else None,
    )
    stack.callback(peer.stop)
    peer.start()
    until(lambda: kamailio.registrations(user, by=way), why=lambda: peer.output + kamailio.output)
    return peer


def _line(kamailio: Kamailio, authority: Authority, way: str) -> Telephone:
    own = {"kind": "registrar", "username": f"desk7@{DOMAIN}", "password": _USERS["desk7"]}
    own |= {"transport": way, "ca_file": str(authority.file)}
    return Telephone(kamailio.tls_address if way == "tls" else kamailio.address, setup=own)
