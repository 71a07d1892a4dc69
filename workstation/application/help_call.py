"""Calling for help from outside: the command of the settings, run by an ingest when nobody watches."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, Protocol

from workstation.application.errors import CommandFailed
from workstation.application.ports import Clock, Report
from workstation.application.supervision import OwnReports
from workstation.application.watching import HUB, Unwatched
from workstation.domain.kind import Kind, Source
from workstation.domain.names import Kommune

_log = logging.getLogger(__name__)
COMMAND_FAILED: Final = "watch_command_failed"
"""The code of the alarm that the command of the settings does not work."""
AGAIN_S: Final = 60.0


class WatchCommand(Protocol):
    """A program that calls for help: an SMS gateway, an e-mail."""

    async def run(self, told: Unwatched) -> None:
        """Run it to its end; raises CommandFailed."""
        ...


class HelpCall:
    """Runs the command once for each time that a kommune is without anybody, until it has worked."""

    def __init__(
        self,
        *,
        command: WatchCommand,
        home: Kommune,
        clock: Clock,
        reports: OwnReports,
        file: Callable[[Report], None],
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`run` starts work that nobody waits for; a failure is an alarm of the kommune `home`."""
        self._command = command
        self._home = home
        self._clock = clock
        self._reports = reports
        self._file = file
        self._run = run
        self._called: set[Kommune] = set()
        self._runs = False
        self._not_before = 0.0
        self._failing = False

    def look(self, unwatched: Iterable[Unwatched]) -> None:
        """Take everything that lasts; what is new is told in one call."""
        lasting = list(unwatched)
        self._called &= {kommune for one in lasting for kommune in one.kommuner}
        new = [one for one in lasting if not self._called.issuperset(one.kommuner)]
        if not new or self._runs or self._clock.monotonic() < self._not_before:
            return
        self._runs = True
        first = min(new, key=lambda one: one.since)
        kommuner = tuple(kommune for one in new for kommune in one.kommuner)
        self._run(self._call(Unwatched(kommuner=kommuner, since=first.since, why=first.why)))

    async def _call(self, told: Unwatched) -> None:
        try:
            await self._command.run(told)
        except CommandFailed as error:
            self._not_before = self._clock.monotonic() + AGAIN_S
            _log.warning("the command that calls for help failed: %s %s", error.reason, error.facts)
            self._say(f"{error.reason} {error.facts.get('detail', '')}".strip(), active=True)
        else:
            self._called.update(told.kommuner)
            _log.warning("the command that calls for help has run for %s", ",".join(told.kommuner))
            self._say("", active=False)
        finally:
            self._runs = False

    def _say(self, text: str, *, active: bool) -> None:
        if active != self._failing:
            self._failing = active
            device = (self._home, HUB)
            self._file(
                self._reports.report(
                    Source.WATCH, Kind.TECHNICAL, COMMAND_FAILED, text, device, active=active
                )
            )
