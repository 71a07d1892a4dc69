"""A STUN server (RFC 8489) that tells everybody that they stand behind a router."""

import contextlib
import ipaddress
import socket
import struct
import threading
from typing import Self

OUTSIDE = "203.0.113.7"
"""An address of documentation (RFC 5737): nobody has it, so whoever says it was told it."""
SHIFT = 1000
"""The router's port for each of ours is so much lower."""

_REQUEST, _ANSWER = 0x0001, 0x0101
_COOKIE = 0x2112A442
_MAPPED, _XOR_MAPPED = 0x0001, 0x0020
_IPV4 = 1
_HEAD = struct.Struct("!HHI12s")


def answer(request: bytes, source: tuple[str, int]) -> bytes:
    """Return the answer to a Binding request, b"" for anything else."""
    if len(request) < _HEAD.size:
        return b""
    kind, _length, cookie, number = _HEAD.unpack_from(request)
    if kind != _REQUEST:
        return b""
    address, port = int(ipaddress.IPv4Address(OUTSIDE)), source[1] - SHIFT
    said = struct.pack("!HHBBHI", _MAPPED, 8, 0, _IPV4, port, address)
    if cookie == _COOKIE:  # what came before RFC 5389 has none, and cannot be told so
        hidden = port ^ _COOKIE >> 16, address ^ _COOKIE
        said = struct.pack("!HHBBHI", _XOR_MAPPED, 8, 0, _IPV4, *hidden)
    return _HEAD.pack(_ANSWER, len(said), cookie, number) + said


class Stun:
    """Answers at `address` of this machine until it is closed."""

    def __init__(self, host: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self.address = f"{host}:{self._socket.getsockname()[1]}"
        self.asked = 0
        self._thread = threading.Thread(target=self._serve, name="stun", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(
                socket.SHUT_RDWR
            )  # wakes the thread; UDP says that it is not connected
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                request, source = self._socket.recvfrom(2048)
                if source is None:
                    return  # woken, to end
                told = answer(request, source)
                if told:
                    self.asked += 1
                    self._socket.sendto(told, source)
