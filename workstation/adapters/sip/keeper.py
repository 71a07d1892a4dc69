"""Keeps one SIP process running: restarts it when it dies, ends it when it hangs."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workstation.adapters.sip.child import Child
from workstation.adapters.sip.orders import Op, Ping, Quit
from workstation.adapters.sip.protocol import Event

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long what may take; seconds."""

    ping_s: float = 1.0
    hung_s: float = 5.0
    """Without an answer to a ping the process is killed after this…"""
    hung_talking_s: float = 20.0
    """…and after this while somebody is being talked to: sound goes on without the hung thread
    (it may only be waiting for a name server), and killing the process would end the call."""
    restart_after_s: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
    """The waits before the restarts of a process that dies again and again."""
    sound_after_s: float = 30.0
    """A process that lived this long starts with the first wait again."""
    farewell_s: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What the keeper tells; all but `started` on the thread that reads."""

    started: Callable[[], None]
    """A process is about to start."""
    told: Callable[[Event], None]
    ended: Callable[[str], None]
    """It is gone, or could not be started: `crashed`, `hung`, `stopped`, `cannot_start`."""
    talking: Callable[[], bool]


class Keeper:
    """Runs `command` with `first()` as the first order to each new process, until `stop`."""

    def __init__(
        self,
        command: Sequence[str],
        first: Callable[[], Op],
        keeping: Keeping,
        patience: Patience,
    ) -> None:
        self._command = command
        self._first = first
        self._keeping = keeping
        self._patience = patience
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._child: Child | None = None
        self._hung = False
        self._renewing = False
        self._unanswered_since: float | None = None
        self._thread = threading.Thread(target=self._keep, name="sip-keeper", daemon=True)

    @property
    def pid(self) -> int | None:
        """The running process's number."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the first process; returns at once."""
        self._thread.start()

    def send(self, op: Op) -> None:
        """Say something to the process; lost when there is none."""
        if child := self._child:
            child.send(op)

    def renew(self) -> None:
        """End the process in order; the next one is told anew what to be, at once."""
        self._renewing = True
        self._wake.set()
        self.send(Quit())

    def stop(self) -> None:
        """End the process in order, or by force after the farewell time."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self.send(Quit())
            self._thread.join(2 * self._patience.farewell_s)

    def _keep(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            born = time.monotonic()
            self._live()
            lived_well = time.monotonic() - born >= self._patience.sound_after_s
            failures = 1 if lived_well or self._renewing else failures + 1
            waits = self._patience.restart_after_s
            if not self._stopping.is_set():
                self._wake.wait(waits[min(failures, len(waits)) - 1])

    def _live(self) -> None:
        """Live one process from start to end."""
        over = threading.Event()
        self._keeping.started()
        self._hung, self._renewing, self._unanswered_since = False, False, None
        self._wake.clear()

        def ended(code: int) -> None:
            log.debug("the SIP process ended: %s", code)
            self._child = None
            try:
                self._keeping.ended(self._why())
            finally:
                over.set()

        try:
            child = Child(self._command, self._told, ended)
        except OSError as error:
            log.error("the SIP process cannot be started: %s", error)  # noqa: TRY400 - the world's
            self._keeping.ended("cannot_start")
            return
        self._child = child
        child.send(self._first())
        if self._stopping.is_set():  # `stop` came before there was a child to tell
            child.send(Quit())
        self._watch(child, over)
        child.wait(self._patience.farewell_s)

    def _why(self) -> str:
        if self._stopping.is_set() or self._renewing:
            return "stopped"
        return "hung" if self._hung else "crashed"

    def _watch(self, child: Child, over: threading.Event) -> None:
        number = 0
        while not over.wait(self._patience.ping_s):
            now = time.monotonic()
            if self._stopping.is_set():
                if not over.wait(self._patience.farewell_s):
                    child.kill()
            elif self._is_hung(now):
                log.error("the SIP process does not answer: ended")
                self._hung = True
                child.kill()
            else:
                number += 1
                self._unanswered_since = self._unanswered_since or now
                child.send(Ping(n=number))

    def _is_hung(self, now: float) -> bool:
        since = self._unanswered_since
        talking = self._keeping.talking()
        limit = self._patience.hung_talking_s if talking else self._patience.hung_s
        return since is not None and now - since >= limit

    def _told(self, event: Event) -> None:
        # Anything said shows life, not only the pong: a long answer to one order delays the next.
        self._unanswered_since = None
        self._keeping.told(event)
