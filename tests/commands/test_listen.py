"""`main.py listen`, called and written to by real telephones."""

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.peers.process import PeerProcess, free_port
from tests.peers.raw_caller import RawCaller
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation.domain.call import CallResult, CallState

pytestmark = pytest.mark.peer
_MAIN = Path(__file__).parents[2] / "main.py"
_SETTINGS = """
[hub]
kommuner = ["0510"]
language = "en"
[database]
url = "sqlite:///{folder}/db.sqlite"
[broker]
url = "embedded"
[sip]
kind = "direct"
address = "127.0.0.1:9"
sound = "null"
port = {port}
"""


class Listener:
    """The program while it runs; `lines` is what it has printed."""

    def __init__(self, folder: Path, *more: str) -> None:
        port = free_port(socket.SOCK_DGRAM)
        self.uri = f"sip:hub@127.0.0.1:{port}"
        config = folder / "hub.toml"
        config.write_text(_SETTINGS.format(folder=folder, port=port), encoding="utf-8")
        words = [sys.executable, _MAIN, "listen", "--config", config, "--json", *more]
        self.process = PeerProcess(words, env={**os.environ, "XDG_DATA_HOME": str(folder)})
        self.process.ready(lambda: any(line["event"] == "line" for line in self.lines))

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(one) for one in self.process.output.splitlines() if one[:1] == "{"]

    def line(self, **fields: object) -> dict[str, Any]:
        """Return the first line with these fields."""
        return until(
            lambda: next((one for one in self.lines if fields.items() <= one.items()), None),
            why=lambda: self.process.output,
        )


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def listen(stack: ExitStack, tmp_path: Path) -> Callable[..., Listener]:
    def start(*more: str) -> Listener:
        listener = Listener(tmp_path, *more)
        stack.callback(listener.process.kill)
        return listener

    return start


@pytest.fixture
def telephone(stack: ExitStack) -> Telephone:
    phone = Telephone()
    stack.callback(phone.stop)
    return phone.ready()


def test_a_call_is_printed_and_rings(listen, telephone):
    hub = listen()
    call = telephone.dial(hub.uri)
    came = hub.line(event="call", called="hub")
    assert came["caller"].startswith("sip:workstation@")
    telephone.wait_state(call, CallState.RINGING)
    telephone.line.hang_up(call)
    hub.line(event="state", call=came["call"], result="abandoned")


def test_a_call_is_answered(listen, telephone):
    hub = listen("--answer")
    call = telephone.answered(hub.uri)
    telephone.line.hang_up(call)
    assert telephone.ended(call).result is CallResult.ANSWERED
    hub.line(event="state", result="answered")


def test_a_message_is_printed_whatever_it_is(listen, stack):
    hub = listen()
    caller = RawCaller(hub.uri, caller="<sip:4711@unit.test>")
    stack.callback(caller.close)
    caller.message(b"<mrq>\xff</mrq>")
    assert "200 OK" in caller.answer(200)
    said = hub.line(event="message", sender="sip:4711@unit.test")
    assert said["body"] == "<mrq>\\xff</mrq>"
    assert said["content_type"] == "application/scaip+xml"


def test_it_ends_by_itself_and_says_whether_it_could_be_called(listen):
    hub = listen("--seconds", "1")
    assert hub.process.wait() == 0
