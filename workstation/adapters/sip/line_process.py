"""The process that owns pjsua2: orders come on fd 0, events go out on what was fd 1."""

import faulthandler
import gc
import logging
import os
import queue
import signal
import socket
import sys
import threading
import time
from typing import IO

import msgspec

from workstation.adapters.sip.orders import Op, Quit
from workstation.adapters.sip.protocol import VERSION, Event, Fault, Hello, line_of, op_of

log = logging.getLogger(__name__)

POLL_MS = 20
"""Between two looks at limits and sound; orders and packets wake the poll at once."""
_LAST_RESORT_S = 4.0


class _Mouth:
    """Writes events, from any thread; a desk that is gone is noted, not complained about."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def say(self, event: Event) -> None:
        """Send one event."""
        with self._lock:
            try:
                self._stream.write(line_of(event))
            except OSError as error:
                log.info("nobody listens to %s: %s", type(event).__name__, error)


class _Ears(threading.Thread):
    """Reads orders; the end of the pipe means that the desk is gone and the process must end."""

    def __init__(self, stream: IO[bytes], mouth: _Mouth) -> None:
        super().__init__(name="orders", daemon=True)
        self.orders: queue.SimpleQueue[Op] = queue.SimpleQueue()
        self.done = threading.Event()
        self._stream = stream
        self._mouth = mouth
        self._bell: tuple[socket.socket, tuple[str, int]] | None = None

    def ring_at(self, port: int) -> None:
        """From now on wake the polling thread: an empty datagram on its own loopback transport."""
        bell = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._bell = (bell, ("127.0.0.1", port))

    def run(self) -> None:
        """Read until the desk goes; then see to it that the process ends even if it hangs."""
        for line in self._stream:
            try:
                self._hear(op_of(line))
            except msgspec.DecodeError as error:
                self._mouth.say(Fault(where="order", what=str(error)))
        self._hear(Quit())
        if not self.done.wait(_LAST_RESORT_S):
            os._exit(1)

    def wake(self) -> None:
        """End the current poll."""
        if self._bell is not None:
            bell, address = self._bell
            bell.sendto(b"\r\n\r\n", address)  # a keep-alive to SIP: read and ignored

    def _hear(self, op: Op) -> None:
        self.orders.put(op)
        self.wake()


def run() -> int:
    """Serve the desk at the other end of the pipes until it goes; return the exit code."""
    # pjlib writes to fd 1 before its logging can be configured: events get a descriptor of their
    # own, and whatever else is written there ends in the log.
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    faulthandler.enable(file=sys.stderr if sys.stderr is not None else 2)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # Ctrl-C in a terminal reaches the whole group; the desk decides when the line ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    mouth = _Mouth(events)
    ears = _Ears(os.fdopen(os.dup(0), "rb"), mouth)
    signal.signal(signal.SIGTERM, lambda *_: ears.orders.put(Quit()))
    ears.start()
    # A pj object collected in another thread aborts the process: the switchboard does it in ours.
    gc.disable()
    try:
        _serve(ears, mouth)
    finally:
        ears.done.set()
    return 0


def _serve(ears: _Ears, mouth: _Mouth) -> None:
    # Not before fd 1 is out of the library's way.
    from workstation.adapters.sip.identity import Identities  # noqa: PLC0415 - as said above
    from workstation.adapters.sip.library import Library  # noqa: PLC0415 - as above
    from workstation.adapters.sip.switchboard import Switchboard  # noqa: PLC0415 - as above
    from workstation.adapters.sip.text_exchange import TextExchange  # noqa: PLC0415 - as above

    library = Library()
    texts = TextExchange(mouth.say)
    identities = Identities(library, mouth.say, texts)
    board = Switchboard(library, identities, texts, mouth.say)
    ears.ring_at(identities.bell_port)
    mouth.say(Hello(v=VERSION, library=library.name, sound_devices=library.sound_devices()))
    while not board.finished(time.monotonic()):
        while not ears.orders.empty():
            board.obey(ears.orders.get_nowait())
        library.poll(POLL_MS)
        board.tick(time.monotonic())
    is_writing = texts.is_waiting
    board.close()
    del board, identities, texts
    if is_writing and not library.is_ours:
        os._exit(0)  # PyPI's library would abort at its close over a message that nobody answered
    library.close()


if __name__ == "__main__":
    raise SystemExit(run())
