"""Whether the receiver of alarm units can be reached; where it cannot for long, that is an alarm."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from workstation.application.ports import Report
from workstation.application.supervision import OwnReports
from workstation.domain.call import LineEvent, LineState
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName, Kommune

_log = logging.getLogger(__name__)
DEAF: Final = "receiver_deaf"
RECEIVER: Final = DeviceName("scaip")
_FOR: Final = timedelta(seconds=60)
"""A telephone system that restarts is back by then; units try again or elsewhere meanwhile."""


class ReceiverLine:
    """One technical alarm while the receiver's account is not registered; any thread tells of it."""

    def __init__(
        self,
        *,
        file: Callable[[Report], None],
        reports: OwnReports,
        home: Kommune,
        hears: Callable[[bool], None],
    ) -> None:
        """`hears` is told whether units can reach us; `file` is the durable path."""
        self._file = file
        self._reports = reports
        self._home = home
        self._hears = hears
        self._lock = threading.Lock()
        self._away_since: datetime | None = reports.clock.now()
        self._reason = ""
        self._is_told = False

    def told(self, event: LineEvent) -> None:
        """Take what the line says of itself."""
        works = event.state is LineState.READY
        with self._lock:
            if works:
                self._away_since = None
            elif self._away_since is None:
                self._away_since = event.at
            reason = "" if works else (event.reason or event.state)
            changed, self._reason = reason != self._reason, reason
            ends = works and self._is_told
            self._is_told = self._is_told and not works
        if changed:
            _log.warning("the receiver of alarm units: %s", reason or "registered")
        self._hears(works)
        if ends:
            self._tell("", active=False)

    async def look(self) -> None:
        """Tell when nobody could reach us for a minute."""
        now = self._reports.clock.now()
        with self._lock:
            since = self._away_since
            due = since is not None and now - since >= _FOR and not self._is_told
            self._is_told = self._is_told or due
            reason = self._reason
        if due:
            self._tell(reason, active=True)

    def _tell(self, text: str, *, active: bool) -> None:
        unit = (self._home, RECEIVER)
        self._file(
            self._reports.report(Source.SCAIP, Kind.TECHNICAL, DEAF, text, unit, active=active)
        )
