"""Keeps what a screen has started alive, and brings what failed to one place."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

Failed = Callable[[BaseException], None]
"""What becomes of a failure: it is told to the operator, or reported when it is our own fault."""


class Tasks:
    """The tasks of one window: `start` them from a slot, `cancel` them when the window closes.

    The loop keeps only weak references to tasks, so a task that nobody holds may vanish half-way;
    and a failure that nobody awaits is told only when the task is thrown away.
    """

    def __init__(self, failed: Failed) -> None:
        """Send every failure to `failed`, unless `start` names another place for it."""
        self._failed = failed
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, coroutine: Coroutine[Any, Any, Any], *, failed: Failed | None = None) -> None:
        """Run `coroutine` on the running loop; returns at once."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(lambda done: self._ended(done, failed or self._failed))

    def __len__(self) -> int:
        """Return how many are still under way."""
        return len(self._running)

    async def cancel(self) -> None:
        """End all of them and wait until they have ended."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any], failed: Failed) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            failed(error)
