"""The roll call: this process tells the hub that it lives, and knows who else does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from workstation.application.changes import Watchers
from workstation.application.errors import StoreUnavailable, WorldError
from workstation.application.facts import StoreState
from workstation.application.health import ALARMS, DATABASE, SOUND, DeskHealth, Works
from workstation.application.hub_clock import HubClock
from workstation.application.others import Announced, Others, PresenceStore, Roll
from workstation.application.ports import Hub
from workstation.application.session import Session
from workstation.domain.names import AlarmId
from workstation.domain.presence import (
    Attendance,
    DeskKind,
    DeskName,
    Presence,
    latest,
    living,
)

_log = logging.getLogger(__name__)
_GATHER_S: Final = 0.2
"""Several changes of one moment are told together."""
_AGAIN_S: Final = 1.0
_STUCK: Final = 2.5
"""Heartbeats after which a question that was not answered is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Which process this is."""

    desk: DeskName
    kind: DeskKind
    machine: str = ""
    version: str = ""


class RollCall:
    """Tells `me` at each heartbeat and at each change, and keeps the latest answer; on the loop only."""

    def __init__(
        self,
        *,
        seat: Seat,
        session: Session,
        store: PresenceStore,
        clock: HubClock,
        health: DeskHealth,
        hub: Hub,
    ) -> None:
        """Nothing is told until `keep` runs."""
        self.seat = seat
        self.lease = max(hub.lease, 3 * hub.heartbeat)
        self._session = session
        self._store = store
        self._clock = clock
        self._health = health
        self._kommuner = frozenset(hub.kommuner)
        self._beat = hub.heartbeat.total_seconds()
        self._started_at = clock.now()
        self._calling: AlarmId | None = None
        self._others = Others(clock, beat_s=self._beat, lease=self.lease)
        self._told: Presence | None = None
        self._wake = asyncio.Event()
        self._waiting: asyncio.Task[Roll] | None = None
        self._announce: Callable[[Presence], None] = lambda _me: None
        self._announced: tuple[Presence | None, float] = (None, 0.0)
        self._changed: Watchers[[]] = Watchers()
        session.watch(self.look)
        health.watch(self.look)

    def take(self, seat: Seat) -> None:
        """Be another process than the one it was made as; before `keep`."""
        self.seat = seat

    # --- What is told -----------------------------------------------------------------------------

    def me(self) -> Presence:
        """Return what this process says of itself now."""
        person = self._session.signed_in
        seated = person is not None or not self._session.guarded
        is_desk = self.seat.kind is DeskKind.DESK
        now = self._clock.now()
        return Presence(
            desk=self.seat.desk,
            kind=self.seat.kind,
            machine=self.seat.machine,
            started_at=self._started_at,
            seen_at=now,
            operator=self._session.who() if seated and is_desk else None,
            name=person.name if person is not None else "",
            role=person.role if person is not None else None,
            kommuner=self._kommuner if person is None else self._kommuner & person.kommuner,
            signed_in_since=person.at if person is not None else None,
            sound=self._works(SOUND),
            alarms=self._works(ALARMS),
            database=self._health.part(DATABASE).state is not Works.DOWN,
            version=self.seat.version,
            clock_offset=self._clock.offset,
            calling=self._calling,
        )

    def call_about(self, alarm: AlarmId | None) -> None:
        """Take what the operator is on the telephone about; None for nothing."""
        if alarm != self._calling:
            self._calling = alarm
            self.look()

    def announce_by(self, announce: Callable[[Presence], None]) -> None:
        """Announce each change, and every third heartbeat, at the broker as well."""
        self._announce = announce

    def announce(self) -> None:
        """Announce anew what is announced: the broker has forgotten it."""
        self._announced = (None, 0.0)
        self._tell_broker(self.me())

    def look(self) -> None:
        """Tell at once if anything changed that others want to know."""
        if _said(self.me()) != _said(self._told):
            self._wake.set()

    async def keep(self) -> None:
        """Tell again and again until cancelled."""
        while True:
            try:
                works = await self.call()
            except Exception:  # noqa: BLE001 - see below
                # Without a heartbeat this desk's operator loses what she has.
                _log.exception("a heartbeat failed")
                works = False
            # Not `wait_for`: woken and cancelled in one turn of the loop, it would lose the cancelling.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._beat if works else min(self._beat, _AGAIN_S)):
                    await self._wake.wait()
                await asyncio.sleep(_GATHER_S)
            self._wake.clear()

    async def call(self) -> bool:
        """Tell once and take the answer; False when the database does not answer."""
        me = self.me()
        self._told = me
        self._tell_broker(me)
        try:
            roll = await self._ask(me)
        except WorldError as error:
            self._others.failed()
            self._state(error)
            return False
        self._clock.measured(roll.trip)
        self._others.answered(roll)
        self._state(None)
        self._changed.tell()
        return True

    async def leave(self) -> None:
        """Say that this process ends in order; raises nothing."""
        me = self.me()
        with suppress(WorldError):
            if self._waiting is not None:
                await self._ask(me)
            await self._ask(replace(me, ended_at=me.seen_at, calling=None))

    async def _ask(self, me: Presence) -> Roll:
        """Return the answer; a question that hangs is not asked a second time."""
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_task(self._store.call(me))
            self._waiting.add_done_callback(_look_at)
        patience = max(_AGAIN_S, _STUCK * self._beat)
        done, _pending = await asyncio.wait({self._waiting}, timeout=patience)
        if not done:
            raise StoreUnavailable("stuck", seconds=f"{patience:.0f}")
        answered, self._waiting = self._waiting, None
        return answered.result()

    def _state(self, error: WorldError | None) -> None:
        now = self._clock.now()
        self._health.store(StoreState.of("presence", now, error))
        if error is None:
            off = self._clock.offset.total_seconds() if self._clock.is_off else 0.0
            self._health.clock(off=off, at=now)

    def _tell_broker(self, me: Presence) -> None:
        last, at = self._announced
        now = self._clock.monotonic()
        if _said(me) != _said(last) or now - at >= 3 * self._beat:
            self._announced = (me, now)
            self._announce(me)

    def _works(self, part: str) -> bool:
        return self._health.part(part).works

    # --- What is known ----------------------------------------------------------------------------

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every answer, and of what is heard at the broker."""
        self._changed.add(changed)

    def heard(self, fact: Announced) -> None:
        """Take what a desk said at the broker."""
        self._others.heard(fact)
        self._changed.tell()

    @property
    def has_database(self) -> bool:
        """Whether the database has answered a moment ago."""
        return self._others.has_database

    @property
    def is_blind(self) -> bool:
        """Whether neither database nor broker says who is there."""
        return not self.has_database and not self._works(ALARMS)

    def listed(self) -> list[Presence]:
        """Return what each process of the last day said last, this one first, then by name."""
        found = latest([*self._others.known(), self.me()])
        return sorted(found, key=lambda one: (one.desk != self.seat.desk, one.desk))

    def living(self) -> list[Presence]:
        """Return the processes that live, by name; this one among them."""
        others = filter(self._is_other, self._others.known())
        return living([*others, self.me()], self._clock.now(), self.lease)

    def attendance(self) -> Attendance:
        """Return when operators were last seen, as far as that is certain, and who telephones.

        It is not while the database does not answer, nor in the first lease behind that: nobody's
        heartbeat could be stored meanwhile.
        """
        others = [
            one if self._is_other(one) else replace(one, calling=None)
            for one in self._others.known()
        ]
        known = Attendance.of([*others, self.me()], self._clock.now(), self.lease)
        return known if self._others.is_certain else replace(known, seen={})

    def _is_other(self, presence: Presence) -> bool:
        return presence.desk != self.seat.desk


def _said(presence: Presence | None) -> Presence | None:
    """Return what is worth telling at once: not that time has passed."""
    if presence is None:
        return None
    return replace(presence, seen_at=presence.started_at, clock_offset=timedelta(0))


def _look_at(task: asyncio.Task[Roll]) -> None:
    """Look at a failure that nobody waits for any more."""
    if not task.cancelled() and isinstance(task.exception(), WorldError):
        _log.debug("a heartbeat failed: %r", task.exception())
