"""The storm: ready-made PUBLISH packets over a plain socket, so that the sender is never the slow one.

Arguments: port, messages a second (0: as fast as the broker confirms them), how many.
"""

from __future__ import annotations

import secrets
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.bench.measuring import tell, tell_ready
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.signal import Origin, Pressed
from workstation.wire import hub_writer

_DEVICES = 1000
_WINDOW = 2000
_CODES = ("pendant", "fall", "door", "bed_exit", "call_button", "pull_cord")
TOPIC = "hub/v1/+/+/alarm"


def alarm(number: int, mark: str, kind: Kind = Kind.EMERGENCY) -> tuple[str, bytes]:
    """Return topic and payload (some 200 bytes) of an alarm that folds into no other of the run."""
    device = DeviceName(f"pendant-{number % _DEVICES:04d}")
    round_, code = divmod(number // _DEVICES, len(_CODES))
    return hub_writer.alarm(
        Pressed(
            origin=Origin(source=Source.HUB, device=device, kommune=Kommune("0510")),
            kind=kind,
            code=f"{_CODES[code]}-{round_}" if round_ else _CODES[code],
            # When it was sent, in nanoseconds: who reads it can say how long it took.
            text=str(time.time_ns()),
            at=datetime.now(UTC),  # noqa: TID251 - what a transmitter does
            id=f"{mark}-{number:08d}",
            location="Stue, ved døren til haven",
        )
    )


def packet(topic: str, payload: bytes, number: int) -> bytes:
    """Return an MQTT 3.1.1 PUBLISH with QoS 1."""
    name = topic.encode()
    body = struct.pack(">H", len(name)) + name + struct.pack(">H", number % 65_535 + 1) + payload
    return b"\x32" + _length(len(body)) + body


def _length(size: int) -> bytes:
    said = bytearray()
    while size > 127:
        said.append(size % 128 | 128)
        size //= 128
    said.append(size)
    return bytes(said)


def connected(port: int) -> socket.socket:
    """Return a socket with an MQTT session on it."""
    link = socket.create_connection(("127.0.0.1", port))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    name = f"storm-{secrets.token_hex(4)}".encode()
    body = b"\x00\x04MQTT\x04\x02\x00\x00" + struct.pack(">H", len(name)) + name
    link.sendall(b"\x10" + _length(len(body)) + body)
    if link.recv(4)[:1] != b"\x20":
        raise ConnectionError(port)
    return link


def at_full_speed(link: socket.socket, packets: list[bytes]) -> None:
    """Send window by window, waiting for each window's PUBACKs (4 bytes each)."""
    for first in range(0, len(packets), _WINDOW):
        window = packets[first : first + _WINDOW]
        link.sendall(b"".join(window))
        _confirmed(link, len(window))


def at_a_rate(link: socket.socket, packets: Iterator[bytes], rate: float, count: int) -> None:
    """Send evenly; each packet is made when it is sent, so that it bears the right time."""
    reader = threading.Thread(target=_confirmed, args=(link, count))
    reader.start()
    pause = threading.Event()
    due = time.perf_counter()
    for _ in range(count):
        due += 1 / rate
        wait = due - time.perf_counter()
        if wait > 0:
            pause.wait(wait)
        link.sendall(next(packets))
    reader.join()


def _confirmed(link: socket.socket, count: int) -> None:
    missing = 4 * count
    while missing > 0:
        missing -= len(link.recv(min(missing, 65_536)))


def main() -> None:
    """Make the packets, say so, wait for a line on stdin, send."""
    port, rate, count = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    mark = secrets.token_hex(4)
    coming = (packet(*alarm(number, mark), number) for number in range(count))
    with connected(port) as link:
        ready = [] if rate else list(coming)
        tell_ready()
        sys.stdin.readline()
        started = time.perf_counter()
        if rate:
            at_a_rate(link, coming, rate, count)
        else:
            at_full_speed(link, ready)
        tell(seconds=time.perf_counter() - started)


if __name__ == "__main__":
    main()
