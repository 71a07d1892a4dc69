"""Alarm units over SIP: ready-made MESSAGEs over one plain socket, so that they are never the slow ones.

Arguments: the receiver's port, messages a second, how many. Each alarm's text ends with the time it
was sent (ns). The units are in no register, which the reply says: it comes when the alarm is stored
all the same.
"""

from __future__ import annotations

import re
import secrets
import socket
import sys
import threading
import time

from tests.bench.measuring import tell, tell_ready
from workstation.wire import scaip

_PATIENCE_S = 10.0
_REF = re.compile(rb"<ref>(\w+)</ref>")
_COPIED = ("via", "from", "to", "call-id", "cseq")


class Units:
    """Sends from one port; answers what comes there with 200, and notes the replies."""

    def __init__(self, port: int) -> None:
        self.took_ms: dict[str, float] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._own = self._socket.getsockname()[1]
        self._hub = ("127.0.0.1", port)
        self._mark = secrets.token_hex(4)
        self._sent: dict[str, int] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._hear, daemon=True).start()

    def send(self, number: int) -> None:
        """Send one unit's alarm."""
        now = time.time_ns()
        ref = f"{number:04X}"
        with self._lock:
            self._sent[ref] = now
        body = scaip.write(
            {"ref": ref, "cid": f"{47_110_000 + number}", "dty": "0005", "stc": "0010"}
            | {"stt": str(now), "crd": "no-voice:"}
        )
        name = f"unit{number}@127.0.0.1:{self._own}"
        packet = (
            f"MESSAGE sip:hub@127.0.0.1:{self._hub[1]} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self._own};branch=z9hG4bK{self._mark}{number};rport\r\n"
            f"From: <sip:{name}>;tag={number}\r\nTo: <sip:hub@127.0.0.1>\r\n"
            f"Call-ID: {self._mark}-{number}\r\nCSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\n"
            f"Content-Type: application/scaip+xml\r\nContent-Length: {len(body.encode())}\r\n\r\n"
        )
        self._socket.sendto((packet + body).encode(), self._hub)

    def answered(self, count: int) -> bool:
        """Wait for all replies; False when some do not come."""
        deadline = time.monotonic() + _PATIENCE_S
        pause = threading.Event()
        while len(self.took_ms) < count and time.monotonic() < deadline:
            pause.wait(0.01)
        return len(self.took_ms) >= count

    def _hear(self) -> None:
        while True:
            packet, sender = self._socket.recvfrom(65_536)
            now = time.time_ns()
            if not packet.startswith(b"MESSAGE "):
                continue
            head, _, body = packet.partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")[1:]
            copied = [line for line in lines if line.partition(":")[0].lower() in _COPIED]
            reply = "\r\n".join(["SIP/2.0 200 OK", *copied, "Content-Length: 0", "", ""])
            self._socket.sendto(reply.encode(), sender)
            ref = _REF.search(body)
            if ref is not None and b"<mrs>" in body:
                with self._lock:
                    self.took_ms.setdefault(
                        ref[1].decode(), (now - self._sent[ref[1].decode()]) / 1e6
                    )


def main() -> None:
    """Say that we are there, wait for a line on stdin, send evenly, tell of the replies."""
    port, rate, count = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    units = Units(port)
    tell_ready()
    sys.stdin.readline()
    pause = threading.Event()
    due = time.perf_counter()
    for number in range(count):
        due += 1 / rate
        pause.wait(max(0.0, due - time.perf_counter()))
        units.send(number)
    units.answered(count)
    tell(answered=len(units.took_ms), took_ms=list(units.took_ms.values()))


if __name__ == "__main__":
    main()
