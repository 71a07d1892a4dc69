"""A bounded queue with one thread that takes whatever has arrived, a batch at a time."""

from __future__ import annotations

import logging
import queue
import threading
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
        self._batch = batch
        self._queue: queue.Queue[Item | None] = queue.Queue(capacity)
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Handle what has arrived and end; `ending` is set, so that a waiting `handle` can give up."""
        self.ending.set()
        if self._thread.ident is not None:
            self._offer_end()
            self._thread.join()

    def put(self, item: Item) -> None:
        """Queue `item`; while the queue is full the caller waits (its socket holds the rest back)."""
        while not self.ending.is_set():
            try:
                self._queue.put(item, timeout=0.5)
            except queue.Full:
                continue
            return

    def offer(self, item: Item) -> bool:
        """Queue `item` without waiting; False when the queue is full."""
        try:
            self._queue.put_nowait(item)
        except queue.Full:
            return False
        return True

    def _offer_end(self) -> None:
        try:
            self._queue.put_nowait(None)
        except queue.Full:
            # The thread is about to see `ending` anyway once it has taken a batch.
            _log.debug("the queue was full at the end")

    def _run(self) -> None:
        while True:
            batch = self._next()
            if batch:
                self._guarded(batch)
            if self.ending.is_set() and self._queue.empty():
                break
        self._last()

    def _next(self) -> list[Item]:
        first = self._queue.get()
        batch = [] if first is None else [first]
        while len(batch) < self._batch:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is not None:
                batch.append(item)
        return batch

    def _guarded(self, batch: list[Item]) -> None:
        try:
            self._handle(batch)
        except Exception:  # noqa: BLE001 - see below
            # The thread must outlive any fault of ours; what it had stays unacknowledged and comes again.
            _log.exception("%s failed on a batch of %d", self._thread.name, len(batch))
