"""The one way from a foreign thread to the loop: post a fact, one wake-up drains a capped batch."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

_log = logging.getLogger(__name__)
_BATCH = 500
Fact = TypeVar("Fact")


class Inbox:
    """Facts posted by any thread, received on the loop in the order they came."""

    def __init__(self, wake: Callable[[Callable[[], None]], object]) -> None:
        """`wake` runs a function on the loop from any thread (`loop.call_soon_threadsafe`)."""
        self._wake = wake
        self._facts: deque[object] = deque()
        self._receivers: dict[type, list[Callable[[Any], None]]] = {}
        self._woken = False

    def on(self, kind: type[Fact], receiver: Callable[[Fact], None]) -> None:
        """Call `receiver` with each posted fact of exactly this type."""
        self._receivers.setdefault(kind, []).append(receiver)

    def post(self, fact: object) -> None:
        """Hand a fact over; any thread, never blocks."""
        self._facts.append(fact)
        if not self._woken:
            self._woken = True
            self._call_loop()

    def _call_loop(self) -> None:
        try:
            self._wake(self._drain)
        except RuntimeError:
            # The loop is closed: the desk is ending and nobody reads any more.
            _log.debug("a fact came after the loop had ended")

    def _drain(self) -> None:
        # Cleared before reading: a post from now on wakes the loop again, at worst once too often.
        self._woken = False
        for _ in range(_BATCH):
            if not self._facts:
                return
            self._deliver(self._facts.popleft())
        if not self._woken:
            self._woken = True
            self._call_loop()

    def _deliver(self, fact: object) -> None:
        for receiver in self._receivers.get(type(fact), ()):
            try:
                receiver(fact)
            except Exception:  # noqa: BLE001 - see below
                # One failing screen must not keep the others from an alarm.
                _log.exception("a receiver failed on %s", type(fact).__name__)
