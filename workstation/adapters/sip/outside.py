"""Which STUN servers answer: the library would wait for a dead one until it is taken for hung."""

import os
import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from workstation.adapters.sip.target import split_address

_PATIENCE_S: Final = 1.5
_TRIES: Final = 3
_PORT: Final = 3478
_REQUEST: Final = struct.pack("!HHI", 0x0001, 0, 0x2112A442)
_ANSWER: Final = b"\x01\x01"


def answering(servers: Sequence[str]) -> tuple[str, ...]:
    """Return those of `servers` (`host` or `host:port`) that answer within 1.5 s, in their order."""
    found: set[str] = set()
    asking = [
        threading.Thread(target=_ask, args=(server, found), daemon=True) for server in servers
    ]
    for one in asking:
        one.start()
    for one in asking:
        # A name server that does not answer is waited for by that thread alone.
        one.join(_PATIENCE_S)
    return tuple(server for server in servers if server in found)


def _ask(server: str, found: set[str]) -> None:
    """Send a Binding request (RFC 8489 section 6.2.1), again when nothing comes."""
    host, port = split_address(server)
    number = os.urandom(12)
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect((host, port or _PORT))
        line.settimeout(_PATIENCE_S / _TRIES)
        for _try in range(_TRIES):
            with suppress(TimeoutError):
                line.send(_REQUEST + number)
                said = line.recv(2048)
                if said.startswith(_ANSWER) and said[8:20] == number:
                    found.add(server)
                    return
