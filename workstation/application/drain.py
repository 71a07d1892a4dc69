"""A bounded queue with one thread that takes whatever has arrived, a batch at a time."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)
Item = TypeVar("Item")


class Drain(Generic[Item]):
    """Gathers items from any thread and hands them on in batches; no fixed waiting window."""

    def __init__(
        self,
        name: str,
        handle: Callable[[list[Item]], None],
        *,
        capacity: int,
        batch: int,
        last: Callable[[], None] = lambda: None,
    ) -> None:
        """`handle` runs on the thread `name`; `last` runs there when it ends."""
        self.ending = threading.Event()
        self._handle = handle
        self._last = last
        self._capacity = capacity
        self._batch = batch
        self._items: deque[Item] = deque()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Handle what has arrived and end; `ending` is set, so that a waiting `handle` can give up."""
        self.ending.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def put(self, item: Item) -> None:
        """Queue `item`; while the queue is full the caller waits (its socket holds the rest back)."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_full() or self.ending.is_set())
            if not self.ending.is_set():
                self._append(item)

    def offer(self, item: Item) -> bool:
        """Queue `item` without waiting; False when the queue is full."""
        with self._changed:
            if self._is_full():
                return False
            self._append(item)
            return True

    def push(self, item: Item) -> None:
        """Queue `item` without waiting even if the queue is full: for the few that nobody else keeps."""
        with self._changed:
            self._append(item)

    def _is_full(self) -> bool:
        return len(self._items) >= self._capacity

    def _append(self, item: Item) -> None:
        self._items.append(item)
        self._changed.notify_all()

    def _run(self) -> None:
        while batch := self._next():
            self._guarded(batch)
        self._last()

    def _next(self) -> list[Item]:
        """Wait for items and take them; nothing when it is time to end and nothing is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self.ending.is_set())
            count = min(self._batch, len(self._items))
            batch = [self._items.popleft() for _ in range(count)]
            self._changed.notify_all()
            return batch

    def _guarded(self, batch: list[Item]) -> None:
        try:
            self._handle(batch)
        except Exception:  # noqa: BLE001 - see below
            # The thread must outlive any fault of ours; what it had stays unacknowledged and comes again.
            _log.exception("%s failed on a batch of %d", self._thread.name, len(batch))
