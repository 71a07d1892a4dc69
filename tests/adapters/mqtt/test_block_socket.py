"""Bytes over a real pair of sockets, in blocks of any cut."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.mqtt.block_socket import BlockSocket
from workstation.adapters.mqtt.packets import write_puback, write_publish

Pair = tuple[BlockSocket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    theirs.settimeout(5)
    block = BlockSocket(ours)
    yield block, theirs
    block.close()
    theirs.close()


def everything(block: BlockSocket) -> list[tuple[int, bytes]]:
    found = []
    while block.fill():
        while packet := block.take():
            found.append(packet)
        if block.unread:
            found.append((-1, block.recv(1_000_000)))
    return found


def test_packets_of_a_storm_come_whole_and_others_byte_by_byte(pair: Pair) -> None:
    block, theirs = pair
    publish = write_publish(b"a/b", b"payload", 1, five=True)
    theirs.sendall(publish + write_puback(2) + b"\xd0\x00" + publish)
    assert block.fill()
    assert block.take() == (0x32, publish[2:])
    assert block.take() == (0x40, b"\0\2")
    assert block.take() is None  # a PINGRESP is paho's
    assert (block.recv(1), block.recv(1)) == (b"\xd0", b"\0")
    assert block.take() == (0x32, publish[2:])
    assert block.pending() == 0
    assert block.take() is None


def test_qos_2_is_left_to_paho(pair: Pair) -> None:
    block, theirs = pair
    theirs.sendall(b"\x34\x02\x00\x00")
    assert block.fill()
    assert block.take() is None


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_nothing_is_lost_between_reader_and_writer(payloads: list[bytes]) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        ours.settimeout(0)
        theirs.settimeout(0)
        left, right = BlockSocket(ours), BlockSocket(theirs)
        for number, payload in enumerate(payloads):
            left.send(write_publish(b"t", payload, number + 1, five=False))
        left.flush()
        found = [body[5:] for _first, body in everything(right)]
        assert found == payloads
        left.close()


def test_an_end_gives_no_bytes(pair: Pair) -> None:
    block, theirs = pair
    theirs.close()
    assert not block.fill()
    assert block.recv(10) == b""


def test_nothing_there_is_no_end(pair: Pair) -> None:
    block, _theirs = pair
    assert not block.fill()
    with pytest.raises(BlockingIOError):
        block.recv(1)


def test_what_the_network_does_not_take_stays_and_the_last_words_are_written(pair: Pair) -> None:
    block, theirs = pair
    sent = bytes(range(256)) * 8192
    block.send(sent)
    block.flush()
    assert block.wants_to_write
    block.send(b"end")
    got = bytearray()
    while len(got) < len(sent):
        got += theirs.recv(1 << 20)
        block.flush()
    block.close()
    while rest := theirs.recv(1 << 20):
        got += rest
    assert bytes(got) == sent + b"end"


def test_what_comes_after_the_end_is_dropped(pair: Pair) -> None:
    block, _theirs = pair
    block.close()
    assert block.send(b"late") == 4
    assert not block.wants_to_write
