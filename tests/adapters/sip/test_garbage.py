"""A far end, or anybody on the network, that sends garbage."""

import random
import re
import socket
from pathlib import Path

import pytest

from tests.waiting import until
from workstation.domain.call import CallResult, CallState, LineState

pytestmark = pytest.mark.peer
CITIZEN = "+4500000017"
METHODS = ("INVITE", "MESSAGE", "OPTIONS", "BYE", "SUBSCRIBE", "NOTIFY", "REFER", "INFO", "CANCEL")
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
NOISE = (b"\r\n", b";", b"<", b'"', b"\x00", b"%00", b"9" * 50, b"A" * 400)


def udp_ports(pid: int) -> list[int]:
    """The loopback UDP ports a process holds: its SIP port, and RTP and RTCP during a call."""
    sockets = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            sockets.update(re.findall(r"socket:\[(\d+)]", str(entry.readlink())))
        except FileNotFoundError:
            continue
    rows = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    ports = [int(row[1].partition(":")[2], 16) for row in rows if row[9] in sockets]
    # The socket that rings the bell sends only.
    return [port for port in ports if port]


def request(dice: random.Random, number: int, port: int) -> bytearray:
    method = dice.choice(METHODS)
    body = SDP if method == "INVITE" else "<mrq/>"
    return bytearray(
        f"{method} sip:a@127.0.0.1:{port} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{number};rport\r\n"
        f'From: "x" <sip:f@127.0.0.1>;tag={number}\r\nTo: <sip:a@127.0.0.1>\r\n'
        f"Call-ID: f{number}\r\nCSeq: 1 {method}\r\nContact: <sip:f@127.0.0.1:9>\r\n"
        f"Max-Forwards: 70\r\nContent-Type: application/sdp\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )


def mangled(dice: random.Random, packet: bytearray) -> bytes:
    for _ in range(dice.choice((0, 1, 2, 5, 20))):
        at, kind = dice.randrange(len(packet)), dice.random()
        if kind < 0.4:
            packet[at] = dice.randrange(256)
        elif kind < 0.7:
            del packet[at : at + dice.randrange(1, 30)]
        else:
            packet[at:at] = dice.choice(NOISE)
        packet = packet or bytearray(b"x")
    return bytes(packet)


def pelt(pid: int, dice: random.Random, rounds: int) -> None:
    ports = udp_ports(pid)
    assert ports
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thrower:
        for number in range(rounds):
            for port in ports:
                thrower.sendto(mangled(dice, request(dice, number, port)), ("127.0.0.1", port))
                thrower.sendto(dice.randbytes(dice.randrange(1, 1500)), ("127.0.0.1", port))


def test_garbage_at_every_port_during_a_call_and_after(simulated_phone, telephone):
    dice = random.Random(7)
    phone = telephone(simulated_phone().address)
    pid = phone.line.pid
    call = phone.answered(CITIZEN)
    pelt(pid, dice, 300)
    phone.line.mute(call, True)
    phone.wait(call, lambda event: event.muted)
    assert phone.of(call)[-1].state is CallState.IN_CALL
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED
    pelt(pid, dice, 300)
    again = phone.answered(CITIZEN)
    phone.line.hang_up(again)
    assert phone.ended(again).result is CallResult.ANSWERED
    assert phone.line.pid == pid
    assert phone.states[-1].state is LineState.READY


def test_a_far_end_that_answers_with_garbage(telephone):
    dice = random.Random(8)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(10)
        phone = telephone(f"127.0.0.1:{peer.getsockname()[1]}")
        pid, call = phone.line.pid, phone.dial("+4574621048")
        invite, sender = peer.recvfrom(65_536)
        head = invite.partition(b"\r\n")[2].partition(b"\r\nContent-Type")[0]
        reply = b"SIP/2.0 200 OK\r\n" + head + b"\r\nContent-Length: 0\r\n\r\n"
        for _ in range(500):
            peer.sendto(mangled(dice, bytearray(reply)), sender)
        phone.line.hang_up(call)
        phone.ended(call)
        assert phone.line.pid == pid


def test_a_call_that_comes_in_is_turned_away(telephone):
    phone = telephone("127.0.0.1")
    (port,) = udp_ports(phone.line.pid)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.bind(("127.0.0.1", 0))
        caller.settimeout(10)
        invite = (
            f"INVITE sip:a@127.0.0.1:{port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{caller.getsockname()[1]};branch=z9hG4bK1\r\n"
            "From: <sip:f@127.0.0.1>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: 1\r\n"
            "CSeq: 1 INVITE\r\nContact: <sip:f@127.0.0.1>\r\nMax-Forwards: 70\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        caller.sendto(invite.encode(), ("127.0.0.1", port))
        seen: list[str] = []

        def turned_away() -> bool:
            seen.append(caller.recv(65_536).decode().splitlines()[0])
            return seen[-1].startswith("SIP/2.0 480")

        until(turned_away, why=lambda: seen)
    assert phone.states[-1].state is LineState.READY
