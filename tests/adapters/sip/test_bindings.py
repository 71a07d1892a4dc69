"""Who is registered is asked, and nobody's registration is touched by it."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.peers.certificates import Authority
from tests.peers.kamailio import DOMAIN, Kamailio
from tests.peers.process import free_port
from tests.peers.telephone import Telephone
from workstation.adapters.sip.bindings import registered
from workstation.adapters.sip.orders import Configure
from workstation.application.errors import LineFailed

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def kamailio(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kamailio]:
    peer = Kamailio(
        tmp_path_factory.mktemp("kamailio"), {"scaip": "secret"}, tls=authority.server()
    )
    peer.start()
    yield peer
    peer.stop()


def account(address: str, **more: str) -> Configure:
    known = {"username": f"scaip@{DOMAIN}", "password": "secret"} | more
    return Configure(kind="registrar", address=address, **known)


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
def test_who_is_there_is_counted_and_stays(
    kamailio: Kamailio, authority: Authority, way: str
) -> None:
    address = kamailio.tls_address if way == "tls" else kamailio.address
    setup = account(address, transport=way, ca_file=str(authority.file))
    assert registered(setup) == 0
    ingest = Telephone(
        kamailio.address,
        setup={"kind": "registrar", "username": f"scaip@{DOMAIN}", "password": "secret"},
    )
    try:
        ingest.ready()
        assert registered(setup) == 1
        assert registered(setup) == 1
    finally:
        ingest.stop()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"password": "wrong"}, "receiver_refused"),
        ({"username": f"nobody@{DOMAIN}"}, "receiver_unknown"),
    ],
)
def test_each_refusal_is_named(kamailio: Kamailio, wrong: dict[str, str], reason: str) -> None:
    with pytest.raises(LineFailed) as caught:
        registered(account(kamailio.address, **wrong))
    assert caught.value.reason == reason


def test_a_certificate_that_nobody_we_trust_has_signed(kamailio: Kamailio) -> None:
    with pytest.raises(LineFailed) as caught:
        registered(account(kamailio.tls_address, transport="tls"))
    assert caught.value.reason == "receiver_certificate"


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
def test_nobody_answers(way: str) -> None:
    port = free_port(socket.SOCK_DGRAM if way == "udp" else socket.SOCK_STREAM)
    with pytest.raises(LineFailed) as caught:
        registered(account(f"127.0.0.1:{port}", transport=way))
    assert caught.value.reason == "receiver_unanswered"


@pytest.mark.parametrize("said", [b"", b"\r\n\r\n", b"HTTP/1.1 400 Bad\r\n\r\n", b"x" * 70_000])
def test_something_else_answers(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            one, _ = server.accept()
            with one:
                one.recv(4096)
                one.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(LineFailed) as caught:
            registered(account(f"127.0.0.1:{server.getsockname()[1]}", transport="tcp"))
        thread.join(5)
    assert caught.value.reason == "receiver_unanswered"
