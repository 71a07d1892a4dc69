"""Watching the watchers: an emergency when nobody could answer a kommune's alarms."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.application.intake import level_of
from workstation.application.ports import Clock, Hub, Report
from workstation.application.presence import RollCall
from workstation.application.supervision import OwnReports
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.presence import DeskKind, Lack, Presence, lack

_log = logging.getLogger(__name__)

HUB: Final = DeviceName("hub")
"""What the hub's alarms about itself name as their device."""
NOBODY_WATCHES: Final = "nobody_watches"
_GRACE: Final = 2
"""A desk that is just being started puts the alarm off, to twice its time at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwatched:
    """What is told of kommuner that nobody watches; nothing personal."""

    kommuner: tuple[Kommune, ...]
    since: datetime
    why: Lack


@dataclass(slots=True)
class _Kommune:
    """What this process has seen of one kommune."""

    since: datetime | None = None
    """Since when nobody watches."""
    began: float = 0.0
    why: Lack = Lack.NO_DESK
    may_stand: bool = True
    """An alarm may stand in the database: of this process, of another, of an earlier run."""
    raised: bool = False


class Watching:
    """Raises one lasting alarm per kommune, and ends it; every process does, so that any may die."""

    def __init__(
        self,
        *,
        roll_call: RollCall,
        hub: Hub,
        clock: Clock,
        reports: OwnReports,
        file: Callable[[Report], None],
    ) -> None:
        """`file` is the durable path of alarms."""
        self._roll_call = roll_call
        self._clock = clock
        self._reports = reports
        self._file = file
        self._told: Callable[[list[Unwatched]], None] = lambda _unwatched: None
        self._after = hub.unwatched_after.total_seconds()
        self._kommuner = {kommune: _Kommune() for kommune in hub.kommuner}

    def tell(self, told: Callable[[list[Unwatched]], None]) -> None:
        """Have `told` hear at each look of all that lasts."""
        self._told = told

    async def look(self) -> None:
        """Look once; called every second."""
        desks = self._roll_call.living()
        blind = self._roll_call.is_blind
        with_database = self._roll_call.has_database
        for kommune, one in self._kommuner.items():
            missing = lack(kommune, desks, with_database=with_database)
            if missing is None:
                self._watched(kommune, one)
            else:
                self._unwatched(kommune, one, Lack.BLIND if blind else missing, desks)
        self._told(self.unwatched())

    def unwatched(self) -> list[Unwatched]:
        """Return what has been raised and lasts, by kommune."""
        return [
            Unwatched(kommuner=(kommune,), since=one.since, why=one.why)
            for kommune, one in self._kommuner.items()
            if one.raised and one.since is not None
        ]

    def _watched(self, kommune: Kommune, one: _Kommune) -> None:
        if one.raised:
            _log.warning("somebody watches over %s again", kommune)
        # Another process may have raised it and died since: an end that ends nothing does no harm.
        if one.may_stand or one.since is not None:
            self._say(kommune, one, active=False)
        self._kommuner[kommune] = _Kommune(may_stand=False)

    def _unwatched(
        self, kommune: Kommune, one: _Kommune, why: Lack, desks: Iterable[Presence]
    ) -> None:
        now = self._clock.monotonic()
        if one.since is None:
            one.since, one.began = self._clock.now(), now
        one.why = why
        lasts = now - one.began
        patience = self._after * (_GRACE if self._somebody_comes(kommune, desks) else 1)
        if one.raised or lasts < patience or self._is_seen_here(kommune):
            return
        one.raised = one.may_stand = True
        _log.warning("nobody watches over %s: %s", kommune, why)
        self._say(kommune, one, active=True)

    def _is_seen_here(self, kommune: Kommune) -> bool:
        """Whether the person it would be told to sits at this very desk, before the lamp that is down."""
        me = self._roll_call.me()
        return me.is_watched and kommune in me.kommuner

    def _somebody_comes(self, kommune: Kommune, desks: Iterable[Presence]) -> bool:
        now = self._clock.now()
        return any(
            (now - desk.started_at).total_seconds() < self._after and kommune in desk.kommuner
            for desk in desks
            if desk.kind is DeskKind.DESK
        )

    def _say(self, kommune: Kommune, one: _Kommune, *, active: bool) -> None:
        since = (one.since or self._clock.now()).isoformat(timespec="seconds")
        report = self._reports.report(
            Source.WATCH,
            Kind.EMERGENCY,
            NOBODY_WATCHES,
            f"{one.why} {since}" if active else "",
            (kommune, HUB),
            active=active,
        )
        self._file(report)


def level(kommune: Kommune) -> str:
    """Return the name of the lasting state that nobody watches over a kommune."""
    return level_of(Source.WATCH, (kommune, HUB), NOBODY_WATCHES)
