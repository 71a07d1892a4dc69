"""Calls to be made again: after so many minutes a desk rings and offers the number.

They are rows of the hub: a desk that is started again has them, and one that nobody sees to rings at
the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from workstation.application.changes import Watchers
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.phone_view import NoNumber, PhoneView
from workstation.application.ports import Clock
from workstation.domain.names import AlarmId, CitizenId, Kommune, Operator

_log = logging.getLogger(__name__)
AGAIN_IN: Final = tuple(timedelta(minutes=count) for count in (5, 10, 15, 30))
"""What an operator chooses from; the first when nothing else is said."""
ALONE_FOR: Final = timedelta(minutes=2)
"""How long a reminder that is due is its operator's alone; then it rings at every desk."""
KEPT_FOR: Final = timedelta(hours=24)
"""How long after its time it is forgotten by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Somebody who is to be called again at a time."""

    at: datetime
    target: str
    whom: str
    by: Operator
    """Who wanted it."""
    after: timedelta = AGAIN_IN[0]
    """How long it was to wait."""
    citizen: CitizenId | None = None
    alarm: AlarmId | None = None
    kommune: Kommune | None = None
    """Whose it is; None for somebody in no register."""

    @property
    def key(self) -> str:
        """What tells it from others: one reminder of an operator's for each number."""
        return f"{self.by} {self.target}"


class KeptReminders(Protocol):
    """What this needs of the database; each raises StoreUnavailable, `put` RowRefused as well."""

    async def put(self, reminder: Reminder) -> None:
        """Store it in the place of an earlier one of the same key."""
        ...

    async def forget(self, reminder: Reminder) -> None:
        """Delete it, unless another has taken its place."""
        ...

    async def listed(self) -> list[Reminder]:
        """Return all of the hub, the first due first."""
        ...


class _Sitting(Protocol):
    """What this needs of `Session`."""

    def who(self) -> Operator: ...
    def sees(self, kommune: Kommune | None) -> bool: ...


class Reminders:
    """Whom to call again, as whoever sits here is to hear it; on the loop only.

    While the database is away they live here, and are stored as soon as it is back.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        store: KeptReminders,
        session: _Sitting,
        kommune_of: Callable[[PhoneView], Kommune | None],
        run: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        """Empty until `refresh`; `run` does what nobody waits for."""
        self._clock = clock
        self._store = store
        self._session = session
        self._kommune_of = kommune_of
        self._run = run
        self._kept: dict[str, Reminder] = {}
        self._unsaved: dict[str, Reminder] = {}
        self._only_here: dict[str, Reminder] = {}
        self._over: dict[str, Reminder] = {}
        self._changed: Watchers[[]] = Watchers()

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change of what is kept."""
        self._changed.add(changed)

    def told_anew(self) -> None:
        """Tell whoever sits here now."""
        self._changed.tell()

    def is_mine(self, reminder: Reminder) -> bool:
        """Whether whoever sits here wanted it."""
        return reminder.by == self._session.who()

    def add(self, view: PhoneView, after: timedelta | None = None) -> Reminder:
        """Remind of whoever was called last, or called us; raises NoNumber where nobody was.

        Asked again without saying after how long, it is the next longer wait of `AGAIN_IN`.
        """
        if view.last_target is None:
            raise NoNumber
        after = after or self._longer(view.last_target)
        made = Reminder(
            at=self._clock.now() + after,
            target=view.last_target,
            whom=view.whom,
            by=self._session.who(),
            after=after,
            citizen=view.citizen,
            alarm=view.alarm,
            kommune=self._kommune_of(view),
        )
        self._kept[made.key] = self._unsaved[made.key] = made
        self._changed.tell()
        self._run(self._at_once())
        return made

    def _longer(self, target: str) -> timedelta:
        mine = (one for one in self._kept.values() if one.target == target and self.is_mine(one))
        kept = next(mine, None)
        if kept is None or kept.at <= self._clock.now():
            return AGAIN_IN[0]
        return next((one for one in AGAIN_IN if one > kept.after), AGAIN_IN[0])

    def due(self) -> tuple[Reminder, ...]:
        """Return those to ring for here now, the longest due first."""
        found = (one for one in self._kept.values() if self._rings(one))
        return tuple(sorted(found, key=lambda one: (one.at, one.key)))

    def _rings(self, one: Reminder) -> bool:
        overdue = self._clock.now() - one.at
        if overdue < timedelta() or not self._session.sees(one.kommune):
            return False
        return self.is_mine(one) or overdue >= ALONE_FOR

    def done(self, key: str) -> Reminder | None:
        """Forget one: it is being called, or is no longer wanted."""
        found = self._kept.pop(key, None)
        if found is not None:
            self._unsaved.pop(key, None)
            self._only_here.pop(key, None)
            self._over[key] = found
            self._run(self._at_once())
        self._changed.tell()
        return found

    async def refresh(self) -> None:
        """Store what could not be stored, and read all anew; raises StoreUnavailable."""
        await self._write()
        now = self._clock.now()
        listed = {one.key: one for one in await self._store.listed()}
        # What was done or asked for meanwhile is newer than what was read.
        known = {key: one for key, one in listed.items() if self._over.get(key) != one}
        for key, one in list(known.items()):
            if now - one.at > KEPT_FOR:
                self._over[key] = known.pop(key)
        before, self._kept = self._kept, known | self._only_here | self._unsaved
        if self._kept != before:
            self._changed.tell()

    async def _at_once(self) -> None:
        try:
            await self._write()
        except StoreUnavailable as error:
            _log.warning("a reminder waits for the database: %s", error.reason)

    async def _write(self) -> None:
        for key, one in list(self._over.items()):
            await self._store.forget(one)
            if self._over.get(key) == one:
                del self._over[key]
        for key, one in list(self._unsaved.items()):
            try:
                await self._store.put(one)
            except RowRefused as error:
                _log.warning("a reminder lives on this desk only: %s", error.reason)
                self._only_here[key] = one
            if self._unsaved.get(key) == one:
                del self._unsaved[key]
