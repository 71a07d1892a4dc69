"""Telling those who watch: one that fails never keeps the others from what happened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

_log = logging.getLogger(__name__)
P = ParamSpec("P")


class Watchers(Generic[P]):
    """Functions that are called with each change, in the order they came."""

    def __init__(self) -> None:
        """Nobody watches yet."""
        self._watchers: list[Callable[P, object]] = []

    def add(self, watcher: Callable[P, object]) -> None:
        """Call `watcher` from now on."""
        self._watchers.append(watcher)

    def remove(self, watcher: Callable[P, object]) -> None:
        """Call `watcher` no longer; one that is gone is no error."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    @property
    def anybody(self) -> bool:
        """Whether anybody watches."""
        return bool(self._watchers)

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call everybody; a failure goes to the log, for the next one may be what sounds an alarm."""
        for watcher in tuple(self._watchers):
            try:
                watcher(*args, **kwargs)
            except Exception:  # noqa: BLE001 - whatever it is, the others must hear
                _log.exception("a watcher failed")
