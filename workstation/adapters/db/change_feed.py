"""Word of each change to the alarms: a connection of its own on which PostgreSQL tells of it."""

from __future__ import annotations

import logging
import random
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import URL

from workstation.adapters.db.failures import translated
from workstation.adapters.db.postgres import Patient, connect
from workstation.application.errors import WorldError

CHANNEL: Final = "workstation"
"""Where the trigger of revision 0006 tells of steps."""

_PAUSES_S: Final = (0.25, 0.5, 1.0, 2.0, 5.0)
_ASKED_AFTER_S: Final = 10.0
"""A line that is silent for so long is asked whether it is still there."""

_log = logging.getLogger(__name__)


class ChangeFeed:
    """A thread that listens, and comes back by itself; it tells numbers and never reads a row."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._told: Callable[[int], None] = lambda _seq: None
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble = ""

    def start(self, told: Callable[[int], None]) -> None:
        """Listen in the background; `told` is called on the feed's thread and must not wait.

        It gets the number up to which steps are committed, or 0 whenever the line was made anew: what
        happened meanwhile is not told, and has to be looked for.
        """
        self._told = told
        self._near, self._far = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="change-feed")
        self._thread.start()

    def stop(self) -> None:
        """End the thread and the connection; one that was never started is no error."""
        if self._thread is None:
            return
        self._ending.set()
        self._near.send(b"x")
        self._thread.join()
        self._near.close()
        self._far.close()

    def _run(self) -> None:
        attempt = 0
        while not self._ending.is_set():
            try:
                with self._listening() as connection:
                    attempt = 0
                    self._told(0)
                    self._hear(connection)
            except WorldError as error:
                self._say(error.reason)
            # Fifty desks that lost one server must not come back in step.
            longest = _PAUSES_S[min(attempt, len(_PAUSES_S) - 1)]
            attempt += 1
            self._ending.wait(random.uniform(longest / 2, longest))  # noqa: S311 - spreads load

    @contextmanager
    def _listening(self) -> Iterator[Patient]:
        with translated(self._url), connect(self._url, given_up=self._ending) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._say("")
            yield connection

    def _hear(self, connection: Patient) -> None:
        while not self._ending.is_set():
            lines = [connection.fileno(), self._far.fileno()]
            if not select.select(lines, [], [], _ASKED_AFTER_S)[0]:
                connection.execute("SELECT 1")
            numbers = [_number(notice) for notice in connection.notifies(timeout=0)]
            if numbers:
                self._told(max(numbers))

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            _log.info("word of changes: %s", trouble or "the line stands")


def _number(notice: psycopg.Notify) -> int:
    # Anybody who is let into the database can say something there.
    return int(notice.payload) if notice.payload.isascii() and notice.payload.isdigit() else 0
