"""One life of the SIP process as the desk sees it: started, talked to, heard, ended."""

import logging
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import IO

import msgspec

from workstation.adapters.sip.orders import Op
from workstation.adapters.sip.protocol import Event, event_of, line_of

log = logging.getLogger(__name__)

_SHOWN = 200
_REMEMBERED = 30
_LEVELS = {name: getattr(logging, name) for name in ("INFO", "WARNING", "ERROR", "CRITICAL")}
if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NO_WINDOW
else:
    _FLAGS = 0


class Child:
    """A running SIP process.

    `on_event` is called for every event and `on_end` once, with the exit code, after the last of
    them; both on the reading thread. A line that is no event is logged.
    """

    def __init__(
        self,
        command: Sequence[str],
        on_event: Callable[[Event], None],
        on_end: Callable[[int], None],
    ) -> None:
        """Start it; raises OSError when the program cannot be run."""
        self._on_event = on_event
        self._on_end = on_end
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._last_words: deque[str] = deque(maxlen=_REMEMBERED)
        self._process = subprocess.Popen(  # noqa: S603 - our own program, handed over as a list
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=_FLAGS,
        )
        self._threads = [
            self._thread("sip-events", self._read),
            self._thread("sip-orders", self._write),
            self._thread("sip-log", self._copy_log),
        ]

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def send(self, op: Op) -> None:
        """Say something to it; returns at once, also when it hangs or is gone."""
        self._outbox.put(line_of(op))

    def kill(self) -> None:
        """End it now; `on_end` follows."""
        self._process.kill()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it has ended and everything it said was delivered; False when it has not."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout_s)
        return True

    def _thread(self, name: str, work: Callable[[IO[bytes]], None]) -> threading.Thread:
        pipes = {
            "sip-events": self._process.stdout,
            "sip-orders": self._process.stdin,
            "sip-log": self._process.stderr,
        }
        thread = threading.Thread(target=work, args=(pipes[name],), name=name, daemon=True)
        thread.start()
        return thread

    def _read(self, stdout: IO[bytes]) -> None:
        with stdout:
            for line in stdout:
                self._hear(line)
        code = self._process.wait()
        self._outbox.put(None)
        self._on_end(code)

    def _hear(self, line: bytes) -> None:
        try:
            event = event_of(line)
        except msgspec.DecodeError as error:
            log.warning("the SIP process said %r: %s", line[:_SHOWN], error)
            return
        try:
            self._on_event(event)
        except Exception:
            log.exception("%s was not taken", type(event).__name__)

    def _write(self, stdin: IO[bytes]) -> None:
        try:
            with stdin:
                while (line := self._outbox.get()) is not None:
                    stdin.write(line)
                    stdin.flush()
        except OSError as error:
            log.info("the SIP process takes no more orders: %s", error)

    def _copy_log(self, stderr: IO[bytes]) -> None:
        with stderr:
            for line in stderr:
                text = line.decode("utf-8", "replace").rstrip()
                self._last_words.append(text)
                # Its own log begins with the level; the rest is the library's chatter.
                log.log(_LEVELS.get(text.partition(" ")[0], logging.DEBUG), "sip: %s", text)
        if code := self._process.wait():
            # What the library asserted, and where it was called from.
            said = "\n".join(self._last_words)
            log.error("the SIP process died of %s; it last said:\n%s", code, said)
