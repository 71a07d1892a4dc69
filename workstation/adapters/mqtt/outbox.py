"""Messages of ours on their way to the broker, never more at once than it allows."""

from __future__ import annotations

import logging
from collections import deque
from threading import Lock
from typing import Final

from workstation.adapters.mqtt.block_socket import BlockSocket
from workstation.adapters.mqtt.packets import refusal, write_publish

_log = logging.getLogger(__name__)
_FIRST_MID: Final = 0x8000
_MIDS: Final = 0x8000
"""Numbers of the upper half: paho's own (of subscriptions) count from 1."""
_MOST_WAITING: Final = 20_000


class Outbox:
    """Publishes with QoS 1 while there is a connection, and keeps nothing beyond it; any thread.

    paho publishes, too, at ten times the work: with a lock and a condition for each message, and
    heedless of how many the broker takes at once.
    """

    def __init__(self, *, five: bool) -> None:
        """`five`: speak MQTT 5."""
        self._five = five
        self._lock = Lock()
        self._connection: BlockSocket | None = None
        self._allowed = 0
        self._on_the_way = 0
        self._sent = 0
        self._waiting: deque[tuple[bytes, bytes, bool]] = deque()

    def open(self, connection: BlockSocket | None, allowed: int) -> None:
        """Send over `connection`, at most `allowed` unacknowledged ones at once."""
        with self._lock:
            self._connection = connection
            self._allowed = min(allowed, _MIDS)
            self._on_the_way = 0

    def close(self) -> None:
        """Forget everything: whoever waits for a receipt repeats its alarm."""
        with self._lock:
            self._connection = None
            self._waiting.clear()

    def put(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Send a message now or soon; False when there is no connection or too much waits already."""
        with self._lock:
            if self._connection is None or len(self._waiting) >= _MOST_WAITING:
                return False
            self._waiting.append((topic.encode("utf-8", "replace"), payload, retain))
            self._send(self._connection)
            return True

    def acknowledged(self, body: bytes) -> bool:
        """Take the broker's PUBACK: the next one may go. Returns whether it took the message."""
        reason = refusal(body)
        if reason:
            _log.warning("the broker refused a message of ours: 0x%02x", reason)
        with self._lock:
            self._on_the_way = max(0, self._on_the_way - 1)
            if self._connection is not None:
                self._send(self._connection)
        return not reason

    def _send(self, connection: BlockSocket) -> None:
        while self._waiting and self._on_the_way < self._allowed:
            topic, payload, retain = self._waiting.popleft()
            mid = _FIRST_MID + self._sent % _MIDS
            connection.send(write_publish(topic, payload, mid, five=self._five, retain=retain))
            self._sent += 1
            self._on_the_way += 1
