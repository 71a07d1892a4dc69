"""The feed at a real mosquitto: delivery, acknowledgement, reconnecting, takeover."""

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.peers.mosquitto import Mosquitto
from tests.waiting import until
from workstation.adapters.mqtt import network_thread
from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.adapters.mqtt.publisher import Publisher
from workstation.adapters.system.clock import SystemClock
from workstation.application.ports import FeedState, Token
from workstation.domain.signal import Message

pytestmark = pytest.mark.peer


class Ears:
    """What a feed tells, kept."""

    def __init__(self, address: Address, *topics: str) -> None:
        self.feed = PahoFeed(address, topics or ["t/#"], SystemClock())
        self.heard: list[tuple[Message, Token]] = []
        self.states: list[FeedState] = []

    def start(self) -> "Ears":
        self.feed.start(lambda *one: self.heard.append(one), self.states.append)
        return self

    def connected(self) -> "Ears":
        until(lambda: self.states and self.states[-1].connected, why=lambda: self.states)
        return self

    def down(self, reason: str) -> FeedState:
        until(
            lambda: any(state.reason == reason for state in self.states),
            timeout=20,
            why=lambda: self.states,
        )
        return next(state for state in self.states if state.reason == reason)

    def has(self, count: int) -> list[tuple[Message, Token]]:
        until(lambda: len(self.heard) >= count, timeout=30, why=lambda: len(self.heard))
        assert len(self.heard) == count
        return self.heard

    def more(self, than: int) -> list[tuple[Message, Token]]:
        """Return what came behind the first, as soon as there is something."""
        until(lambda: len(self.heard) > than, timeout=20)
        return self.heard[than:]

    def acknowledge(self) -> None:
        self.feed.acknowledge([token for _, token in self.heard])


@pytest.fixture
def broker(mosquitto: Callable[..., Mosquitto]) -> Mosquitto:
    return mosquitto()


@pytest.fixture
def ears(broker: Mosquitto) -> Iterator[Callable[..., Ears]]:
    """`ears(*topics, **address)` is a connected feed; it is stopped with the test."""
    with ExitStack() as stack:

        def start(*topics: str, **how: object) -> Ears:
            address = Address(**{"url": broker.url, "client_id": "ears", **how})
            one = Ears(address, *topics).start()
            stack.callback(one.feed.stop)
            return one.connected()

        yield start


@pytest.fixture
def send(broker: Mosquitto) -> Iterator[Publisher]:
    with Publisher(Address(url=broker.url, client_id="sender")) as publisher:
        yield publisher


BOTH = pytest.mark.parametrize("protocol", ["5", "3.1.1"])


class Clocks:
    """This machine's clocks, which a sleep moves on: both as on Windows, or only the day's."""

    def __init__(self) -> None:
        self.slept = {"monotonic": 0.0, "time": 0.0}

    def monotonic(self) -> float:
        return time.monotonic() + self.slept["monotonic"]

    def time(self) -> float:
        return time.time() + self.slept["time"]  # noqa: TID251 - it stands for the machine's own


@pytest.mark.parametrize("stands_still", [True, False])
def test_behind_a_sleep_it_connects_anew_at_once_and_misses_nothing(
    ears: Callable[..., Ears],
    send: Publisher,
    monkeypatch: pytest.MonkeyPatch,
    stands_still: bool,
) -> None:
    clocks = Clocks()
    monkeypatch.setattr(network_thread, "time", clocks)
    one = ears()
    send.publish("t/x", b"before")
    one.has(1)
    clocks.slept = {"monotonic": 0.0 if stands_still else 3600.0, "time": 3600.0}
    one.down("connection_lost")
    one.connected()
    send.publish("t/x", b"behind")
    # What was not acknowledged comes again, and nothing is missing.
    payloads = [message.payload for message, _token in one.has(3)]
    assert sorted(payloads) == [b"before", b"before", b"behind"]
    assert [state.connected for state in one.states] == [True, False, True]


@BOTH
def test_messages_come_as_they_were_sent(
    ears: Callable[..., Ears], broker: Mosquitto, protocol: str
) -> None:
    broker.publish("t/kept", b"\x00\xff", retain=True)
    one = ears(protocol=protocol)
    broker.publish("t/Værelse", "æ", qos=0)
    (kept, _), (live, token) = one.has(2)
    assert (kept.topic, kept.payload, kept.retained) == ("t/kept", b"\x00\xff", True)
    assert (live.topic, live.payload, live.retained) == ("t/Værelse", "æ".encode(), False)
    assert not kept.duplicate
    assert token is None


@BOTH
def test_a_storm_comes_whole_and_in_order(
    ears: Callable[..., Ears], send: Publisher, protocol: str
) -> None:
    """Thousands in blocks of every cut, and some larger than a block among them."""
    one = ears(protocol=protocol)
    payloads = [str(number).encode() * (number % 40) for number in range(8000)]
    payloads[4000] = b"x" * 2_000_000
    payloads[4001] = b"y" * 65_536
    for payload in payloads:
        send.publish("t/x", payload)
    acknowledged = 0
    while acknowledged < len(payloads):
        tokens = [token for _, token in one.more(acknowledged)]
        one.feed.acknowledge(tokens)
        acknowledged += len(tokens)
    assert [message.payload for message, _ in one.heard] == payloads


@BOTH
def test_what_is_not_acknowledged_comes_again_as_a_duplicate(
    ears: Callable[..., Ears], send: Publisher, protocol: str
) -> None:
    first = ears(protocol=protocol)
    for number in range(10):
        send.publish("t/x", str(number).encode())
    first.feed.acknowledge([token for _, token in first.has(10)[:4]])
    first.feed.stop()
    second = ears(protocol=protocol)
    payloads = [(message.payload, message.duplicate) for message, _ in second.has(6)]
    assert payloads == [(str(number).encode(), True) for number in range(4, 10)]
    second.acknowledge()
    second.feed.stop()
    third = ears(protocol=protocol)
    send.publish("t/x", b"new")
    assert [message.payload for message, _ in third.has(1)] == [b"new"]


