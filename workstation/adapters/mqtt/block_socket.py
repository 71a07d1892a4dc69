"""A connection that is read and written in blocks, though paho asks for a byte at a time."""

from __future__ import annotations

import ssl
from contextlib import suppress
from socket import SHUT_RDWR, socket
from threading import Lock
from typing import Final

from workstation.adapters.mqtt.packets import KIND, PUBACK, PUBLISH, QOS, QOS_2, span

_BLOCK: Final = 64 * 1024
_LAST_WORDS_S: Final = 2.0
_OPENING: Final = 8


class BlockSocket:
    """Stands between paho and its socket; `send` may be called from any thread, the rest from one.

    Three system calls a message are three chances to lose the interpreter's lock to a busy thread:
    under load that cost more than everything done with the message (measured: a factor of five).
    """

    def __init__(self, inner: socket) -> None:
        """`inner` is connected."""
        self._inner = inner
        self._read = b""
        self._at = 0
        self._unsent = bytearray()
        self._lock = Lock()
        self._closed = False
        self.opening = b""
        """The first bytes that came, whatever they are."""
        self.failure: OSError | None = None
        """What ended it, where the network said so."""

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self._inner.fileno()

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - the signature paho calls
        """Wait in `recv` and `flush`, or raise BlockingIOError."""
        self._inner.setblocking(flag)

    def recv(self, size: int) -> bytes:
        """Return at most `size` bytes, as a socket does."""
        if self._at >= len(self._read):
            self._read, self._at = self._receive(), 0
        start, self._at = self._at, min(self._at + size, len(self._read))
        return self._read[start : self._at]

    def fill(self) -> bool:
        """Read a block if nothing is left of the last; False when the network gave nothing."""
        if not self.unread:
            with suppress(OSError):
                self._read, self._at = self._receive(), 0
        return self.unread > 0

    def take(self) -> tuple[int, bytes] | None:
        """Return first byte and body of the next packet; None unless it is one of a storm, and whole.

        Only between packets: not while paho has read one half.
        """
        first = self._read[self._at] if self.unread else 0
        if first & KIND not in (PUBLISH, PUBACK) or first & QOS == QOS_2:
            return None
        found = span(self._read, self._at)
        if found is None:
            return None
        start, self._at = found
        return first, self._read[start : self._at]

    @property
    def unread(self) -> int:
        """How many bytes of the last block are left."""
        return len(self._read) - self._at

    def pending(self) -> int:
        """Return how many bytes can be had without waiting for the network."""
        return self.unread or (
            self._inner.pending() if isinstance(self._inner, ssl.SSLSocket) else 0
        )

    def send(self, packet: bytes | bytearray) -> int:
        """Take a whole packet, to be written by the next `flush`; after the end it is dropped."""
        with self._lock:
            if not self._closed:
                self._unsent += packet
        return len(packet)

    @property
    def wants_to_write(self) -> bool:
        """Whether something waits to be written."""
        return bool(self._unsent)

    def flush(self) -> None:
        """Write as much as the network takes now; raises OSError when the connection is lost."""
        with self._lock, suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            while self._unsent:
                del self._unsent[: self._inner.send(self._unsent)]

    def hang_up(self) -> None:
        """End it at once: reading meets the end, and what is written goes where it still goes."""
        with suppress(OSError):
            self.flush()
            self._inner.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Write what is left, if that takes no time, and close."""
        with suppress(OSError, ValueError):
            self._inner.settimeout(_LAST_WORDS_S)
            self.flush()
        with self._lock:
            self._closed = True
            self._unsent.clear()
        self._inner.close()

    def _receive(self) -> bytes:
        try:
            block = self._inner.recv(_BLOCK)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except OSError as error:
            # Asked again, the network says less of it.
            self.failure = self.failure or error
            raise
        self.opening = self.opening or block[:_OPENING]
        return block
