"""What runs beside everything else: work nobody waits for, and beats."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

from workstation.application.errors import StoreUnavailable

_log = logging.getLogger(__name__)
_AGAIN_S: Final = 1.0


class Background:
    """Tasks of one loop, kept alive and ended together."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for; a failure goes to the log."""
        self.begin(work).add_done_callback(tell_failure)

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something and return it; whoever asks for it looks at its failure."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def every(
        self,
        seconds: float,
        act: Callable[[], Coroutine[Any, Any, object]],
        *,
        at_once: bool = False,
    ) -> None:
        """Do something again and again, the first time `at_once` or after one pause."""

        async def beat() -> None:
            pause = 0.0 if at_once else seconds
            while True:
                await asyncio.sleep(pause)
                pause = seconds
                try:
                    await act()
                except StoreUnavailable as error:
                    # The lamp says so; the next beat tries again.
                    _log.debug("the database is away: %s", error.reason)
                except Exception:  # noqa: BLE001 - see below
                    # A watch that failed once must look again: it is what stands guard.
                    _log.exception("a watch failed")

        self.run(beat())

    async def stop(self) -> None:
        """End all of it, and what it began while ending."""
        while self._tasks:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            # Cancelled again if need be: what runs may catch an answer in the turn it is cancelled in,
            # and go on as if nothing had been said (`wait_for` until Python 3.12).
            done, _pending = await asyncio.wait(tasks, timeout=_AGAIN_S)
            self._tasks -= done


def tell_failure(task: asyncio.Task[None]) -> None:
    """Write what failed into the log."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("work in the background failed", exc_info=error)
