"""Telephones to call, and a line to call them with."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.peers import telephone_library
from tests.peers.baresip import Baresip
from tests.peers.process import free_port
from tests.peers.raw_caller import RawCaller
from tests.peers.simulated_phone import SimulatedPhone
from tests.peers.sipp import Sipp
from tests.peers.telephone import Telephone


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Everything started in a test is stopped with it, the latest first."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def baresip(stack: ExitStack, tmp_path: Path) -> Callable[..., Baresip]:
    def start(**wanted: Any) -> Baresip:
        peer = Baresip(tmp_path / f"baresip-{free_port()}", **wanted)
        stack.callback(peer.stop)
        peer.start()
        return peer

    return start


@pytest.fixture
def sipp(stack: ExitStack, tmp_path: Path) -> Callable[..., Sipp]:
    def start(steps: list[str], **wanted: Any) -> Sipp:
        peer = Sipp(tmp_path / f"sipp-{free_port()}", steps, **wanted)
        stack.callback(peer.stop)
        peer.start()
        return peer

    return start


@pytest.fixture
def raw_caller(stack: ExitStack) -> Callable[..., RawCaller]:
    def start(uri: str, **wanted: Any) -> RawCaller:
        caller = RawCaller(uri, **wanted)
        stack.callback(caller.close)
        return caller

    return start


@pytest.fixture
def simulated_phone(stack: ExitStack) -> Callable[..., SimulatedPhone]:
    def start(**plan: Any) -> SimulatedPhone:
        peer = SimulatedPhone({"default": {"after_s": 0}} | plan)
        stack.callback(peer.stop)
        return peer

    return start


@pytest.fixture(scope="session")
def our_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return telephone_library.unpack(tmp_path_factory.mktemp("our-pjsua2"))


@pytest.fixture(params=["installed", "ours"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every SIP process of a test has this library; a test that asks for it runs with each."""
    wanted = str(request.param)
    if wanted == "ours":
        if not telephone_library.is_needed():
            pytest.skip(telephone_library.MISSING)
        if not telephone_library.is_installed():
            monkeypatch.setenv("PYTHONPATH", str(request.getfixturevalue("our_library")))
    elif telephone_library.is_installed():
        pytest.skip("PyPI's library is not installed: ours took its place (./dev telephony)")
    return wanted


@pytest.fixture
def desk(telephone: Callable[..., Telephone]) -> Callable[..., tuple[Telephone, str]]:
    """`desk()` is a line that can be called and written to, and its address."""

    def start(**wanted: Any) -> tuple[Telephone, str]:
        port = free_port(socket.SOCK_DGRAM)
        setup = {"port": port} | wanted.pop("setup", {})
        phone = telephone("127.0.0.1:9", setup=setup, takes_calls=True, takes_texts=True, **wanted)
        return phone, f"sip:hub@127.0.0.1:{port}"

    return start


@pytest.fixture
def telephone(stack: ExitStack, library: str) -> Callable[..., Telephone]:
    """`telephone(address)` is a line that is ready; `started=True` does not wait for that."""

    def start(address: str = "", *, started: bool = False, **wanted: Any) -> Telephone:
        phone = Telephone(address, **wanted)
        stack.callback(phone.stop)
        return phone if started else phone.ready()

    return start
