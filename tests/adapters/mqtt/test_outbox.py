"""Our own messages: never more on their way than the broker takes at once."""

import socket
from collections.abc import Iterator

import pytest

from workstation.adapters.mqtt.block_socket import BlockSocket
from workstation.adapters.mqtt.outbox import Outbox
from workstation.adapters.mqtt.packets import Publish, read_publish


class Far:
    """The broker's end of a connection."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        theirs.settimeout(0)
        self.near, self._far = BlockSocket(ours), BlockSocket(theirs)

    def heard(self) -> list[Publish]:
        self.near.flush()
        found = []
        while self._far.fill():
            while packet := self._far.take():
                found.append(read_publish(*packet, five=True))
        return found

    def close(self) -> None:
        self.near.close()
        self._far.close()


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    yield far
    far.close()


def test_nothing_is_taken_without_a_connection() -> None:
    assert not Outbox(five=True).put("a", b"1")


def test_no_more_than_the_broker_takes_at_once(far: Far) -> None:
    outbox = Outbox(five=True)
    outbox.open(far.near, 2)
    for number in range(5):
        assert outbox.put(f"t/{number}", b"x")
    assert [one.topic for one in far.heard()] == [b"t/0", b"t/1"]
    outbox.acknowledged(b"\x80\x00")
    assert [one.topic for one in far.heard()] == [b"t/2"]
    outbox.acknowledged(b"\x80\x01")
    outbox.acknowledged(b"\x80\x02")
    assert [(one.topic, one.qos, one.retained) for one in far.heard()] == [
        (b"t/3", 1, False),
        (b"t/4", 1, False),
    ]


def test_every_message_on_its_way_has_a_number_of_its_own(far: Far) -> None:
    outbox = Outbox(five=True)
    outbox.open(far.near, 0xFFFF)
    for _ in range(300):
        outbox.put("t", b"")
    mids = [one.mid for one in far.heard()]
    assert len(set(mids)) == 300
    assert min(mids) >= 0x8000


def test_the_end_of_a_connection_forgets_all(far: Far) -> None:
    outbox = Outbox(five=True)
    outbox.open(far.near, 1)
    outbox.put("a", b"1")
    outbox.put("b", b"2")
    outbox.close()
    assert not outbox.put("c", b"3")
    outbox.acknowledged(b"\x80\x00")
    outbox.open(far.near, 1)
    outbox.put("d", b"4")
    assert [one.topic for one in far.heard()] == [b"a", b"d"]


def test_too_much_is_refused_instead_of_kept(far: Far) -> None:
    outbox = Outbox(five=True)
    outbox.open(far.near, 1)
    kept = [outbox.put("t", b"") for _ in range(20_002)]
    assert kept.count(False) == 1
    assert kept[-1] is False


def test_a_refusal_is_written_to_the_log(far: Far, caplog: pytest.LogCaptureFixture) -> None:
    outbox = Outbox(five=True)
    outbox.open(far.near, 1)
    outbox.put("t", b"")
    outbox.acknowledged(b"\x80\x00\x87")
    assert "0x87" in caplog.text
