"""One thread that does the database's work for the loop, one job after the other."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from workstation.adapters.db.connections import Connections
from workstation.application.errors import StoreUnavailable

Answer = TypeVar("Answer")


class Worker:
    """Runs jobs on connections of its own; the loop only waits."""

    def __init__(self, connections: Connections, name: str) -> None:
        self._connections = connections
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._closed = False

    async def read(self, job: Callable[[Connection], Answer]) -> Answer:
        """Return what `job` reads; raises StoreUnavailable (`closed` after `close`)."""
        return await self._run(self._read, job)

    async def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Return the answer to a question of one statement; raises StoreUnavailable."""
        return await self._run(self._connections.ask, question)

    async def write(
        self,
        job: Callable[[Connection], Answer],
        *,
        steps: bool = False,
        check: Callable[[Connection], None] | None = None,
    ) -> Answer:
        """Return what `job` says, once it is committed; raises StoreUnavailable or RowRefused.

        Whatever `job` itself raises undoes its writing. One that adds `steps` of alarms takes its
        turn with everybody else's; `check` raises what can be known without waiting for that.
        """
        return await self._run(partial(self._write, steps=steps, check=check), job)

    def close(self) -> None:
        """Finish what was begun, end the thread and close the connections."""
        self._closed = True
        self._thread.shutdown()
        self._connections.close()

    async def _run(
        self,
        how: Callable[[Callable[[Connection], Answer]], Answer],
        job: Callable[[Connection], Answer],
    ) -> Answer:
        if self._closed:
            raise StoreUnavailable("closed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, how, job)

    def _read(self, job: Callable[[Connection], Answer]) -> Answer:
        with self._connections.reading() as connection:
            return job(connection)

    def _write(
        self,
        job: Callable[[Connection], Answer],
        *,
        steps: bool,
        check: Callable[[Connection], None] | None,
    ) -> Answer:
        if check is not None and self._connections.is_shared:
            self._connections.ask(check)
        with self._connections.writing(steps=steps) as connection:
            return job(connection)
