"""The proxy itself: what it lets through, and what it does not."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.peers.proxy import Proxy, proxies
from tests.waiting import until


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that says everything back, and its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def say_back(link: socket.socket) -> None:
        with link:
            try:
                while block := link.recv(100):
                    link.sendall(block)
            except OSError:
                return

    def serve() -> None:
        while True:
            try:
                link, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=say_back, args=(link,)).start()

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


@pytest.fixture
def make() -> Iterator[Callable[[int], Proxy]]:
    with proxies() as made:
        yield made


def connected(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=5)


def test_what_goes_in_comes_out_and_back(make, echo):
    with connected(make(echo)) as link:
        link.sendall(b"hello")
        assert link.recv(100) == b"hello"


def test_a_stalled_way_holds_everything_and_loses_nothing(make, echo):
    proxy = make(echo)
    with connected(proxy) as link:
        link.sendall(b"a")
        assert link.recv(100) == b"a"
        proxy.stall()
        link.sendall(b"b")
        link.settimeout(0.1)
        with pytest.raises(TimeoutError):
            link.recv(100)
        link.settimeout(5)
        proxy.heal()
        assert link.recv(100) == b"b"


def test_a_cut_way_ends_what_stands_and_what_comes(make, echo):
    proxy = make(echo)
    with connected(proxy) as link:
        link.sendall(b"a")
        assert link.recv(100) == b"a"
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            link.recv(100)
    with pytest.raises(ConnectionResetError), connected(proxy) as link:
        link.recv(100)
    proxy.heal()
    with connected(proxy) as link:
        link.sendall(b"c")
        assert link.recv(100) == b"c"
    until(lambda: proxy.connections == 0)


def test_a_slow_way_brings_everything_in_its_order(make, echo):
    proxy = make(echo)
    proxy.slow(0.02)
    with connected(proxy) as link:
        for said in (b"a", b"b", b"c"):
            link.sendall(said)
        heard = b""
        while len(heard) < 3:
            heard += link.recv(100)
        assert heard == b"abc"


def test_nobody_at_the_other_end(make, free_port):
    with pytest.raises(ConnectionResetError), connected(make(free_port())) as link:
        link.recv(100)
