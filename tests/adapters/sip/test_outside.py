"""Which STUN servers answer."""

import socket
import threading

import pytest

from tests.adapters.sip.test_routers import Registrar
from tests.peers.stun import Stun, answer
from workstation.adapters.sip import outside

HERE = "127.0.0.1"


def test_those_that_answer_in_their_order(free_port):
    nobody = f"{HERE}:{free_port(socket.SOCK_DGRAM)}"
    with Stun(HERE) as one, Stun(HERE) as other, Registrar(HERE) as no_stun:
        asked = [nobody, other.address, no_stun.address, one.address]
        assert outside.answering(asked) == (other.address, one.address)
    assert outside.answering([]) == ()


@pytest.mark.parametrize("spoilt", [b"", b"\x01\x01", b"\x01\x01\x00\x00" + bytes(16), None])
def test_what_is_no_answer_to_what_was_asked_does_not_count(spoilt):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HERE, 0))

        def reply() -> None:
            request, source = server.recvfrom(2048)
            said = answer(request[:-1] + b"\x00", source) if spoilt is None else spoilt
            server.sendto(said, source)

        asked = threading.Thread(target=reply)
        asked.start()
        host, port = server.getsockname()
        assert outside.answering([f"{host}:{port}"]) == ()
        asked.join()


def test_a_name_that_nobody_knows_is_nobody():
    assert outside.answering(["nobody.invalid"]) == ()
