"""Rows that a busy database cannot take now and gets later: each once, as it stands by then."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from workstation.application.errors import RowRefused, StoreUnavailable

_log = logging.getLogger(__name__)
_Key = TypeVar("_Key", bound=Hashable)
_Row = TypeVar("_Row")


async def _no_more() -> None:
    """Leave it at the rows."""


class LateRows(Generic[_Key, _Row]):
    """Writes one row at a time, in the order in which they were first put; on the loop only."""

    def __init__(
        self,
        what: str,
        *,
        write: Callable[[_Row], Awaitable[None]],
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """Call a row's thing `what` in the log; `write` may raise StoreUnavailable or RowRefused."""
        self._what = what
        self._store = write
        self._run = run
        self._due: dict[_Key, _Row] = {}
        self._is_writing = False

    def put(self, key: _Key, row: _Row) -> None:
        """Have `row` written in the place of an earlier one of this key that still waits."""
        self._due[key] = row
        self._run(self.catch_up())

    async def catch_up(self, then: Callable[[], Awaitable[None]] = _no_more) -> None:
        """Write what is due, and do `then` when nothing is left; raises nothing.

        `then` may raise StoreUnavailable as well. While one does this, another returns at once.
        """
        if self._is_writing:
            return
        self._is_writing = True
        try:
            while self._due:
                await self._write(next(iter(self._due)))
            await then()
        except StoreUnavailable as error:
            _log.warning("a %s's row waits for the database: %s", self._what, error.reason)
        finally:
            self._is_writing = False

    async def _write(self, key: _Key) -> None:
        row = self._due[key]
        try:
            await self._store(row)
        except RowRefused as error:
            _log.warning("the database refuses the row of a %s: %s", self._what, error.reason)
        # What was put meanwhile is written as well.
        if self._due.get(key) is row:
            del self._due[key]
