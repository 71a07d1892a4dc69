"""Behind a router: what STUN says of us stands in what we say of ourselves."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Self

import pytest

from tests.peers.stun import OUTSIDE, SHIFT, Stun
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation.adapters.sip.identity import own_address_towards
from workstation.domain.call import CallState

pytestmark = pytest.mark.peer
_SAME = ("via", "from", "to", "call-id", "cseq", "contact")


class Registrar:
    """Accepts whoever registers, and is busy to whoever calls: what they said is kept."""

    def __init__(self, host: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self.address = f"{host}:{self._socket.getsockname()[1]}"
        self.said: dict[str, str] = {}
        self._thread = threading.Thread(target=self._serve, name="registrar", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def heard(self, method: str) -> str:
        """Return the first request of that name, whole."""
        return until(lambda: self.said.get(method), timeout=20)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                request, source = self._socket.recvfrom(65_535)
                if source is None:
                    return  # woken, to end
                text = request.decode("utf-8", "replace")
                method = text.partition(" ")[0]
                self.said.setdefault(method, text)
                if method in ("REGISTER", "INVITE"):
                    self._socket.sendto(_reply(text, method), source)


def _reply(request: str, method: str) -> bytes:
    lines = request.partition("\r\n\r\n")[0].split("\r\n")[1:]
    kept = [line for line in lines if line.partition(":")[0].strip().lower() in _SAME]
    # As it was said: a registrar that rewrites it would tell them where they are by itself.
    code = "200 OK" if method == "REGISTER" else "486 Busy Here"
    more = ["Expires: 300"] if method == "REGISTER" else []
    told = [line + ";tag=r" if line.lower().startswith("to:") else line for line in kept]
    head = "\r\n".join((f"SIP/2.0 {code}", *told, *more, "Content-Length: 0"))
    return f"{head}\r\n\r\n".encode()


@pytest.fixture
def here() -> str:
    """This machine's own address: on loopback nobody stands behind a router."""
    found = own_address_towards("192.0.2.1")
    assert found, "a machine with a network"
    assert not found.startswith("127.")
    return found


@pytest.fixture
def outside(here: str) -> Iterator[tuple[Stun, Registrar]]:
    with Stun(here) as stun, Registrar(here) as registrar:
        yield stun, registrar


def say(
    telephone: Callable[..., Telephone], registrar: Registrar, **more: object
) -> tuple[str, str]:
    """Register and call; return what was said in doing so."""
    own = {"kind": "registrar", "username": "desk7@kommune.test", "password": "x", **more}
    phone = telephone(registrar.address, setup=own)
    register = registrar.heard("REGISTER")
    call = phone.dial("+4574621048")
    invite = registrar.heard("INVITE")
    phone.wait_state(call, CallState.ENDED)
    return register, invite


def header(request: str, name: str) -> str:
    found = re.search(rf"^{name}\s*:\s*(.*?)\r?$", request, re.IGNORECASE | re.MULTILINE)
    assert found is not None, request
    return found[1]


def test_without_stun_we_say_the_address_that_we_have(here, outside, telephone):
    stun, registrar = outside
    register, invite = say(telephone, registrar)
    assert here in header(register, "contact")
    assert f"c=IN IP4 {here}" in invite
    assert stun.asked == 0
    assert OUTSIDE not in register + invite


def test_with_stun_we_say_the_address_that_the_router_gives_us(here, outside, telephone):
    stun, registrar = outside
    register, invite = say(telephone, registrar, stun=[stun.address])
    assert stun.asked
    for request in (register, invite):
        contact = header(request, "contact")
        assert OUTSIDE in contact
        assert here not in contact
    assert f"c=IN IP4 {OUTSIDE}" in invite
    assert f"c=IN IP4 {here}" not in invite


def test_with_ice_both_addresses_are_candidates(here, outside, telephone):
    stun, registrar = outside
    _register, invite = say(telephone, registrar, stun=[stun.address], ice=True)
    found = re.findall(
        r"a=candidate:\S+ 1 UDP \d+ (\S+) (\d+) typ (\w+)(?: raddr (\S+) rport (\d+))?", invite
    )
    kinds = {kind: (host, int(port), base) for host, port, kind, base, _port in found}
    assert kinds["host"][0] == here
    assert kinds["srflx"][0] == OUTSIDE
    assert kinds["srflx"][2] == here
    assert kinds["srflx"][1] == kinds["host"][1] - SHIFT
    assert "a=ice-ufrag:" in invite


def test_a_stun_server_that_does_not_answer_leaves_us_with_our_own_address(
    here, outside, telephone, free_port
):
    _stun, registrar = outside
    nobody = f"{here}:{free_port(socket.SOCK_DGRAM)}"
    register, invite = say(telephone, registrar, stun=[nobody])
    assert here in header(register, "contact")
    assert f"c=IN IP4 {here}" in invite