def test_an_acknowledgement_of_an_earlier_connection_says_nothing(
    ears: Callable[..., Ears], broker: Mosquitto
) -> None:
    one = ears()
    broker.publish("t/x", b"1")
    (_, old) = one.has(1)[0]
    broker.restart()
    one.has(2)
    one.feed.acknowledge([old])
    one.feed.stop()
    again = ears()
    assert again.has(1)[0][0].payload == b"1"


def test_it_comes_back_by_itself_and_asks_for_everything_again(
    ears: Callable[..., Ears], broker: Mosquitto
) -> None:
    one = ears("t/#", session_expiry=SystemClock().now() - SystemClock().now())
    one.feed.subscribe(["later/+"])
    until(lambda: "later/+" in broker.output)
    broker.stop()
    down = one.down("connection_lost")
    assert down.facts["port"] == broker.port
    one.down("unreachable")
    broker.start()
    one.connected()
    broker.publish("later/x", b"1")
    broker.publish("t/x", b"2")
    assert {message.topic for message, _ in one.has(2)} == {"later/x", "t/x"}


@BOTH
def test_more_is_published_than_the_broker_takes_at_once(
    mosquitto: Callable[..., Mosquitto], protocol: str
) -> None:
    broker = mosquitto(settings="max_inflight_messages 3\n")
    listener = broker.listen("out/#")
    one = Ears(Address(url=broker.url, client_id="ears", protocol=protocol)).start().connected()
    for number in range(500):
        assert one.feed.publish(f"out/{number}", b"x")
    assert [topic for topic, _ in listener.wait_for(500)] == [f"out/{n}" for n in range(500)]
    assert [state.connected for state in one.states] == [True]
    one.feed.stop()
    assert not one.feed.publish("out/late", b"x")


def test_nothing_is_published_without_a_connection() -> None:
    one = Ears(Address(url="mqtt://127.0.0.1:1", client_id="ears")).start()
    one.down("unreachable")
    assert not one.feed.publish("out/x", b"")
    one.feed.subscribe(["more"])
    one.feed.acknowledge([None])
    one.feed.stop()


def test_a_receiver_that_fails_does_not_end_the_connection(
    broker: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    feed = PahoFeed(Address(url=broker.url, client_id="ears"), ["t/#"], SystemClock())
    heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
    states: queue.SimpleQueue[FeedState] = queue.SimpleQueue()

    def receive(message: Message, _token: Token) -> None:
        heard.put(message)
        if message.payload == b"1":
            raise ValueError("ours")

    feed.start(receive, states.put)
    assert states.get(timeout=10).connected
    broker.publish("t/x", b"1")
    broker.publish("t/x", b"2")
    assert [heard.get(timeout=10).payload for _ in range(2)] == [b"1", b"2"]
    feed.stop()
    assert "a message was not taken in" in caplog.text
    assert states.empty()


@BOTH
def test_a_session_that_another_took_is_left_to_it(
    ears: Callable[..., Ears], broker: Mosquitto, protocol: str
) -> None:
    first = ears(protocol=protocol)
    second = ears(protocol=protocol)
    assert first.down("taken_over").facts["host"] == "127.0.0.1"
    until(lambda: [state.connected for state in second.states][-1])
    until(lambda: not first.feed._network._thread.is_alive())
    second.connected()
    broker.publish("t/x", b"1")
    until(lambda: len(second.heard) == 1)
    assert first.heard == []
    assert broker.output.count("as ears") <= 4


def test_a_program_that_starts_again_is_no_takeover(
    ears: Callable[..., Ears], broker: Mosquitto
) -> None:
    ears().feed.stop()
    again = ears()
    broker.restart()
    again.down("connection_lost")
    again.connected()
    assert {state.reason for state in again.states} <= {"", "connection_lost", "unreachable"}


@contextmanager
def strange_server(answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers every connection with the same bytes and hangs up; what it was told."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()
        told: list[bytes] = []

        def serve() -> None:
            while not ended.is_set():
                connection, _ = server.accept()
                with connection:
                    connection.settimeout(5)
                    told.append(connection.recv(1000))
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], told
        finally:
            ended.set()
            socket.create_connection(server.getsockname()).close()
            thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff" * 5000,
        b"",
        b"\x30\x02\x00\xff",
        b"\x20\x03\0\0\0\x32\x01\x00",
    ],
)
def test_a_server_that_is_no_broker(answer: bytes) -> None:
    with strange_server(answer) as (port, told):
        one = Ears(Address(url=f"mqtt://127.0.0.1:{port}", client_id="ears")).start()
        until(lambda: len(told) >= 3, timeout=20)
        one.feed.stop()
    assert one.states
    assert not any(state.connected for state in one.states)
    assert one.heard == []


def test_a_session_is_new_once_and_each_delivery_has_its_number(
    mosquitto: Callable[..., Mosquitto],
) -> None:
    broker = mosquitto()
    address = Address(url=broker.url, client_id="numbers")
    first = Ears(address).start().connected()
    broker.publish("t/a", "1")
    [(message, _token)] = first.has(1)
    assert message.packet is not None
    first.feed.stop()
    assert [state.fresh for state in first.states if state.connected] == [True]
    again = Ears(address).start().connected()
    [(redelivered, _token)] = again.has(1)
    assert (redelivered.packet, redelivered.duplicate) == (message.packet, True)
    assert [state.fresh for state in again.states if state.connected] == [False]
    again.acknowledge()
    again.feed.stop()
